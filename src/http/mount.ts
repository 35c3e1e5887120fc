// Opens a room under its base path: everything below it is answered in the room's own errorFormat.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyPluginCallback,
  FastifyReply,
  FastifyRequest,
  RawServerDefault,
} from 'fastify'
import { sendDeferred } from './deferred.ts'
import { type ErrorFormat, installFailures, type ReportUnexpected, refuseEarly, watchMethods } from './failures.ts'
import { findScope } from './scope.ts'
import { type TypeBoxProvider, validatorCompiler } from './validation.ts'

export type TypedApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxProvider
>

export interface MountOptions {
  /** The base path; it may hold parameters. */
  prefix: string
  errorFormat: ErrorFormat
  /** Sees every request below the base path, unknown ones included; throws when the caller may not; returns the reply when it answered itself. */
  guard?(request: FastifyRequest, reply: FastifyReply): unknown
  /** Likewise sees every request that has reached a sandbox, and checks its credentials there. */
  authenticate?(request: FastifyRequest): void
  /** The room's bodies are forms: values are text and are coerced. */
  formBodies?: boolean
  /** Every field of a body may be left out, and then so may the body: none, or an empty one, counts as `{}`. */
  emptyBodies?: boolean
  routes(app: TypedApp): void
}

export function mount(app: FastifyInstance, report: ReportUnexpected, room: MountOptions): void {
  const plugin: FastifyPluginCallback = (instance, _options, done) => {
    const { errorFormat, formBodies = false, emptyBodies = false } = room
    instance.setValidatorCompiler(validatorCompiler({ coerceBody: formBodies }))
    if (emptyBodies) fillEmptyBodies(instance)
    // Fastify would take any text for a body, and then complain about its shape and not about its type.
    instance.removeContentTypeParser('text/plain')
    installFailures(instance, errorFormat, report)
    instance.addHook('onRequest', (request, reply, done) => {
      if (room.guard?.(request, reply) === reply) return
      const scope = findScope(request)
      if (scope && room.authenticate) {
        room.authenticate(request)
        scope.isAuthenticated = true
      }
      // Nothing in the body could make the path right.
      if (request.is404)
        refuseEarly(errorFormat, request, errorFormat.catalogue.error(errorFormat.catalogue.conditions.unknownPath))
      done()
    })
    const answerWrongMethods = watchMethods(instance, errorFormat)
    room.routes(instance.withTypeProvider<TypeBoxProvider>())
    if (errorFormat.readsBodies) sendDeferred(instance)
    answerWrongMethods()
    done()
  }
  app.register(plugin, { prefix: room.prefix })
}

/** Fastify would refuse a body of no bytes as JSON, and would show the validator a missing body as null. */
function fillEmptyBodies(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body: string, done) =>
    body === '' ? done(null, {}) : parseJson(request, body, done),
  )
  app.addHook('preValidation', (request, _reply, done) => {
    if (request.body === undefined) request.body = {}
    done()
  })
}
