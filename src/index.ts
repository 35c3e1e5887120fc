// The embedded API: starts servers inside a program and moves their time. The only public import.
import type { Advance, Advanced, SandboxRequest } from '../schemas/control.ts'
import type { DrillRun } from '../schemas/drills.ts'
import { apis } from './apis/index.ts'
import { type Config, configFromOptions, OptionError, type Options } from './config.ts'
import { isLoopbackName } from './control/guard.ts'
import { openRegistry } from './fixtures.ts'
import type { ReportUnexpected } from './http/failures.ts'
import { DrillsControl } from './control/drills/drills.ts'
import { createSandbox, Rehearsal } from './rehearsal/rehearsal.ts'
import type { Stage } from './rehearsal/stage.ts'
import { freshSecret } from './sandbox/ids.ts'
import { DEFAULT_SANDBOX } from './sandbox/registry.ts'
import { buildServer } from './server.ts'

export type { Advance, Advanced, Fired, SandboxRequest } from '../schemas/control.ts'
export type { Drill, DrillRun, DrillVerdict, DrillVerdictRequest } from '../schemas/drills.ts'
export { OptionError, type Options } from './config.ts'
export { Refusal } from './sandbox/refusal.ts'
export { StoreError } from './sandbox/store-error.ts'

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
  /** `FIREDRILL_URL`, and each API's base URL and demo credentials: what a client under test is configured with. */
  readonly environment: Record<string, string>
  /** The default sandbox. */
  readonly default: Rehearsal
  /** A sandbox by name, created by the first request for an operation or the first change; `url` is where its APIs are. */
  sandbox(name: string): SandboxDoor
  /** Makes a sandbox that begins with something else than the server's fixtures. Throws Refusal. */
  createSandbox(request: SandboxRequest): SandboxDoor
  dropSandbox(name: string): void
  /** Puts clients through drills, each run in a sandbox of its own. */
  readonly drills: DrillsDoor
  /** The default sandbox's virtual time, ISO 8601. */
  now(): string
  /** Moves the default sandbox's clock; everything due on the way has happened, unless it `stopped`. Throws Refusal on a step back. */
  advance(how: Advance): Advanced
  /** Puts the default sandbox back to how it was at the start. */
  reset(): void
  /** From now on the server does not keep the program from ending. */
  unref(): void
  /** Lets running requests finish, as long as `shutdownTimeout` allows, then cuts all connections and stops. */
  close(): Promise<void>
}

/** `environment` is as the server's own, with the URLs that lead into this sandbox. */
export type SandboxDoor = Rehearsal & Pick<Firedrill, 'url' | 'environment'>

export interface DrillsDoor extends Pick<DrillsControl, 'list' | 'get' | 'verdict'> {
  /** Throws Refusal when there is no such drill. */
  start(id: string): DrillRun
}

/** Starts a server, on a free port unless `port` is given. Throws OptionError for what cannot be used. */
export async function start({ onUnexpected = () => {}, ...options }: StartOptions = {}): Promise<Firedrill> {
  return startConfigured(configFromOptions({ port: 0, ...options }), onUnexpected)
}

export async function startConfigured(given: Config, report: ReportUnexpected): Promise<Firedrill> {
  const config = { ...given, adminToken: given.adminToken ?? (isLoopbackName(given.host) ? undefined : freshSecret()) }
  const registry = openRegistry(config)
  const { app, operations, close: closeServer } = await buildServer({ config, registry, report, ...documents() })
  const close = async () => {
    await closeServer()
    registry.close()
  }
  try {
    await app.listen({ port: config.port, host: config.host })
  } catch (cause) {
    await close()
    throw listenProblem(config, cause)
  }
  const { port } = app.server.address() as { port: number }
  const unref = () => {
    app.server.unref()
    app.server.on('connection', socket => socket.unref())
  }
  return doors({ registry, apis, operations }, urlOf(config.host, port), config, { close, unref })
}

/** The OpenAPI documents, each made once, when it is first asked for: making one takes as long as starting a server. */
function documents() {
  let control: Promise<object> | undefined
  let yaml: Promise<string> | undefined
  const openapi = () => import('./openapi.ts')
  return {
    describeControl: () => (control ??= openapi().then(({ openapiDocument }) => openapiDocument('control'))),
    describeApis: () => (yaml ??= openapi().then(({ openapiYaml }) => openapiYaml())),
  }
}

function doors(
  stage: Stage,
  url: string,
  config: Config,
  { close, unref }: Pick<Firedrill, 'close' | 'unref'>,
): Firedrill {
  const { registry } = stage
  const rehearsal = (name: string) => new Rehearsal(stage, name)
  const byDefault = rehearsal(DEFAULT_SANDBOX)
  const at = (url: string) => ({ url, environment: environmentAt(url, config) })
  const sandbox = (name: string) => Object.assign(rehearsal(name), at(`${url}/@${name}`))
  return {
    ...at(url),
    adminToken: config.adminToken,
    default: byDefault,
    sandbox,
    createSandbox: request => {
      createSandbox(registry, request)
      return sandbox(request.name)
    },
    dropSandbox: name => registry.drop(name),
    drills: drillsAt(url, stage),
    now: () => byDefault.clock.get().now,
    advance: how => byDefault.clock.advance(how),
    reset: () => byDefault.reset(),
    unref,
    close,
    [Symbol.asyncDispose]: close,
  }
}

function environmentAt(origin: string, { archivePassword, adminToken }: Config): Record<string, string> {
  const token = adminToken === undefined ? {} : { FIREDRILL_ADMIN_TOKEN: adminToken }
  const ofApis = apis.map(api => api.environment({ origin, archivePassword }))
  return Object.assign({ FIREDRILL_URL: origin, ...token }, ...ofApis)
}

function drillsAt(url: string, stage: Stage): DrillsDoor {
  const drills = new DrillsControl(stage)
  return {
    list: () => drills.list(),
    get: id => drills.get(id),
    start: id => drills.start(id, url),
    verdict: (id, request) => drills.verdict(id, request),
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
