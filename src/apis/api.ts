// What the server knows of one vendor's API: how to hold its state, how to open its rooms, and how it speaks.
import type { FastifyInstance } from 'fastify'
import type { Archive } from '../archives/archive.ts'
import type { ErrorFormat, ReportUnexpected } from '../http/failures.ts'
import type { ApiState, Sandbox } from '../sandbox/sandbox.ts'

export type SecurityScheme =
  | { type: 'http'; scheme: 'bearer'; description: string }
  | { type: 'apiKey'; in: 'header' | 'query' | 'cookie'; name: string; description: string }

export interface Api extends ApiState {
  title: string
  description: string
  /** As documented, with parameters in braces. */
  basePaths: readonly string[]
  /** Hosts that mean a path prefix: requests to the host are routed as if they began with it. */
  hosts?: Record<string, string>
  /** Which paths are this API's, known or not: what cannot even be routed is still answered in its errorFormat. */
  owns: RegExp
  errorFormat: ErrorFormat
  /** How callers say who they are, by the names that the routes' `security` uses; OpenAPI security scheme objects. */
  securitySchemes: Readonly<Record<string, SecurityScheme>>
  /** The demo data: rows by table, as documents write them. */
  fixture: Record<string, unknown>
  /** A command that shows the API at work, for someone who has just started the server at `origin`. */
  tryIt(origin: string): string
  /** What a client of the demo data is configured with, as environment variables: base URL and credentials. */
  environment(server: { origin: string; archivePassword: string }): Record<string, string>
  /** The archive that a download's path and query, as routed, lead to. Throws ApiError where there is none. */
  archiveAt?(sandbox: Sandbox, url: string): Promise<Archive>
  /** Opens the API's base paths on the server. */
  open(app: FastifyInstance, report: ReportUnexpected): void
}
