// The embedded API: starts servers inside a program and moves their time. The only public import.
import { type Config, configFromOptions, durationMs, OptionError, type Options } from './config.ts'
import { openRegistry } from './fixtures.ts'
import type { ReportUnexpected } from './http/failures.ts'
import { isoInstant, parseInstant } from './sandbox/clock.ts'
import type { Fired } from './sandbox/jobs.ts'
import { StoreError } from './sandbox/store.ts'
import { buildServer, DEFAULT_SANDBOX } from './server.ts'

export { OptionError, type Options } from './config.ts'
export type { Fired } from './sandbox/jobs.ts'

export interface StartOptions extends Options {
  /** Told of failures that nobody foresaw; their clients are told only that there was one. */
  onUnexpected?: ReportUnexpected
}

/** How far to move the clock: `by` a duration (`5m`, `PT5M`, or ms), or `to` an instant (ISO 8601 or epoch ms). */
export type Advance = { by: string | number } | { to: string | number }

export interface Firedrill extends AsyncDisposable {
  /** `http://host:port`, without a slash at the end. */
  readonly url: string
  /** The virtual time, ISO 8601. */
  now(): string
  /** Moves the clock; everything due on the way has happened, and is returned in order. Throws on a step back. */
  advance(how: Advance): Fired[]
  /** Puts everything back to how it was at the start. */
  reset(): void
  /** Lets running requests finish, then stops. */
  close(): Promise<void>
}

/** Starts a server, on a free port unless `port` is given. Throws OptionError for what cannot be used. */
export async function start({ onUnexpected = () => {}, ...options }: StartOptions = {}): Promise<Firedrill> {
  return startConfigured(configFromOptions({ port: 0, ...options }), onUnexpected)
}

export async function startConfigured(config: Config, report: ReportUnexpected): Promise<Firedrill> {
  const registry = openRegistry(config)
  const sandbox = () => registry.get(DEFAULT_SANDBOX)
  const app = await buildServer({ config, registry, report })
  const close = async () => {
    await app.close()
    registry.close()
  }
  try {
    sandbox()
    await app.listen({ port: config.port, host: config.host })
  } catch (cause) {
    await close()
    throw listenProblem(config, cause)
  }
  const { port } = app.server.address() as { port: number }
  const host = config.host.includes(':') ? `[${config.host}]` : config.host
  return {
    url: `http://${host}:${port}`,
    now: () => isoInstant(sandbox().clock.now()),
    advance: how => sandbox().advanceTo(targetOf(how, sandbox().clock.now())),
    reset: () => registry.reset(DEFAULT_SANDBOX),
    close,
    [Symbol.asyncDispose]: close,
  }
}

function targetOf(how: Advance, now: number): number {
  if ('by' in how) return now + (typeof how.by === 'number' ? how.by : durationMs(how.by))
  if (typeof how.to === 'number') return how.to
  const instant = parseInstant(how.to, now)
  if (instant === undefined) throw new RangeError(`"${how.to}" is no instant; ISO 8601 with offset is`)
  return instant
}

function listenProblem({ host, port, data }: Config, cause: unknown): unknown {
  if (cause instanceof StoreError) return new OptionError(`data ${data}: ${cause.message}`, { cause })
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (code === 'EADDRINUSE') return new OptionError(`port ${port} on ${host} is in use by another program`, { cause })
  if (code === 'EACCES') return new OptionError(`port ${port} on ${host} may not be used by this user`, { cause })
  if (code === 'ENOTFOUND' || code === 'EADDRNOTAVAIL')
    return new OptionError(`host ${host} is no address of this machine`, { cause })
  return cause
}
