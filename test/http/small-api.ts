// A small API with an error format of its own, to test what src/http does for every API.
import Fastify, { type FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import { type ApiError, defineCatalogue } from '../../src/http/errors.ts'
import type { ErrorFormat } from '../../src/http/failures.ts'
import { type Mount, mount, type TypedApp } from '../../src/http/mount.ts'

export const catalogue = defineCatalogue(
  {
    Malformed: { status: 400, message: 'cannot be read', mark: 'inferred' },
    Invalid: { status: 422, message: 'does not fit', mark: 'inferred' },
    Unauthenticated: { status: 401, message: 'not authenticated', mark: 'inferred' },
    Nowhere: { status: 404, message: 'not here', mark: 'inferred' },
    NotSo: { status: 405, message: 'not that way', mark: 'inferred' },
    Taken: { status: 409, code: 7, message: 'taken', mark: 'inferred' },
    TooMuch: { status: 413, message: 'too much', mark: 'inferred' },
    NotThat: { status: 415, message: 'not that type', mark: 'inferred' },
    NotThis: { status: 417, message: 'not this', mark: 'inferred' },
    TooLong: { status: 431, message: 'too long', mark: 'inferred' },
    Stopping: { status: 503, message: 'stopping', mark: 'inferred' },
    Broken: { status: 500, message: 'something broke', mark: 'inferred' },
  },
  {
    malformedBody: 'Malformed',
    unsupportedMediaType: 'NotThat',
    bodyTooLarge: 'TooMuch',
    invalidInput: 'Invalid',
    unknownPath: 'Nowhere',
    wrongMethod: 'NotSo',
    expectationFailed: 'NotThis',
    headTooLarge: 'TooLong',
    unavailable: 'Stopping',
    unexpected: 'Broken',
  },
)

function body({ errorName, message, details }: ApiError): object {
  return { oops: errorName, message, details }
}

export const errorFormat: ErrorFormat = {
  catalogue,
  body,
  render: (error, _request, reply) => reply.code(error.row.status).headers(error.headers).send(body(error)),
}

export interface SmallApi {
  app: FastifyInstance
  /** What was reported as unexpected. */
  reported: { error: unknown; method: string; url: string }[]
}

/** A server with one API at /small, closed when the test ends. */
export async function openSmallApi(
  t: Test,
  routes: (app: TypedApp) => void,
  more: Partial<Mount> & { before?: (app: FastifyInstance) => void } = {},
): Promise<SmallApi> {
  const reported: SmallApi['reported'] = []
  const app = Fastify({ bodyLimit: 1000 })
  t.teardown(() => app.close())
  const { before, ...mountOptions } = more
  before?.(app)
  mount(app, (error, request) => reported.push({ error, ...request }), {
    basePath: '/small',
    errorFormat,
    routes,
    ...mountOptions,
  })
  await app.ready()
  return { app, reported }
}
