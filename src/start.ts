// Starts a server with its options, and makes the object through which a program controls it.
import { once } from 'node:events'
import type { AddressInfo, Server } from 'node:net'
import { resolve } from 'node:path'
import type { Report } from '../schemas/report.ts'
import { apis } from './apis/index.ts'
import type { CertifyOptions } from './certify/certify.ts'
import { type Config, configFromOptions, environment, OptionError, type Options } from './config.ts'
import { embeddedMethods } from './control/embedded.ts'
import { isLoopbackName } from './control/guard.ts'
import { implementations } from './control/implementations.ts'
import { type ControlServer, contextFor } from './control/invoke.ts'
import type { SandboxMethods, ServerMethods } from './control/methods.ts'
import { openRegistry } from './fixtures.ts'
import type { ReportUnexpected } from './http/errors.ts'
import { plainListenerOf } from './http/node-server.ts'
import { valuesOf } from './option.ts'
import { freshSecret } from './sandbox/random.ts'
import { DEFAULT_SANDBOX } from './sandbox/registry.ts'
import { buildServer } from './server.ts'
import { openTls, writeAuthority } from './tls.ts'

export interface StartOptions extends Options {
  /** Called with each unexpected exception; the client gets an error response without its details. */
  onUnexpected?: ReportUnexpected
}

/** A running server: the control operations on the server, and its sandboxes. */
export interface Firedrill extends ServerMethods, AsyncDisposable {
  /** `http://host:port`, or `https://…` with TLS, without a slash at the end. */
  readonly url: string
  /** The URL of plain HTTP, when the server serves HTTPS and `httpPort` is given. */
  readonly httpUrl: string | undefined
  /** The certificate (PEM) of the authority that clients must trust with `tls`; undefined without it and with `tlsCert`. */
  readonly tlsAuthority: string | undefined
  /** The token that the control API requires; undefined when programs on this machine need none. */
  readonly adminToken: string | undefined
  /** Environment variables for a client under test: `FIREDRILL_URL`, and the base URL and demo credentials of each API. */
  readonly environment: Record<string, string>
  /** The sandbox that serves requests that name none. */
  readonly default: SandboxControl
  /** A sandbox by name. It is created by the first request for an operation of an API, or by the first change. */
  sandbox(name: string): SandboxControl
  /** Runs drills against a client, whose command it starts for each. Throws Refusal; then there is no report. */
  certify(options: CertifyOptions): Promise<Report>
  /** Lets the process end while the server is running. */
  unref(): void
  /** Stops the server: waits up to `shutdownTimeout` for running requests, then closes all connections. */
  close(): Promise<void>
}

/** One sandbox: its control operations, and the URLs of its APIs. */
export interface SandboxControl extends SandboxMethods {
  readonly name: string
  /** The base URL of every API in it. */
  readonly url: string
  /** Like the server's, with URLs of this sandbox. */
  readonly environment: Record<string, string>
}

/** Connections that may wait to be accepted: test suites open a thousand at once, more than Node's default of 511. */
const LISTEN_BACKLOG = 4096

/** On a free port unless `port` is given. Throws OptionError. */
export async function startServer({ onUnexpected = () => {}, ...options }: StartOptions): Promise<Firedrill> {
  return startConfigured(configFromOptions({ port: 0, ...options }), onUnexpected)
}

export async function startConfigured(given: Config, report: ReportUnexpected): Promise<Firedrill> {
  const config = { ...given, adminToken: given.adminToken ?? (isLoopbackName(given.host) ? undefined : freshSecret()) }
  const tls = await openTls(config)
  const registry = openRegistry(config)
  const {
    app,
    control,
    close: closeServer,
  } = await buildServer({
    config,
    registry,
    tls: tls?.options,
    report,
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
  const unref = () => {
    for (const listener of listeners) {
      listener.unref()
      listener.on('connection', socket => socket.unref())
    }
  }
  const urls = {
    url: urlOf(tls ? 'https' : 'http', config.host, app.server),
    httpUrl: plain && urlOf('http', config.host, plain),
    tlsAuthority: tls?.authority,
  }
  return firedrill(control, urls, config, { close, unref })
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
  let control: Promise<object> | undefined
  let yaml: Promise<string> | undefined
  const openapi = () => import('./openapi.ts')
  return {
    describeControl: () => (control ??= openapi().then(({ openapiDocument }) => openapiDocument('control'))),
    describeApis: () => (yaml ??= openapi().then(({ openapiYaml }) => openapiYaml())),
  }
}

function firedrill(
  server: ControlServer,
  { url, httpUrl, tlsAuthority }: Pick<Firedrill, 'url' | 'httpUrl' | 'tlsAuthority'>,
  config: Config,
  { close, unref }: Pick<Firedrill, 'close' | 'unref'>,
): Firedrill {
  const at = (url: string) => ({ url, environment: environmentAt(url, config) })
  const contextOf = (name: string) => contextFor(server, name, url)
  const sandbox = (name: string, sandboxUrl = `${url}/@${name}`): SandboxControl => {
    const methods = embeddedMethods(implementations, 'sandbox', contextOf(name)) as SandboxMethods
    return { ...methods, name, ...at(sandboxUrl) }
  }
  const defaultSandbox = sandbox(DEFAULT_SANDBOX, url)
  const methods = embeddedMethods(implementations, 'server', contextOf(DEFAULT_SANDBOX)) as ServerMethods
  return {
    ...methods,
    ...at(url),
    httpUrl,
    tlsAuthority,
    adminToken: config.adminToken,
    default: defaultSandbox,
    sandbox: name => sandbox(name),
    certify: async options => {
      const { certify } = await import('./certify/certify.ts')
      return certify(methods.certifications, { ...environment(), ...accessTo(config) }, options)
    },
    unref,
    close,
    [Symbol.asyncDispose]: close,
  }
}

function environmentAt(origin: string, config: Config): Record<string, string> {
  const ofApis = apis.map(api => api.environment({ origin, options: valuesOf(api.options, config) }))
  return Object.assign({ FIREDRILL_URL: origin, ...accessTo(config) }, ...ofApis)
}

/** What programs need to use the server: the token of its control API, and the authority of its certificates. */
function accessTo({ adminToken, tlsCa }: Config): Record<string, string> {
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
