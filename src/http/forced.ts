// Forced responses: `Prefer: code=409` or `Prefer: example=RestoreInProgress` selects a documented response; the operation does not run.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ownValue } from '../sandbox/own.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { defer } from './deferred.ts'
import type { DownloadedFile } from './download.ts'
import type { Catalogue } from './errors.ts'
import { sendExampleDownload } from './example-download.ts'
import type { ErrorFormat } from './failures.ts'
import { negotiate } from './negotiate.ts'
import type { Example, Operation, Operations } from './operations.ts'
import { type Preference, parsePrefer } from './prefer.ts'
import { sendProblem } from './problem.ts'
import { scopeOf } from './scope.ts'

export interface ForcingOptions {
  operations: Operations
  apis: readonly ForcedApi[]
  /** Whether preferences are also read from the query. */
  fromQuery: boolean
}

interface ForcedApi {
  name: string
  errorFormat: ErrorFormat
  fileAt?(sandbox: Sandbox, url: string): Promise<DownloadedFile>
}

/** The query parameter with the same content as the Prefer header. */
export const PREFER_PARAMETER = '__prefer'

/** Returns a function that responds if a request asks for a documented response, before any other check, and returns whether it did. */
export function forcedAnswers({ operations, apis, fromQuery }: ForcingOptions) {
  const byName = new Map(apis.map(api => [api.name, api]))
  return (request: FastifyRequest, reply: FastifyReply, next: (error?: Error) => void): boolean => {
    const text = request.headers.prefer ?? (fromQuery ? preferParameter(request) : undefined)
    if (text === undefined) return false
    const wanted = preferencesOf(parsePrefer([text].flat().join()))
    const operation = wanted && operations.get(scopeOf(request).route.operationId ?? '')
    const api = operation && byName.get(operation.api)
    if (!api) return false
    const named = operation.examples.map(example => withCodes(example, api.errorFormat.catalogue))
    const found = preferredOf(
      named.filter(each => matches(each, wanted)),
      request,
    )
    if (!found) {
      refuse(reply, operation, named, wanted)
      return true
    }
    const { trace } = scopeOf(request)
    trace.forced = found.example.name
    trace.takeOver('forced')
    if (api.errorFormat.readsBodies) {
      defer(request, (request, reply) => force(request, reply, { example: found.example, wanted, api }))
      next()
    } else {
      force(request, reply, { example: found.example, wanted, api })?.catch(next)
    }
    return true
  }
}

/** The example in the media type that the client prefers; the first one when all have the same type. */
function preferredOf(found: readonly CodedExample[], { headers }: FastifyRequest): CodedExample | undefined {
  const types = found.map(({ example }) => example.mediaType)
  const type = new Set(types).size > 1 ? negotiate(headers.accept, types) : undefined
  return found.find(({ example }) => example.mediaType === type) ?? found[0]
}

function preferParameter({ query }: FastifyRequest): string | undefined {
  const text = (query as Record<string, unknown>)[PREFER_PARAMETER]
  return typeof text === 'string' ? text : undefined
}

/** The response that the client asks for. */
interface Wanted {
  code?: string
  example?: string
}

/** `code` and `example` may be separate preferences or one a parameter of the other. Of several values the first is used. */
function preferencesOf(preferences: readonly Preference[]): Wanted | undefined {
  const relevant = preferences.filter(({ name }) => name === 'code' || name === 'example')
  const pairs = relevant.flatMap(({ name, value, parameters }) => [[name, value] as const, ...parameters])
  const first = (key: string) => pairs.find(([name]) => name === key)?.[1]
  const [code, example] = [first('code'), first('example')]
  if (code === undefined && example === undefined) return undefined
  return { ...(code === undefined ? {} : { code }), ...(example === undefined ? {} : { example }) }
}

interface CodedExample {
  example: Example
  /** The code listed for the example: the vendor's own code where errors have status 200, else the status. */
  code: string
  /** All codes that select the example. */
  codes: readonly string[]
}

/** Examples of errors have the names of their rows in the catalogue. */
function withCodes(example: Example, catalogue: Catalogue): CodedExample {
  const { name, status } = example
  const row = ownValue(catalogue.rows, name)
  const own = row?.code === undefined ? [] : [String(row.code)]
  const codes = row && status < 400 ? own : [String(status), ...own]
  return { example, code: codes[0] ?? String(status), codes }
}

function matches({ example, codes }: CodedExample, wanted: Wanted): boolean {
  return (wanted.example ?? example.name) === example.name && (wanted.code === undefined || codes.includes(wanted.code))
}

interface Forced {
  example: Example
  wanted: Wanted
  api: ForcedApi
}

/** Returns a promise for downloads only. */
function force(
  request: FastifyRequest,
  reply: FastifyReply,
  { example, wanted, api }: Forced,
): Promise<unknown> | undefined {
  const scope = scopeOf(request)
  reply.code(example.status).header('preference-applied', preferenceText(wanted))
  const { status, mediaType, value } = example
  if (value === undefined) {
    const fileAt = async () => api.fileAt?.(scope.sandbox, request.url)
    return sendExampleDownload(request, reply, { status, mediaType, fileAt })
  }
  if (api.errorFormat.show) api.errorFormat.show(example, request, reply)
  else reply.type(mediaType).send(JSON.stringify(value))
  return undefined
}

function refuse(reply: FastifyReply, { id }: Operation, known: readonly CodedExample[], wanted: Wanted): void {
  const answers = known.map(({ example, code }) => preferenceText({ code, example: example.name }))
  const detail = `${id} has no documented response for Prefer: ${preferenceText(wanted)}. It has: ${answers.join('; ')}.`
  scopeOf(reply.request).trace.fail({ errorName: 'NoSuchAnswer', message: detail, details: [] })
  sendProblem(reply, {
    status: 400,
    title: 'No such documented response',
    detail,
    answers: known.map(({ example, code }) => ({ code, example: example.name })),
  })
}

const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/

function preferenceText(wanted: Wanted): string {
  const quoted = (text: string) => (TOKEN.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`)
  return Object.entries(wanted)
    .map(([name, value]) => `${name}=${quoted(value)}`)
    .join(', ')
}
