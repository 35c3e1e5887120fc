// Forced answers: `Prefer: code=409` or `Prefer: example=RestoreInProgress` gets that documented answer, and nothing happens.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ownValue } from '../sandbox/own.ts'
import type { Catalogue } from './errors.ts'
import { type Example, type Operation, operationIdOf } from './operations.ts'
import { type Preference, parsePrefer } from './prefer.ts'
import { sendProblem } from './problem.ts'
import { scopeOf } from './scope.ts'

export interface ForcingOptions {
  operations: ReadonlyMap<string, Operation>
  apis: readonly { name: string; dialect: { catalogue: Catalogue } }[]
  /** Takes preferences from the query as well. */
  fromQuery: boolean
}

/** The query parameter that stands for the header, percent-encoded. */
export const QUERY_TWIN = '__prefer'

/** What answers a request that asks for a documented answer, before anything else is checked, and says whether it has. */
export function forcedAnswers({ operations, apis, fromQuery }: ForcingOptions) {
  const catalogues = new Map(apis.map(({ name, dialect }) => [name, dialect.catalogue]))
  return (request: FastifyRequest, reply: FastifyReply): boolean => {
    const text = request.headers.prefer ?? (fromQuery ? queryTwin(request) : undefined)
    if (text === undefined) return false
    const wish = wishOf(parsePrefer([text].flat().join()))
    const operation = wish && operations.get(operationIdOf(request.routeOptions.schema) ?? '')
    if (!operation) return false
    const named = operation.examples.map(example => withCodes(example, catalogues.get(operation.api)))
    const found = named.find(each => meets(each, wish))
    if (found) force(request, reply, found.example, wish)
    else refuse(reply, operation, named, wish)
    return true
  }
}

function queryTwin({ query }: FastifyRequest): string | undefined {
  const text = (query as Record<string, unknown>)[QUERY_TWIN]
  return typeof text === 'string' ? text : undefined
}

interface Wish {
  code?: string
  example?: string
}

/** Each may be a preference of its own or a parameter of the other; of several the first counts. */
function wishOf(preferences: readonly Preference[]): Wish | undefined {
  const meant = preferences.filter(({ name }) => name === 'code' || name === 'example')
  const pairs = meant.flatMap(({ name, value, parameters }) => [[name, value] as const, ...parameters])
  const first = (wanted: string) => pairs.find(([name]) => name === wanted)?.[1]
  const [code, example] = [first('code'), first('example')]
  if (code === undefined && example === undefined) return undefined
  return { ...(code === undefined ? {} : { code }), ...(example === undefined ? {} : { example }) }
}

interface Coded {
  example: Example
  /** What tells it apart from others: the vendor's own code where failures have status 200, else the status. */
  code: string
  /** All codes that mean it. */
  codes: readonly string[]
}

/** Examples of failures are named after their rows in the catalogue. */
function withCodes(example: Example, catalogue: Catalogue | undefined): Coded {
  const { name, status } = example
  const row = catalogue && ownValue(catalogue.rows, name)
  const own = row?.code === undefined ? [] : [String(row.code)]
  const codes = row && status < 400 ? own : [String(status), ...own]
  return { example, code: codes[0] ?? String(status), codes }
}

function meets({ example, codes }: Coded, wish: Wish): boolean {
  return (wish.example ?? example.name) === example.name && (wish.code === undefined || codes.includes(wish.code))
}

function force(request: FastifyRequest, reply: FastifyReply, example: Example, wish: Wish): void {
  scopeOf(request).forced = example.name
  reply.code(example.status).type(example.mediaType).header('preference-applied', preferenceText(wish))
  reply.send(JSON.stringify(example.value))
}

function refuse(reply: FastifyReply, { id }: Operation, known: readonly Coded[], wish: Wish): void {
  const answers = known.map(({ example, code }) => preferenceText({ code, example: example.name }))
  const detail = `${id} documents no answer for Prefer: ${preferenceText(wish)}. It does for: ${answers.join('; ')}.`
  scopeOf(reply.request).failure = { name: 'NoSuchAnswer', check: 'forced', message: detail, details: [] }
  sendProblem(reply, {
    status: 400,
    title: 'No such documented answer',
    detail,
    answers: known.map(({ example, code }) => ({ code, example: example.name })),
  })
}

const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/

function preferenceText(wish: Wish): string {
  const quoted = (text: string) => (TOKEN.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`)
  return Object.entries(wish)
    .map(([name, value]) => `${name}=${quoted(value)}`)
    .join(', ')
}
