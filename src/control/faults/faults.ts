// The faults of a sandbox in the hands of a rehearsal: armed, listed, disarmed, by rule or by ready-made profile.
import profiles from '../../../fixtures/profiles.json' with { type: 'json' }
import type * as wire from '../../../schemas/control.ts'
import { forms } from '../../sandbox/faults/kinds.ts'
import { ownValue } from '../../sandbox/own.ts'
import { Refusal } from '../../sandbox/refusal.ts'
import type { SandboxAccess } from '../access.ts'
import { readRule, vendorOperations } from './rules.ts'
import { faultView } from './views.ts'
import type { JobsControl } from '../jobs/jobs.ts'
import type { Stage } from '../../rehearsal/stage.ts'

const PROFILES = profiles as Record<string, Omit<wire.FaultProfile, 'name'>>

/** Methods throw Refusal for what cannot be done, and then nothing has changed. */
export class FaultsControl {
  readonly #sandbox: SandboxAccess
  readonly #stage: Stage
  readonly #jobs: JobsControl

  constructor(sandbox: SandboxAccess, stage: Stage, jobs: JobsControl) {
    this.#sandbox = sandbox
    this.#stage = stage
    this.#jobs = jobs
  }

  /** From now on requests run into it; of several rules the one that was armed first. */
  arm(rule: wire.FaultRequest): wire.Fault {
    const checked = readRule(rule, this.#stage)
    return this.#sandbox.change(({ faults }) => faultView(faults.arm(checked)))
  }

  /** In the order in which they were armed, used up ones included. */
  list(): wire.Fault[] {
    return this.#sandbox.find().faults.list().map(faultView)
  }

  get(id: string): wire.Fault {
    const rule = this.#sandbox.find().faults.find(id)
    if (!rule) throw missing(id)
    return faultView(rule)
  }

  disarm(id: string): void {
    if (!this.#sandbox.find().faults.disarm(id)) throw missing(id)
  }

  /** Disarms all faults, and ends all that profiles armed: their job rules go, too. */
  clear(): void {
    const { store, faults, jobs } = this.#sandbox.find()
    store.transaction(() => {
      faults.clear()
      jobs.rules.clearProfiles()
    })
  }

  /** Arms everything that the profile is made of. */
  armProfile(name: string): wire.ArmedProfile {
    const profile = ownValue(PROFILES, name)
    if (!profile) {
      throw new Refusal('missing', `there is no profile "${name}"; there are ${Object.keys(PROFILES).join(', ')}`)
    }
    const rules = profile.faults.map(fault => readRule(fault, this.#stage))
    return this.#sandbox.change(({ store, faults }) => {
      faults.checkRoom(rules.length)
      return store.transaction(() => ({
        name,
        jobRules: profile.jobRules.map(rule => this.#jobs.addRule(rule, name)),
        faults: rules.map(rule => faultView(faults.arm(rule))),
      }))
    })
  }

  profiles(): wire.FaultProfile[] {
    return Object.entries(PROFILES).map(([name, profile]) => ({ name, ...profile }))
  }

  /** All that rules can be made of: kinds and their knobs, operations and errors by API, and profiles. */
  catalogue(): wire.FaultCatalogue {
    const { apis, operations } = this.#stage
    return {
      faults: forms.map(({ description = '', properties: { fault, ...knobs }, required = [] }) => ({
        fault: fault.const,
        description,
        knobs,
        required: required.filter(name => name !== 'fault'),
      })),
      apis: apis.map(({ name, errorFormat }) => ({
        name,
        operations: vendorOperations(operations, name),
        errors: Object.entries(errorFormat.catalogue.rows).map(([error, { status, message }]) => ({
          name: error,
          status,
          message,
        })),
      })),
      profiles: this.profiles(),
    }
  }
}

function missing(id: string): Refusal {
  return new Refusal('missing', `there is no fault "${id}"`)
}
