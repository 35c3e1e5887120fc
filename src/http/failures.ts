// Everything that can go wrong in a room becomes an ApiError of that room's catalogue and is rendered by the room alone.
import type {} from '@fastify/swagger'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { StoreError } from '../sandbox/store-error.ts'
import { type Deferred, defer, takeDeferred } from './deferred.ts'
import { ApiError, type Catalogue, type Condition } from './errors.ts'
import type { Example } from './operations.ts'
import { REFUSAL } from './routes.ts'
import { findScope } from './scope.ts'

export interface ErrorFormat {
  catalogue: Catalogue
  /** The error in the vendor's shape, as JSON: also where there is no request to answer. */
  body(error: ApiError): object
  /** Of `body`; JSON when left out. */
  mediaType?: string
  /** The room's words for errors that are neither its own nor Fastify's; undefined for what it does not know. */
  translate?(error: unknown): ApiError | undefined
  /** Sends the error in the vendor's shape. */
  render(error: ApiError, request: FastifyRequest, reply: FastifyReply): unknown
  /** Sends a documented answer in the format that the request asks for; without it, it is sent as JSON. */
  show?(example: Example, request: FastifyRequest, reply: FastifyReply): unknown
  /** The format depends on the body as well: what is decided before it has been read waits for it. */
  readsBodies?: boolean
}

/** What HTTP itself finds wrong with a request, before any API looks at it; without a message the catalogue's counts. */
export class RequestProblem extends Error {
  readonly condition: Condition

  constructor(condition: Condition, message = '') {
    super(message)
    this.condition = condition
  }
}

/** Called with what nobody foresaw; the client is never told its message. */
export type ReportUnexpected = (error: unknown, request: { method: string; url: string }) => void

const REQUEST_TIMEOUT = 'ERR_HTTP_REQUEST_TIMEOUT'

const CONDITION_OF_CODE: Record<string, Condition> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupportedMediaType',
  FST_ERR_CTP_BODY_TOO_LARGE: 'bodyTooLarge',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformedBody',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformedBody',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformedBody',
  FST_ERR_ROUTE_MISSING_CONTENT: 'malformedBody',
  FST_ERR_ROUTE_MISSING_CONTENT_TYPE: 'unsupportedMediaType',
  // The client went away while it was sending.
  ECONNRESET: 'malformedBody',
  [REQUEST_TIMEOUT]: 'malformedBody',
  FST_ERR_BAD_URL: 'unknownPath',
  FST_ERR_MAX_PARAM_LENGTH: 'unknownPath',
  FST_ERR_ASYNC_CONSTRAINT: 'unknownPath',
}

/** Did reading the body fail? Then nobody is to blame but the client. */
export function isBodyFailure(error: Error): boolean {
  if (!('code' in error)) return false
  const code = String(error.code)
  return code === REQUEST_TIMEOUT || /^(FST_ERR_CTP_|FST_ERR_ROUTE_MISSING_CONTENT|HPE_|ECONNRESET$)/.test(code)
}

/** Anything can be thrown. */
export function toApiError(error: unknown, { catalogue, translate }: ErrorFormat): ApiError {
  if (error instanceof ApiError) return error
  if (error instanceof RequestProblem) {
    const { condition, message } = error
    return catalogue.error(catalogue.conditions[condition], message === '' ? {} : { message, details: [message] })
  }
  // Foreseen, hence without a cause to report: the message says which file and why, and that is all there is to know.
  if (error instanceof StoreError) {
    const message = `A data file cannot be used: ${error.message}.`
    return catalogue.error(catalogue.conditions.unexpected, { message, details: [message] })
  }
  const { validation, code, message } = asFastifyError(error)
  if (validation) {
    const problems = describeInvalid(validation)
    return catalogue.error(catalogue.conditions.invalidInput, { message: problems.details[0] ?? message, ...problems })
  }
  const condition = conditionOf(code)
  const extra = code === REQUEST_TIMEOUT ? { message: 'The body did not arrive in time.' } : {}
  const translated = translate?.(error)
  if (translated) return translated
  return condition
    ? catalogue.error(catalogue.conditions[condition], { ...extra, cause: error })
    : catalogue.error(catalogue.conditions.unexpected, { cause: error })
}

