// Schemas of the control API: sandboxes, snapshots and what a test left over.
import { type Static, Type } from '@sinclair/typebox'
import { secret } from '../secret.ts'
import { strict } from '../strict.ts'
import { FaultPlanChoice } from './faultplans.ts'
import { iso, sandboxName } from './fields.ts'

export const SandboxRequest = Type.Object(
  {
    name: sandboxName,
    from: Type.Optional(
      Type.Union(
        [
          Type.Literal('fixture', { description: 'The initial state that the server was started with' }),
          Type.Literal('blank', { description: 'An empty state, without credentials' }),
          Type.Object({ scenario: Type.String() }, strict),
          Type.Object({ snapshot: Type.String() }, strict),
          Type.Object(
            {
              sandbox: Type.String({ description: 'The name of another sandbox' }),
              at: Type.String({
                description:
                  'The moment: the id of a request in its journal (right after the response to it), or an instant of its virtual ' +
                  'time (after everything that had happened until then), as ISO 8601 or relative to its present, such as -5m',
              }),
            },
            {
              ...strict,
              description:
                'What another sandbox contained at a moment of its history; needs the option --history. The copy has its clock, ' +
                'tokens and random values, but neither its journal nor bound credentials nor requests that are being held',
            },
          ),
        ],
        { description: 'The initial state, restored by a reset' },
      ),
    ),
    clock: Type.Optional(
      Type.String({ description: 'A value of the option --clock; default the clock option of the server' }),
    ),
    faultPlan: Type.Optional(FaultPlanChoice),
    credentials: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        ...secret,
        description:
          'Credentials whose requests are routed to this sandbox, each with the credential that the APIs see instead',
      }),
    ),
  },
  { $id: 'SandboxRequest', ...strict },
)
export type SandboxRequest = Static<typeof SandboxRequest>

const SandboxHistory = Type.Object(
  {
    from: iso('The earliest instant to which it reaches back, in virtual time'),
    requests: Type.Integer({ description: 'The number of requests over which it reaches back' }),
    sizeBytes: Type.Integer({ description: 'The memory that it takes' }),
  },
  strict,
)

export const Sandbox = Type.Object(
  {
    name: sandboxName,
    url: Type.String({ description: 'The base URL of the APIs in this sandbox' }),
    history: Type.Union([SandboxHistory, Type.Null()], {
      description:
        'How far back a copy of the sandbox can go; null without the option --history, if the contents of the sandbox need more ' +
        'memory than --history-bytes, and until the sandbox is used',
    }),
  },
  { $id: 'Sandbox', ...strict },
)
export type Sandbox = Static<typeof Sandbox>
export const SandboxList = Type.Array(Sandbox, { $id: 'SandboxList' })

export const Scenario = Type.Object({ name: Type.String() }, { $id: 'Scenario', ...strict })
export const ScenarioList = Type.Array(Scenario, { $id: 'ScenarioList' })

export const Snapshot = Type.Object({ name: sandboxName }, { $id: 'Snapshot', ...strict })
export const SnapshotList = Type.Array(Snapshot, { $id: 'SnapshotList' })

export const Cleanliness = Type.Object(
  {
    clean: Type.Boolean(),
    problems: Type.Array(Type.String(), { description: 'One sentence for each thing that is left over' }),
  },
  { $id: 'Cleanliness', ...strict },
)
export type Cleanliness = Static<typeof Cleanliness>
