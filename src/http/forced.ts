// Forced answers: `Prefer: code=409` or `Prefer: example=RestoreInProgress` gets that documented answer, and nothing happens.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Archive } from '../archives/archive.ts'
import { ownValue } from '../sandbox/own.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { defer } from './deferred.ts'
import type { Catalogue } from './errors.ts'
import { sendExampleDownload } from './example-download.ts'
import type { ErrorFormat } from './failures.ts'
import { negotiate } from './negotiate.ts'
import { type Example, type Operation, operationIdOf } from './operations.ts'
import { type Preference, parsePrefer } from './prefer.ts'
import { sendProblem } from './problem.ts'
import { scopeOf } from './scope.ts'

export interface ForcingOptions {
  operations: ReadonlyMap<string, Operation>
  apis: readonly ForcedApi[]
  /** Takes preferences from the query as well. */
  fromQuery: boolean
}

interface ForcedApi {
  name: string
  errorFormat: ErrorFormat
  archiveAt?(sandbox: Sandbox, url: string): Promise<Archive>
}

/** The query parameter that stands for the header, percent-encoded. */
export const QUERY_TWIN = '__prefer'

/** Answers a request that asks for a documented answer, before anything else is checked, and says whether it does so. */
export function forcedAnswers({ operations, apis, fromQuery }: ForcingOptions) {
  const byName = new Map(apis.map(api => [api.name, api]))
  return (request: FastifyRequest, reply: FastifyReply, next: (error?: Error) => void): boolean => {
    const text = request.headers.prefer ?? (fromQuery ? queryTwin(request) : undefined)
    if (text === undefined) return false
    const wish = wishOf(parsePrefer([text].flat().join()))
    const operation = wish && operations.get(operationIdOf(request.routeOptions.schema) ?? '')
    const api = operation && byName.get(operation.api)
    if (!api) return false
    const named = operation.examples.map(example => withCodes(example, api.errorFormat.catalogue))
    const found = chosen(
      named.filter(each => meets(each, wish)),
      request,
    )
    if (!found) {
      refuse(reply, operation, named, wish)
      return true
    }
    const { trace } = scopeOf(request)
    trace.forced = found.example.name
    trace.takeOver('forced')
    if (api.errorFormat.readsBodies) {
      defer(request, (request, reply) => force(request, reply, { example: found.example, wish, api }))
      next()
    } else {
      force(request, reply, { example: found.example, wish, api })?.catch(next)
    }
    return true
  }
}

/** The one in the media type that the client wants most, where that makes a difference. */
function chosen(found: readonly Coded[], { headers }: FastifyRequest): Coded | undefined {
  const types = found.map(({ example }) => example.mediaType)
  const type = new Set(types).size > 1 ? negotiate(headers.accept, types) : undefined
  return found.find(({ example }) => example.mediaType === type) ?? found[0]
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
function withCodes(example: Example, catalogue: Catalogue): Coded {
  const { name, status } = example
  const row = ownValue(catalogue.rows, name)
  const own = row?.code === undefined ? [] : [String(row.code)]
  const codes = row && status < 400 ? own : [String(status), ...own]
  return { example, code: codes[0] ?? String(status), codes }
}

function meets({ example, codes }: Coded, wish: Wish): boolean {
  return (wish.example ?? example.name) === example.name && (wish.code === undefined || codes.includes(wish.code))
}

interface Forced {
  example: Example
  wish: Wish
  api: ForcedApi
}

/** A promise only of what takes time. */
function force(
  request: FastifyRequest,
  reply: FastifyReply,
  { example, wish, api }: Forced,
): Promise<unknown> | undefined {
  const scope = scopeOf(request)
  reply.code(example.status).header('preference-applied', preferenceText(wish))
  const { status, mediaType, value } = example
  if (value === undefined) {
    const archiveAt = async () => api.archiveAt?.(scope.sandbox, request.url)
    return sendExampleDownload(request, reply, { status, mediaType, archiveAt })
  }
  if (api.errorFormat.show) api.errorFormat.show(example, request, reply)
  else reply.type(mediaType).send(JSON.stringify(value))
  return undefined
}

function refuse(reply: FastifyReply, { id }: Operation, known: readonly Coded[], wish: Wish): void {
  const answers = known.map(({ example, code }) => preferenceText({ code, example: example.name }))
  const detail = `${id} documents no answer for Prefer: ${preferenceText(wish)}. It does for: ${answers.join('; ')}.`
  scopeOf(reply.request).trace.fail({ errorName: 'NoSuchAnswer', message: detail, details: [] })
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
