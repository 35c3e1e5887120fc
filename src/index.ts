// The embedded API: starts servers inside a program and moves their time. The only public import.
import type { Advance, Advanced, SandboxRequest } from '../schemas/control.ts'
import { apis } from './apis/index.ts'
import { type Config, configFromOptions, OptionError, type Options } from './config.ts'
import { isLoopbackName } from './control/guard.ts'
import { openRegistry } from './fixtures.ts'
import type { ReportUnexpected } from './http/failures.ts'
import { createSandbox, Rehearsal } from './rehearsal/rehearsal.ts'
import { freshSecret } from './sandbox/ids.ts'
import { DEFAULT_SANDBOX, type Registry } from './sandbox/registry.ts'
import { buildServer } from './server.ts'

export type { Advance, Advanced, Fired, SandboxRequest } from '../schemas/control.ts'
export { OptionError, type Options } from './config.ts'
export { Refusal } from './sandbox/refusal.ts'

export interface StartOptions extends Options {
  /** Told of failures that nobody foresaw; their clients are told only that there was one. */
  onUnexpected?: ReportUnexpected
}

/** The default sandbox is the server's own `clock`, `jobs` …; `sandbox(name)` is any other. */
export interface Firedrill extends AsyncDisposable {
  /** `http://host:port`, without a slash at the end. */
  readonly url: string
  /** What the control API asks for; undefined when it is open to programs on this machine. */
  readonly adminToken: string | undefined
  /** The default sandbox. */
  readonly default: Rehearsal
  /** A sandbox by name, made at its first use; `url` is where its APIs are. */
  sandbox(name: string): SandboxDoor
  /** Makes a sandbox that begins with something else than the server's fixtures. Throws Refusal. */
  createSandbox(request: SandboxRequest): SandboxDoor
  dropSandbox(name: string): void
  /** The default sandbox's virtual time, ISO 8601. */
  now(): string
  /** Moves the default sandbox's clock; everything due on the way has happened. Throws Refusal on a step back. */
  advance(how: Advance): Advanced
  /** Puts the default sandbox back to how it was at the start. */
  reset(): void
  /** Lets running requests finish, then stops. */
  close(): Promise<void>
}

export type SandboxDoor = Rehearsal & { readonly url: string }

/** Starts a server, on a free port unless `port` is given. Throws OptionError for what cannot be used. */
export async function start({ onUnexpected = () => {}, ...options }: StartOptions = {}): Promise<Firedrill> {
  return startConfigured(configFromOptions({ port: 0, ...options }), onUnexpected)
}

export async function startConfigured(given: Config, report: ReportUnexpected): Promise<Firedrill> {
  const config = { ...given, adminToken: given.adminToken ?? (isLoopbackName(given.host) ? undefined : freshSecret()) }
  const registry = openRegistry(config)
  const describeControl = async () => (await import('./openapi.ts')).openapiDocument('control')
  const app = await buildServer({ config, registry, report, describeControl })
  const close = async () => {
    await app.close()
    registry.close()
  }
  try {
    await app.listen({ port: config.port, host: config.host })
  } catch (cause) {
    await close()
    throw listenProblem(config, cause)
  }
  const { port } = app.server.address() as { port: number }
  return doors(registry, urlOf(config.host, port), config.adminToken, close)
}

function doors(registry: Registry, url: string, adminToken: string | undefined, close: () => Promise<void>): Firedrill {
  const rehearsal = (name: string) => new Rehearsal(registry, apis, name)
  const byDefault = rehearsal(DEFAULT_SANDBOX)
  const sandbox = (name: string) => Object.assign(rehearsal(name), { url: `${url}/@${name}` })
  return {
    url,
    adminToken,
    default: byDefault,
    sandbox,
    createSandbox: request => {
      createSandbox(registry, request)
      return sandbox(request.name)
    },
    dropSandbox: name => registry.drop(name),
    now: () => byDefault.clock.get().now,
    advance: how => byDefault.clock.advance(how),
    reset: () => byDefault.reset(),
    close,
    [Symbol.asyncDispose]: close,
  }
}

function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

function listenProblem({ host, port, label }: Config, cause: unknown): unknown {
  const { code, syscall } = cause as NodeJS.ErrnoException
  const where = `${label('port')} ${port} on ${host}`
  if (code === 'EADDRINUSE') return new OptionError(`${where} is in use by another program`, { cause })
  if (code === 'EACCES') return new OptionError(`${where} may not be used by this user`, { cause })
  const isAddress = code === 'EADDRNOTAVAIL' || syscall === 'getaddrinfo'
  return isAddress ? new OptionError(`${label('host')} ${host} is no address of this machine`, { cause }) : cause
}
