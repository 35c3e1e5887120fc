// A sandbox in the hands of a rehearsal: what the embedded API, the control API and the command line do is done here, once.
import type * as wire from '../../schemas/control.ts'
import { parseClock } from '../config.ts'
import { asDocument, type Document, exportDocument } from '../sandbox/document.ts'
import { Refusal } from '../sandbox/refusal.ts'
import type { Registry } from '../sandbox/registry.ts'
import type { Tenant } from '../sandbox/sandbox.ts'
import { ClockControl } from './clock.ts'
import { JobsControl } from './jobs.ts'

/** Methods throw Refusal for what cannot be done, and then nothing has changed. */
export class Rehearsal {
  readonly name: string
  readonly clock: ClockControl
  readonly jobs: JobsControl
  readonly #registry: Registry
  readonly #tenants: readonly Tenant[]

  constructor(registry: Registry, tenants: readonly Tenant[], name: string) {
    this.name = name
    this.#registry = registry
    this.#tenants = tenants
    const sandbox = () => registry.get(name)
    this.clock = new ClockControl(sandbox)
    this.jobs = new JobsControl(sandbox)
  }

  /** The whole sandbox as a document that `importState`, `--fixtures` and other servers take. It holds its secrets. */
  exportState(): Document {
    const sandbox = this.#registry.get(this.name)
    sandbox.settle()
    return exportDocument(sandbox, this.#tenants)
  }

  importState(document: unknown): void {
    this.#registry.replace(this.name, { from: 'document', document: asDocument(document) })
  }

  /** Keeps all that the sandbox holds under a name, from which any sandbox can be restored or made. */
  snapshot(name: string): void {
    this.#registry.snapshot(this.name, name)
  }

  restore(name: string): void {
    this.#registry.replace(this.name, { from: 'snapshot', name })
  }

  /** Back to how it was at first. */
  reset(): void {
    this.#registry.reset(this.name)
  }
}

/** Makes a sandbox as a request describes it. Throws Refusal. */
export function createSandbox(registry: Registry, request: wire.SandboxRequest): void {
  const { name, from = 'fixture', clock, credentials = {} } = request
  const beginning =
    typeof from === 'string'
      ? { from }
      : 'scenario' in from
        ? { from: 'scenario' as const, name: from.scenario }
        : { from: 'snapshot' as const, name: from.snapshot }
  registry.create(name, beginning, clock === undefined ? undefined : clockOption(clock))
  for (const [made, credential] of Object.entries(credentials)) registry.bind(name, made, credential)
}

function clockOption(text: string) {
  try {
    return parseClock(text)
  } catch (cause) {
    throw new Refusal('invalid', `clock must be ${(cause as Error).message}, not "${text}"`, cause)
  }
}
