// Defines the control operations on faults.
import { Type } from '@sinclair/typebox'
import type { ApiName, FaultParameters, OperationId } from '../../../schemas/contract.ts'
import * as wire from '../../../schemas/control.ts'
import { operation } from '../operation.ts'

/** A fault rule: what the fault does, and to which requests. */
export type FaultRule = Pick<wire.FaultRequest, 'match' | 'times' | 'nth' | 'probability' | 'perFile'> & {
  /** Default: the API of the operation. */
  api?: ApiName
  /** `*` for every operation. */
  operation: OperationId | '*'
} & (FaultParameters | { sequence: (FaultParameters | { fault: 'none' })[] })

/** Stages over virtual time, or the name of a ready-made plan. */
export interface FaultPlan {
  name: string
  stages?: { from: string; description?: string; faults?: FaultRule[] }[]
}

const FaultPath = Type.Object({ id: Type.String() })
const ProfilePath = Type.Object({ name: Type.String() })

export const listFaults = operation({
  id: 'listFaults',
  capability: 'faults',
  method: 'GET',
  path: '/faults',
  scope: 'sandbox',
  embedded: 'faults.list',
  summary: 'List the armed faults, including those that are used up',
  outcome: 'In the order in which they were armed',
  out: wire.FaultList,
})

export const armFault = operation({
  id: 'armFault',
  capability: 'faults',
  method: 'POST',
  path: '/faults',
  scope: 'sandbox',
  embedded: 'faults.arm',
  summary: 'Arm a fault',
  description:
    'A fault applies before anything in the request is checked, including authentication. At most one fault applies to a ' +
    'request: of those that match, the one armed first. `matched`, `hits` and `completed` prove what a fault did.',
  in: { body: Type.Unsafe<FaultRule>(wire.FaultRequest) },
  outcome: 'The fault',
  out: wire.Fault,
  status: 201,
  errors: ['limit'],
  sandboxAccess: 'create',
})

export const clearFaults = operation({
  id: 'clearFaults',
  capability: 'faults',
  method: 'DELETE',
  path: '/faults',
  scope: 'sandbox',
  embedded: 'faults.clear',
  summary: 'Disarm all faults',
  outcome: 'Disarmed',
})

export const readFault = operation({
  id: 'readFault',
  capability: 'faults',
  method: 'GET',
  path: '/faults/:id',
  scope: 'sandbox',
  embedded: 'faults.get',
  summary: 'Read a fault',
  in: { path: FaultPath },
  outcome: 'The fault',
  out: wire.Fault,
})

export const disarmFault = operation({
  id: 'disarmFault',
  capability: 'faults',
  method: 'DELETE',
  path: '/faults/:id',
  scope: 'sandbox',
  embedded: 'faults.disarm',
  summary: 'Disarm a fault',
  in: { path: FaultPath },
  outcome: 'Disarmed',
})

export const waitForHeldRequests = operation({
  id: 'waitForHeldRequests',
  capability: 'faults',
  method: 'POST',
  path: '/faults/:id/held',
  scope: 'sandbox',
  embedded: 'faults.held',
  summary: 'Wait until a fault of the kind hold keeps a request waiting',
  description:
    'Requests that it holds already count. After `timeoutMs`, or when the fault is disarmed or the sandbox is dropped, the answer ' +
    'is 408.',
  in: { path: FaultPath, body: wire.HeldWait },
  outcome: 'The requests that it holds',
  out: wire.HeldRequests,
  errors: ['conflict', 'timeout'],
  async: true,
})

export const releaseHeldRequests = operation({
  id: 'releaseHeldRequests',
  capability: 'faults',
  method: 'POST',
  path: '/faults/:id/release',
  scope: 'sandbox',
  embedded: 'faults.release',
  summary: 'Let the requests go on that a fault of the kind hold keeps waiting, or fail them',
  description:
    'The fault stays armed: later requests are held again. Disarming it also lets its requests go on. They fail when the ' +
    'client disconnects, the sandbox is reset, replaced or dropped, the server stops, or a hold takes longer than `maxMs`.',
  in: { path: FaultPath, body: wire.HeldRelease },
  outcome: 'How many were released',
  out: wire.ReleasedRequests,
  errors: ['conflict'],
})

export const faultCatalogue = operation({
  id: 'faultCatalogue',
  capability: 'faults',
  method: 'GET',
  path: '/faults/catalogue',
  scope: 'sandbox',
  embedded: 'faults.catalogue',
  summary: 'List the fault kinds with their parameters, the errors of each API, the profiles and the plans',
  outcome: 'The catalogue',
  out: wire.FaultCatalogue,
})

export const listFaultProfiles = operation({
  id: 'listFaultProfiles',
  capability: 'faults',
  method: 'GET',
  path: '/faults/profiles',
  scope: 'sandbox',
  embedded: 'faults.profiles',
  summary: 'List the fault profiles, each a ready-made set of faults',
  outcome: 'The profiles',
  out: wire.FaultProfileList,
})

export const armFaultProfile = operation({
  id: 'armFaultProfile',
  capability: 'faults',
  method: 'POST',
  path: '/faults/profiles/:name',
  scope: 'sandbox',
  embedded: 'faults.armProfile',
  summary: 'Arm everything in a profile',
  description: 'Disarming all faults also removes its job rules.',
  in: { path: ProfilePath },
  outcome: 'What was armed',
  out: wire.ArmedProfile,
  status: 201,
  errors: ['limit'],
  sandboxAccess: 'create',
})

export const listFaultPlans = operation({
  id: 'listFaultPlans',
  capability: 'faults',
  method: 'GET',
  path: '/faults/plans',
  scope: 'sandbox',
  embedded: 'faults.plans',
  summary: 'List the armed plans of faults, with the stage that applies now',
  outcome: 'In the order in which they were armed',
  out: wire.ArmedFaultPlanList,
})

export const armFaultPlan = operation({
  id: 'armFaultPlan',
  capability: 'faults',
  method: 'POST',
  path: '/faults/plans',
  scope: 'sandbox',
  embedded: 'faults.armPlan',
  summary: 'Arm a plan of faults: stages over virtual time, as in an outage with an end',
  description:
    'The plan starts now. A stage lasts until the next one starts, and its faults apply only while it lasts; the clock alone ' +
    'determines which stage that is. Disarming all faults also removes plans.',
  in: { body: Type.Unsafe<FaultPlan>(wire.FaultPlanRequest) },
  outcome: 'The armed plan',
  out: wire.ArmedFaultPlan,
  status: 201,
  errors: ['limit'],
  sandboxAccess: 'create',
})

export const clearFaultPlan = operation({
  id: 'clearFaultPlan',
  capability: 'faults',
  method: 'DELETE',
  path: '/faults/plans/:id',
  scope: 'sandbox',
  embedded: 'faults.clearPlan',
  summary: 'Disarm a plan of faults',
  in: { path: FaultPath },
  outcome: 'Disarmed',
})
