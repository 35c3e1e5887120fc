// What a server is built from.
import type { TlsOptions } from 'node:tls'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Config } from './config.ts'
import { type GuardOptions, knownHosts } from './control/guard.ts'
import type { ReportUnexpected } from './http/errors.ts'
import type { Log } from './http/log-line.ts'
import type { OpenapiDocument } from './http/pages/openapi-document.ts'
import type { Registry } from './sandbox/registry.ts'

export interface ServerOptions {
  config: Pick<
    Config,
    | 'publicUrl'
    | 'host'
    | 'adminToken'
    | 'adminOrigin'
    | 'cors'
    | 'preferQuery'
    | 'noDebugHeaders'
    | 'requestTimeout'
    | 'drainDelay'
    | 'shutdownTimeout'
  >
  registry: Registry
  /** Serves HTTPS; plain HTTP without it. */
  tls?: TlsOptions | undefined
  report: ReportUnexpected
  /** Called for each request when its response has ended, if given. */
  log?: Log | undefined
  /** Answers unknown paths of the control API; only its own part of the server has it. */
  answerControl?: (request: FastifyRequest, reply: FastifyReply) => FastifyReply
  /** The control API's own OpenAPI document, made when it is asked for. */
  describeControl: () => Promise<object>
  /** The OpenAPI document of the APIs, made when it is asked for. */
  describeApis: () => Promise<OpenapiDocument>
  toYaml: (document: object) => Promise<string>
}

export function guardOptions({ adminToken, adminOrigin, host }: ServerOptions['config']): GuardOptions {
  return { token: adminToken, webOrigin: adminOrigin, isKnownHost: knownHosts([host]) }
}