/** What the schemas of a route find wrong with a request. */
export function describeInvalid(validation: NonNullable<FastifyError['validation']>) {
  const problems = validation.map(({ instancePath, message = '' }) => ({ field: instancePath.slice(1), message }))
  return {
    details: problems.map(({ message }) => message),
    fields: Object.fromEntries(problems.map(({ field, message }) => [field, message])),
  }
}

function conditionOf(code = ''): Condition | undefined {
  // Of Node's parser: the chunks of a body are none.
  return code.startsWith('HPE_') ? 'malformedBody' : CONDITION_OF_CODE[code]
}

function asFastifyError(error: unknown): Pick<FastifyError, 'validation' | 'code' | 'message'> {
  return error instanceof Error ? (error as FastifyError) : { code: '', message: String(error) }
}

/** Call it in the room's plugin before any route: unknown paths, wrong methods and failures below it speak its errorFormat. */
export function installFailures(app: FastifyInstance, errorFormat: ErrorFormat, report: ReportUnexpected): void {
  const { catalogue } = errorFormat
  const answerError = (error: unknown, request: FastifyRequest, reply: FastifyReply): unknown => {
    const apiError = toApiError(error, errorFormat)
    if (apiError.errorName === catalogue.conditions.unexpected && apiError.cause !== undefined) {
      report(apiError.cause, { method: request.method, url: request.url })
    }
    findScope(request)?.trace.fail(apiError)
    return errorFormat.render(apiError, request, reply)
  }
  app.setErrorHandler((error: unknown, request, reply) => {
    // Decided before the body turned out to be unreadable.
    const decided = takeDeferred(request)
    return decided ? answerDecided(decided, request, reply) : answerError(error, request, reply)
  })
  async function answerDecided(decided: Deferred, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    try {
      await decided(request, reply)
      return reply
    } catch (error) {
      return answerError(error, request, reply)
    }
  }
  app.setNotFoundHandler(() => {
    throw catalogue.error(catalogue.conditions.unknownPath)
  })
}

/** Refuses a request for its path or method before its body is read, unless the format of the response depends on the body. */
export function refuseEarly({ readsBodies = false }: ErrorFormat, request: FastifyRequest, error: ApiError): void {
  const refuse = () => {
    findScope(request)?.trace.enter('routing')
    throw error
  }
  if (readsBodies) defer(request, refuse)
  else refuse()
}

/**
 * Answers 405 with `Allow` where Fastify would say 404: call it in the room's plugin before the routes; what it returns
 * adds the answers and is called after them.
 */
export function watchMethods(app: FastifyInstance, errorFormat: ErrorFormat): () => void {
  const { catalogue } = errorFormat
  const methodsOf = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ url: told, method }: RouteOptions) => {
    // A route at the base path is there with and without a slash at the end, of which not everything is told.
    const url = told === `${app.prefix}/` ? app.prefix : told
    const methods = methodsOf.get(url) ?? new Set()
    for (const each of [method].flat()) methods.add(each)
    methodsOf.set(url, methods)
  })
  return () => {
    for (const [url, methods] of [...methodsOf]) {
      const allow = [...methods].sort().join(', ')
      app.route({
        url: url.slice(app.prefix.length) || '/',
        method: app.supportedMethods.filter(method => !methods.has(method)),
        schema: REFUSAL,
        exposeHeadRoute: false,
        // Nothing in the body could make the method right.
        onRequest(request, _reply, done) {
          refuseEarly(errorFormat, request, catalogue.error(catalogue.conditions.wrongMethod, { headers: { allow } }))
          done()
        },
        handler: () => undefined,
      })
    }
  }
}
