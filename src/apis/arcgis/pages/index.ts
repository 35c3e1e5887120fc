// arcgis: what a route keeps in its configuration to show its responses as pages.
import type { FastifyRequest } from 'fastify'
import type { ArcgisError } from '../../../../schemas/arcgis.ts'
import type { Page } from '../../../http/html.ts'
import type { Frame } from '../frame.ts'
import type { FormState } from './form.ts'

export interface RoutePages {
  /** The page for a response. */
  answer(frame: Frame, value: object, request: FastifyRequest): Page
  /** The form of an operation, after it was submitted and failed. */
  failed?(frame: Frame, state: FormState, failure: ArcgisError): Page
}

declare module 'fastify' {
  interface FastifyContextConfig {
    arcgisPages?: RoutePages
    /** Whether the route is served while the organization is being restored. */
    arcgisDuringRestore?: boolean
  }
}

/** Undefined where no route matched, and for routes that only serve pages. */
export function pagesOf({ routeOptions }: FastifyRequest): RoutePages | undefined {
  return routeOptions.config?.arcgisPages
}
