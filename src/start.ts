// Starts a server with its options, and makes the object through which a program controls it.
import type { Report } from '../schemas/report.ts'
import type { CertifyOptions } from './certify/certify.ts'
import type { SearchOptions, SearchReport } from './certify/search.ts'
import { configFromOptions, environment, OptionError, type Options } from './config.ts'
import { embeddedMethods } from './control/embedded.ts'
import { implementations } from './control/implementations.ts'
import { contextFor } from './control/invoke.ts'
import type { SandboxMethods, ServerMethods } from './control/methods.ts'
import type { ReportUnexpected } from './http/errors.ts'
import type { Log } from './http/log-line.ts'
import { accessTo, environmentAt, type Listening, startListening } from './listen.ts'
import { DEFAULT_SANDBOX } from './sandbox/registry.ts'

export interface StartOptions extends Omit<Options, 'log'> {
  /** Called with each unexpected exception; the client gets an error response without its details. */
  onUnexpected?: ReportUnexpected
  /** Called for each request when its response has ended, without secrets; what `--log` prints. */
  log?: Log
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
  /** Searches for a schedule of faults and time that breaks a client. Throws Refusal. */
  search(options: SearchOptions): Promise<SearchReport>
  /** Lets the process end while the server is running. */
  unref(): void
  /**
   * Stops the server: answers requests for `drainDelay`, waits up to `shutdownTimeout` for running ones, and closes all
   * connections.
   */
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

/** On a free port unless `port` is given. Throws OptionError. */
export async function startServer({ onUnexpected = () => {}, log, ...options }: StartOptions): Promise<Firedrill> {
  if (log !== undefined && typeof log !== 'function')
    throw new OptionError('log must be a function, which gets each line')
  return firedrill(await startListening(configFromOptions({ port: 0, ...options }), onUnexpected, log))
}

function firedrill({ control, url, httpUrl, tlsAuthority, config, unref, close }: Listening): Firedrill {
  const at = (url: string) => ({ url, environment: environmentAt(url, config) })
  const contextOf = (name: string) => contextFor(control, name, url)
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
    search: async options => {
      const { search } = await import('./certify/search.ts')
      return search(methods, { ...environment(), ...accessTo(config) }, options)
    },
    unref,
    close,
    [Symbol.asyncDispose]: close,
  }
}
