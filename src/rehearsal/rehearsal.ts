// A sandbox in the hands of a rehearsal: what the embedded API, the control API and the command line do is done here, once.
import type * as wire from '../../schemas/control.ts'
import { parseClock } from '../config.ts'
import { asDocument, type Document, exportDocument } from '../sandbox/documents.ts'
import { Refusal } from '../sandbox/refusal.ts'
import type { Registry } from '../sandbox/registry.ts'
import { accessTo, type SandboxAccess } from '../control/access.ts'
import { leftByClient, stillArmed } from '../control/state/cleanliness.ts'
import { ClockControl } from '../control/clock/clock.ts'
import { FaultsControl } from '../control/faults/faults.ts'
import { JobsControl } from '../control/jobs/jobs.ts'
import { RequestsControl } from '../control/journal/requests.ts'
import type { Stage } from './stage.ts'

/** Methods throw Refusal for what cannot be done, StoreError for a data file that cannot be used, and then nothing has changed. */
export class Rehearsal {
  readonly name: string
  readonly clock: ClockControl
  readonly jobs: JobsControl
  readonly faults: FaultsControl
  readonly requests: RequestsControl
  readonly #registry: Registry
  readonly #sandbox: SandboxAccess
  readonly #apis: Stage['apis']

  constructor(stage: Stage, name: string) {
    const { registry, apis } = stage
    this.name = name
    this.#registry = registry
    this.#apis = apis
    const sandbox = accessTo(registry, name)
    this.#sandbox = sandbox
    this.clock = new ClockControl(sandbox)
    this.jobs = new JobsControl(sandbox)
    this.faults = new FaultsControl(sandbox, stage, this.jobs)
    this.requests = new RequestsControl(sandbox, stage.operations)
  }

  /** The whole sandbox as a document that `importState`, `--fixtures` and other servers take. It holds its secrets. */
  exportState(): Document {
    return exportDocument(this.#sandbox.find(), this.#apis)
  }

  importState(document: unknown): void {
    const beginning = { from: 'document' as const, document: asDocument(document) }
    this.#sandbox.change(() => this.#registry.replace(this.name, beginning))
  }

  /** Keeps all that the sandbox holds under a name, from which any sandbox can be restored or made. */
  snapshot(name: string): void {
    this.#registry.snapshot(this.name, name)
  }

  restore(name: string): void {
    this.#sandbox.change(() => this.#registry.replace(this.name, { from: 'snapshot', name }))
  }

  /** Is it as a test should leave it: nothing armed, no job running, no request unmatched? */
  assertClean(): wire.Cleanliness {
    const sandbox = this.#sandbox.find()
    const problems = [...leftByClient(sandbox, sandbox.settle()), ...stillArmed(sandbox)]
    return { clean: problems.length === 0, problems }
  }

  /** Back to how it was at first. */
  reset(): void {
    this.#registry.reset(this.name)
  }
}

/** Makes a sandbox as a request describes it. Throws Refusal. */
export function createSandbox(registry: Registry, request: wire.SandboxRequest): void {
  const { name, from = 'fixture', clock, credentials } = request
  const beginning =
    typeof from === 'string'
      ? { from }
      : 'scenario' in from
        ? { from: 'scenario' as const, name: from.scenario }
        : { from: 'snapshot' as const, name: from.snapshot }
  registry.create(name, {
    beginning,
    clock: clock === undefined ? undefined : clockOption(clock),
    ...(credentials && { credentials }),
  })
}

function clockOption(text: string) {
  try {
    return parseClock(text)
  } catch (cause) {
    throw new Refusal('invalid', `clock must be ${(cause as Error).message}, not "${text}"`, cause)
  }
}
