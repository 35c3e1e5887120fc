// Schemas of the control API: requests that faults of the kind `hold` keep waiting.
import { type Static, Type } from '@sinclair/typebox'
import { HoldPoint } from '../holds.ts'
import { strict } from '../strict.ts'
import { iso } from './fields.ts'

export const HeldWait = Type.Object(
  {
    count: Type.Optional(Type.Integer({ minimum: 1, description: 'The minimum number of held requests; default 1' })),
    timeoutMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 60_000, description: 'In real time; default 5000' })),
  },
  { $id: 'HeldWait', ...strict },
)
export type HeldWait = Static<typeof HeldWait>

export const HeldRequests = Type.Object(
  {
    requests: Type.Array(
      Type.Object(
        {
          id: Type.Union([Type.String(), Type.Null()], {
            description: 'The id of its journal entry; null when the journal is off',
          }),
          operation: Type.String(),
          at: HoldPoint,
          since: iso('When the request arrived, in virtual time'),
        },
        strict,
      ),
      { description: 'In the order in which they came' },
    ),
  },
  { $id: 'HeldRequests', ...strict },
)
export type HeldRequests = Static<typeof HeldRequests>

export const HeldRelease = Type.Object(
  {
    fail: Type.Optional(
      Type.Boolean({ description: 'Reset the connections instead of letting the requests continue; default false' }),
    ),
  },
  { $id: 'HeldRelease', ...strict },
)
export type HeldRelease = Static<typeof HeldRelease>

export const ReleasedRequests = Type.Object(
  { released: Type.Integer({ description: 'The number of requests whose hold ended' }) },
  { $id: 'ReleasedRequests', ...strict },
)
export type ReleasedRequests = Static<typeof ReleasedRequests>
