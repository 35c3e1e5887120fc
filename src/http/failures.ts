// Everything that can go wrong in a room becomes an ApiError of that room's catalogue and is rendered by the room alone.
import type {} from '@fastify/swagger'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { ApiError, type Catalogue, type Condition } from './errors.ts'

export interface Dialect {
  catalogue: Catalogue
  /** The room's words for errors that are neither its own nor Fastify's; undefined for what it does not know. */
  translate?(error: unknown): ApiError | undefined
  /** Sends the error in the vendor's shape: the only place that knows it. */
  render(error: ApiError, request: FastifyRequest, reply: FastifyReply): unknown
}

/** Called with what nobody foresaw; the client is never told its message. */
export type ReportUnexpected = (error: unknown, request: { method: string; url: string }) => void

const CONDITION_OF_CODE: Record<string, Condition> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupportedMediaType',
  FST_ERR_CTP_BODY_TOO_LARGE: 'bodyTooLarge',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformedBody',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformedBody',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformedBody',
  FST_ERR_BAD_URL: 'unknownPath',
  FST_ERR_MAX_PARAM_LENGTH: 'unknownPath',
  FST_ERR_ASYNC_CONSTRAINT: 'unknownPath',
}

export function toApiError(error: FastifyError | Error, { catalogue, translate }: Dialect): ApiError {
  if (error instanceof ApiError) return error
  if ('validation' in error && error.validation) {
    const details = error.validation.map(({ message }) => message ?? error.message)
    return catalogue.error(catalogue.conditions.invalidInput, { message: details[0] ?? error.message, details })
  }
  const condition = 'code' in error ? CONDITION_OF_CODE[error.code] : undefined
  if (condition) return catalogue.error(catalogue.conditions[condition], { cause: error })
  return translate?.(error) ?? catalogue.error(catalogue.conditions.unexpected, { cause: error })
}

/** Call it in the room's plugin before any route: unknown paths, wrong methods and failures below it speak its dialect. */
export function installFailures(app: FastifyInstance, dialect: Dialect, report: ReportUnexpected): void {
  const { catalogue } = dialect
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const apiError = toApiError(error, dialect)
    if (apiError.errorName === catalogue.conditions.unexpected && apiError.cause !== undefined) {
      report(apiError.cause, { method: request.method, url: request.url })
    }
    return dialect.render(apiError, request, reply)
  })
  app.setNotFoundHandler(() => {
    throw catalogue.error(catalogue.conditions.unknownPath)
  })
}

/**
 * Answers 405 with `Allow` where Fastify would say 404: call it in the room's plugin before the routes; what it returns
 * adds the answers and is called after them.
 */
export function watchMethods(app: FastifyInstance, { catalogue }: Dialect): () => void {
  const methodsOf = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ url, method }: RouteOptions) => {
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
        schema: { hide: true },
        exposeHeadRoute: false,
        // Before the body is read: nothing in it could make the method right.
        onRequest: () => {
          throw catalogue.error(catalogue.conditions.wrongMethod, { headers: { allow } })
        },
        handler: () => undefined,
      })
    }
  }
}
