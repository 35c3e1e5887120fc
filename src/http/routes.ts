// The properties of each route: collected once, when the route is added, because a request needs them several times.
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import type { SecretMarks } from '../sandbox/journal/entry.ts'
import { type MarkedSchema, type SecuritySchemes, secretMarksOf } from './journal/secret-marks.ts'

export interface Route {
  /** Whether something is served here; false for a route that only rejects a wrong method, and where no route matches. */
  isServed: boolean
  /** Whether it belongs to the server itself or to the control API, not to one of the APIs. */
  isForServer: boolean
  /** The operation that it serves, and the API of that operation. */
  operationId: string | undefined
  api: string | undefined
  /** What its schemas mark as secret; undefined where `isForServer`. */
  readonly secretMarks: SecretMarks | undefined
}

declare module 'fastify' {
  interface FastifyContextConfig {
    route?: Route
  }
}

interface DescribedSchema extends MarkedSchema {
  operationId?: string
  tags?: readonly string[]
  refusal?: boolean
  own?: boolean
}

/** Marks a route that only rejects a wrong method. */
export const REFUSAL = { hide: true, refusal: true }

/** Marks a route of the server itself, whose requests are not recorded in the journal. */
export const OWN = { hide: true, own: true }

/** Where no route matches. */
export const NO_ROUTE: Route = {
  isServed: false,
  isForServer: false,
  operationId: undefined,
  api: undefined,
  secretMarks: undefined,
}

/** Collects this of the routes that are added from now on. `isControl`: whether a path belongs to the control API. */
export function collectRoutes(
  app: FastifyInstance,
  isControl: (url: string) => boolean,
  securitySchemes: SecuritySchemes,
): void {
  app.addHook('onRoute', (options: RouteOptions) => {
    const schema = (options.schema ?? {}) as DescribedSchema
    const isForServer = schema.own === true || isControl(options.url)
    let secretMarks: SecretMarks | undefined
    const route: Route = {
      isServed: schema.refusal !== true,
      isForServer,
      operationId: schema.operationId,
      api: schema.tags?.[0],
      // Collected with the first request for the route: doing it for all of them would delay the start.
      get secretMarks() {
        if (!isForServer) secretMarks ??= secretMarksOf(schema, securitySchemes)
        return secretMarks
      },
    }
    options.config = { ...options.config, route }
  })
}

/** Call it once for each request: Fastify creates a new object each time `routeOptions` is read. */
export function routeOf({ routeOptions }: FastifyRequest): Route {
  return routeOptions.config?.route ?? NO_ROUTE
}
