// Turns every failure below a mount into an error of its catalogue, which its error format renders.
import type {} from '@fastify/swagger'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { StoreError } from '../sandbox/store-error.ts'
import { type Deferred, defer, takeDeferred } from './deferred.ts'
import { ApiError, type Catalogue, type Condition, type ReportUnexpected } from './errors.ts'
import type { Example } from './operations.ts'
import { REFUSAL } from './routes.ts'
import { findScope } from './scope.ts'

export interface ErrorFormat {
  catalogue: Catalogue
  /** The response body in the vendor's shape, also for errors outside of a request. */
  body(error: ApiError): object
  /** The media type of `body`; JSON when left out. */
  mediaType?: string
  /** Translates an error that is neither an ApiError nor Fastify's; undefined if it is unknown. */
  translate?(error: unknown): ApiError | undefined
  /** Sends the error in the vendor's shape. */
  render(error: ApiError, request: FastifyRequest, reply: FastifyReply): unknown
  /** Sends a documented answer in the format that the request asks for; without it, it is sent as JSON. */
  show?(example: Example, request: FastifyRequest, reply: FastifyReply): unknown
  /** The format depends on the request body: errors that are found before it is read are sent after it. */
  readsBodies?: boolean
}

/** A request that is refused before it reaches an API. Without a message, the catalogue's message is sent. */
export class RequestProblem extends Error {
  readonly condition: Condition

  constructor(condition: Condition, message = '') {
    super(message)
    this.condition = condition
  }
}

const REQUEST_TIMEOUT = 'ERR_HTTP_REQUEST_TIMEOUT'

const CONDITION_OF_CODE: Record<string, Condition> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupportedMediaType',
  FST_ERR_CTP_BODY_TOO_LARGE: 'bodyTooLarge',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformedBody',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformedBody',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformedBody',
  FST_ERR_ROUTE_MISSING_CONTENT: 'malformedBody',
  FST_ERR_ROUTE_MISSING_CONTENT_TYPE: 'unsupportedMediaType',
  // The client disconnected while it was sending.
  ECONNRESET: 'malformedBody',
  [REQUEST_TIMEOUT]: 'malformedBody',
  FST_ERR_BAD_URL: 'unknownPath',
  FST_ERR_MAX_PARAM_LENGTH: 'unknownPath',
  FST_ERR_ASYNC_CONSTRAINT: 'unknownPath',
}

/** Whether the request body could not be read, which is the client's fault. */
export function isBodyFailure(error: Error): boolean {
  if (!('code' in error)) return false
  const code = String(error.code)
  return code === REQUEST_TIMEOUT || /^(FST_ERR_CTP_|FST_ERR_ROUTE_MISSING_CONTENT|HPE_|ECONNRESET$)/.test(code)
}

/** The error to respond with, for any thrown value. */
export function toApiError(error: unknown, { catalogue, translate }: ErrorFormat): ApiError {
  if (error instanceof ApiError) return error
  if (error instanceof RequestProblem) {
    const { condition, message } = error
    return catalogue.error(catalogue.conditions[condition], message === '' ? {} : { message, details: [message] })
  }
  // Without a cause, so it is not reported as unexpected: the message names the file and the reason.
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

/** Describes the parts of a request that do not fit the schemas of its route. */
export function describeInvalid(validation: NonNullable<FastifyError['validation']>) {
  const problems = validation.map(({ instancePath, message = '' }) => ({ field: instancePath.slice(1), message }))
  return {
    details: problems.map(({ message }) => message),
    fields: Object.fromEntries(problems.map(({ field, message }) => [field, message])),
  }
}

function conditionOf(code = ''): Condition | undefined {
  // Node's parser: the chunks of the body are malformed.
  return code.startsWith('HPE_') ? 'malformedBody' : CONDITION_OF_CODE[code]
}

function asFastifyError(error: unknown): Pick<FastifyError, 'validation' | 'code' | 'message'> {
  return error instanceof Error ? (error as FastifyError) : { code: '', message: String(error) }
}

/** Renders unknown paths and failures below a mount in its error format. Call it before the routes are added. */
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
    // An error that was found before the body was read takes precedence.
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
 * Answers wrong methods with 405 and `Allow`, where Fastify answers 404. Call it before the routes are added, and the returned
 * function after them.
 */
export function watchMethods(app: FastifyInstance, errorFormat: ErrorFormat): () => void {
  const { catalogue } = errorFormat
  const methodsOf = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ url: routeUrl, method }: RouteOptions) => {
    // Fastify serves a route at the base path with and without a slash at the end, and reports the two forms differently.
    const url = routeUrl === `${app.prefix}/` ? app.prefix : routeUrl
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
        // The method is wrong, even if the body is also invalid.
        onRequest(request, _reply, done) {
          refuseEarly(errorFormat, request, catalogue.error(catalogue.conditions.wrongMethod, { headers: { allow } }))
          done()
        },
        handler: () => undefined,
      })
    }
  }
}
