// Starts a server that listens, without the embedded API: the command line needs no more.
import { once } from 'node:events'
import type { AddressInfo, Server } from 'node:net'
import { resolve } from 'node:path'
import { apis } from './apis/index.ts'
import { type Config, OptionError } from './config.ts'
import { isLoopbackName } from './control/guard.ts'
import type { ControlServer } from './control/invoke.ts'
import { openRegistry } from './fixtures.ts'
import type { ReportUnexpected } from './http/errors.ts'
import type { Log } from './http/log-line.ts'
import { plainListenerOf } from './http/node-server.ts'
import type { OpenapiDocument } from './http/pages/openapi-document.ts'
import { valuesOf } from './option.ts'
import { freshSecret } from './sandbox/random.ts'
import { buildServer } from './server.ts'
import { openTls, writeAuthority } from './tls.ts'

/** Connections that may wait to be accepted: test suites open a thousand at once, more than Node's default of 511. */
const LISTEN_BACKLOG = 4096

/** A server that listens. */
export interface Listening {
  control: ControlServer
  url: string
  httpUrl: string | undefined
  tlsAuthority: string | undefined
  /** With the admin token, which may have been generated. */
  config: Config
  unref(): void
  close(): Promise<void>
}

/** Throws OptionError. */
export async function startListening(given: Config, report: ReportUnexpected, log?: Log): Promise<Listening> {
  const config = { ...given, adminToken: given.adminToken ?? (isLoopbackName(given.host) ? undefined : freshSecret()) }
  const tls = await openTls(config)
  const registry = openRegistry(config)
  const {
    app,
    control,
    drain,
    close: closeServer,
  } = await buildServer({
    config,
    registry,
    tls: tls?.options,
    report,
    log,
    ...documents(),
  })
  const plain = tls && config.httpPort !== undefined ? plainListenerOf(app.server) : undefined
  const close = async () => {
    plain?.close()
    await closeServer()
    registry.close()
  }
  try {
    await app.listen({ port: config.port, host: config.host, backlog: LISTEN_BACKLOG })
    if (plain) await listen(plain, config)
    writeAuthority(tls?.authority, config)
  } catch (cause) {
    await close()
    throw cause instanceof OptionError ? cause : listenProblem(config, 'port', cause)
  }
  const listeners = plain ? [app.server, plain] : [app.server]
  let closing: Promise<void> | undefined
  const unref = () => {
    for (const listener of listeners) {
      listener.unref()
      listener.on('connection', socket => socket.unref())
    }
  }
  return {
    control,
    url: urlOf(tls ? 'https' : 'http', config.host, app.server),
    httpUrl: plain && urlOf('http', config.host, plain),
    tlsAuthority: tls?.authority,
    config,
    unref,
    close: () => (closing ??= drain().then(close)),
  }
}

/** Throws OptionError. */
async function listen(listener: Server, config: Config): Promise<void> {
  const { httpPort, host } = config
  try {
    listener.listen({ port: httpPort, host, backlog: LISTEN_BACKLOG })
    await once(listener, 'listening')
  } catch (cause) {
    throw listenProblem(config, 'httpPort', cause)
  }
}

/** The OpenAPI documents, each made once, at the first request for it: making one takes as long as starting a server. */
function documents() {
  let control: Promise<OpenapiDocument> | undefined
  let ofApis: Promise<OpenapiDocument> | undefined
  const openapi = () => import('./openapi.ts')
  return {
    describeControl: () => (control ??= openapi().then(({ openapiDocument }) => openapiDocument('control'))),
    describeApis: () => (ofApis ??= openapi().then(({ openapiDocument }) => openapiDocument('apis'))),
    toYaml: async (document: object) => (await openapi()).toYaml(document),
  }
}

/** For clients of the sandbox whose APIs are at `origin`. */
export function environmentAt(origin: string, config: Config): Record<string, string> {
  const ofApis = apis.map(api => api.environment({ origin, options: valuesOf(api.options, config) }))
  return Object.assign({ FIREDRILL_URL: origin, ...accessTo(config) }, ...ofApis)
}

/** What programs need to use the server: the token of its control API, and the authority of its certificates. */
export function accessTo({ adminToken, tlsCa }: Config): Record<string, string> {
  const token = adminToken === undefined ? {} : { FIREDRILL_ADMIN_TOKEN: adminToken }
  // Node.js trusts it in addition to its own authorities; for curl use --cacert.
  return { ...token, ...(tlsCa === undefined ? {} : { NODE_EXTRA_CA_CERTS: resolve(tlsCa) }) }
}

function urlOf(scheme: string, host: string, listener: Server): string {
  const { port } = listener.address() as AddressInfo
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`
}

function listenProblem(config: Config, option: 'port' | 'httpPort', cause: unknown): unknown {
  const { host, label } = config
  const { code, syscall } = cause as NodeJS.ErrnoException
  const where = `${label(option)} ${config[option]} on ${host}`
  if (code === 'EADDRINUSE') return new OptionError(`${where} is in use by another program`, { cause })
  if (code === 'EACCES') return new OptionError(`${where} is not permitted for this user`, { cause })
  const isAddress = code === 'EADDRNOTAVAIL' || syscall === 'getaddrinfo'
  return isAddress ? new OptionError(`${label('host')} ${host} is not an address of this machine`, { cause }) : cause
}
