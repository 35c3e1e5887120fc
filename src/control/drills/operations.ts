// Defines the control operations on drills.
import { Type } from '@sinclair/typebox'
import * as wire from '../../../schemas/drills.ts'
import { operation } from '../operation.ts'

const DrillPath = Type.Object({ id: Type.String() })

export const listDrills = operation({
  id: 'listDrills',
  capability: 'drills',
  method: 'GET',
  path: '/drills',
  scope: 'server',
  embedded: 'drills.list',
  summary: 'List the drills',
  outcome: 'By id',
  out: wire.DrillList,
})

export const getDrill = operation({
  id: 'getDrill',
  capability: 'drills',
  method: 'GET',
  path: '/drills/:id',
  scope: 'server',
  embedded: 'drills.get',
  summary: 'Read a drill: its task, faults, job rules and requirements',
  in: { path: DrillPath },
  outcome: 'The drill',
  out: wire.Drill,
})

export const startDrill = operation({
  id: 'startDrill',
  capability: 'drills',
  method: 'POST',
  path: '/drills/:id/start',
  scope: 'server',
  embedded: 'drills.start',
  summary: 'Start a run of a drill in a sandbox of its own',
  description:
    "Waits are measured on the sandbox's clock, which runs in real time. Instead of sleeping, a client or its test can move it with " +
    'POST {url}/__admin/clock/advance.',
  in: { path: DrillPath },
  outcome: 'The run',
  out: wire.DrillRun,
  status: 201,
  errors: ['conflict', 'limit'],
})

export const getDrillVerdict = operation({
  id: 'getDrillVerdict',
  capability: 'drills',
  method: 'GET',
  path: '/drills/:id/verdict',
  scope: 'server',
  embedded: 'drills.verdict',
  summary: 'Judge whether the client did what a correct client does',
  in: { path: DrillPath, query: wire.DrillVerdictRequest },
  outcome: 'The verdict so far',
  out: wire.DrillVerdict,
  errors: ['conflict'],
  async: true,
})
