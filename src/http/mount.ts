// Mounts an API at one of its base paths: everything below it is answered in the API's own error format.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyPluginCallback,
  FastifyReply,
  FastifyRequest,
  RawServerDefault,
} from 'fastify'
import { routePrefix } from './base-path.ts'
import { sendDeferred } from './deferred.ts'
import type { ReportUnexpected } from './errors.ts'
import { type ErrorFormat, installFailures, refuseEarly, watchMethods } from './failures.ts'
import { findScope } from './scope.ts'
import { type TypeBoxProvider, validatorCompiler } from './validation.ts'

export type TypedApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxProvider
>

export interface Mount {
  /** The documented base path, with parameters in braces. */
  basePath: string
  /** A host whose requests are routed as if their paths began with the base path. */
  host?: string
  errorFormat: ErrorFormat
  /** Runs for every request below the base path, even if no route matches. Throws to reject it; returns the reply if it has sent one. */
  guard?(request: FastifyRequest, reply: FastifyReply): unknown
  /**
   * Checks the credentials of every request that has reached a sandbox, once; what it returns becomes the scope's `principal`.
   * Throws when they are not valid.
   */
  authenticate?(request: FastifyRequest): unknown
  /** Bodies are forms: values are text and are coerced. */
  formBodies?: boolean
  /** A missing or empty body counts as `{}`. */
  emptyBodies?: boolean
  routes(app: TypedApp): void
}

export function mount(app: FastifyInstance, report: ReportUnexpected, options: Mount): void {
  const plugin: FastifyPluginCallback = (instance, _options, done) => {
    const { errorFormat, formBodies = false, emptyBodies = false } = options
    instance.setValidatorCompiler(validatorCompiler({ coerceBody: formBodies }))
    if (emptyBodies) fillEmptyBodies(instance)
    // With its text parser, Fastify would report the structure of a text body instead of its unsupported media type.
    instance.removeContentTypeParser('text/plain')
    installFailures(instance, errorFormat, report)
    instance.addHook('onRequest', (request, reply, done) => {
      if (options.guard?.(request, reply) === reply) return
      const scope = findScope(request)
      if (scope && options.authenticate) {
        scope.trace.enter('authentication')
        scope.principal = options.authenticate(request)
      }
      scope?.trace.enter('parameters')
      // The path is unknown, even if the body is also invalid.
      if (request.is404)
        refuseEarly(errorFormat, request, errorFormat.catalogue.error(errorFormat.catalogue.conditions.unknownPath))
      done()
    })
    const answerWrongMethods = watchMethods(instance, errorFormat)
    options.routes(instance.withTypeProvider<TypeBoxProvider>())
    if (errorFormat.readsBodies) sendDeferred(instance)
    answerWrongMethods()
    done()
  }
  app.register(plugin, { prefix: routePrefix(options.basePath) })
}

/** Fastify's error says only that the body is not valid JSON; its cause then says why. */
function withReason(error: Error, body: string): Error {
  try {
    JSON.parse(body)
    error.cause = new Error('the keys "__proto__" and "constructor.prototype" are refused')
  } catch (cause) {
    error.cause = cause
  }
  return error
}

/** By default Fastify rejects an empty JSON body, and passes a missing body to the validator as null. */
function fillEmptyBodies(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body: string, done) =>
    body === ''
      ? done(null, {})
      : parseJson(request, body, (error, value) => done(error && withReason(error, body), value)),
  )
  app.addHook('preValidation', (request, _reply, done) => {
    if (request.body === undefined) request.body = {}
    done()
  })
}
