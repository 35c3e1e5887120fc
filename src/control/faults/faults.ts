// Implements the control operations on faults: arms, lists and disarms them, one by one or by profile.
import profileRows from '../../../fixtures/profiles.json' with { type: 'json' }
import * as wire from '../../../schemas/control.ts'
import { faultKinds } from '../../http/faults/kinds/index.ts'
import { ownValue } from '../../sandbox/own.ts'
import { Refusal } from '../../sandbox/refusal.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { type Context, type ControlServer, type Implementation, implement } from '../invoke.ts'
import { addJobRule } from '../jobs/jobs.ts'
import { release, waitForHeld } from './holds.ts'
import * as rows from './operations.ts'
import { armPlan, clearPlan, listPlans, readyMadePlans } from './plans.ts'
import { readRule, vendorOperations } from './rules.ts'
import { faultView, foundFault, missing } from './views.ts'

const PROFILES = profileRows as Record<string, Omit<wire.FaultProfile, 'name'>>

export const faultImplementations: readonly Implementation[] = [
  implement(rows.listFaults, ({ sandbox }) => listFaults(sandbox())),
  implement(rows.armFault, (context, { body }) => armFault(context.sandbox(), body, context)),
  implement(rows.clearFaults, ({ sandbox }) => clearFaults(sandbox())),
  implement(rows.readFault, ({ sandbox }, { path }) => faultView(foundFault(sandbox(), path.id))),
  implement(rows.disarmFault, ({ sandbox }, { path }) => {
    if (!sandbox().faults.disarm(path.id)) throw missing(path.id)
  }),
  implement(rows.waitForHeldRequests, ({ sandbox, signal }, { path, body }) =>
    waitForHeld(sandbox(), path.id, body, signal?.()),
  ),
  implement(rows.releaseHeldRequests, ({ sandbox }, { path, body }) => release(sandbox(), path.id, body)),
  implement(rows.faultCatalogue, catalogue),
  implement(rows.listFaultProfiles, profiles),
  implement(rows.armFaultProfile, (context, { path }) => armProfile(context, path.name)),
  implement(rows.listFaultPlans, ({ sandbox }) => listPlans(sandbox())),
  implement(rows.armFaultPlan, (context, { body }) => armPlan(context.sandbox(), body, context)),
  implement(rows.clearFaultPlan, ({ sandbox }, { path }) => clearPlan(sandbox(), path.id)),
]

/** In the order in which they were armed, including those that are used up. */
export function listFaults({ faults }: Sandbox): wire.Fault[] {
  return faults.list().map(faultView)
}

/** Throws Refusal. */
export function armFault({ faults }: Sandbox, rule: wire.FaultRequest, server: ControlServer): wire.Fault {
  return faultView(faults.arm(readRule(rule, server)))
}

/** Also removes the job rules that profiles added. */
function clearFaults({ store, faults, jobs }: Sandbox): void {
  store.transaction(() => {
    faults.clear()
    jobs.rules.clearProfiles()
  })
}

function armProfile(context: Context, name: string): wire.ArmedProfile {
  const profile = ownValue(PROFILES, name)
  if (!profile) {
    throw new Refusal('missing', `there is no profile "${name}"; the profiles are ${Object.keys(PROFILES).join(', ')}`)
  }
  const rules = profile.faults.map(fault => readRule(fault, context))
  const sandbox = context.sandbox()
  sandbox.faults.checkLimit(rules.length)
  return sandbox.store.transaction(() => ({
    name,
    jobRules: profile.jobRules.map(rule => addJobRule(sandbox, rule, name)),
    faults: rules.map(rule => faultView(sandbox.faults.arm(rule))),
  }))
}

function profiles(): wire.FaultProfile[] {
  return Object.entries(PROFILES).map(([name, profile]) => ({ name, ...profile }))
}

function catalogue({ apis, operations }: ControlServer): wire.FaultCatalogue {
  return {
    faults: faultKinds.flatMap(({ name, provokes, forms }) =>
      forms.map(({ description = '', properties, required = [] }) => ({
        fault: name,
        description,
        provokes,
        parameters: { ...properties },
        required: [...required],
      })),
    ),
    apis: apis.map(({ name, errorFormat }) => ({
      name,
      operations: vendorOperations(operations, name),
      errors: Object.entries(errorFormat.catalogue.rows).map(([error, { status, message }]) => ({
        name: error,
        status,
        message,
      })),
    })),
    rule: { ...wire.FaultRequest.properties },
    profiles: profiles(),
    plans: readyMadePlans(),
  }
}
