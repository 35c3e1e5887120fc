// Where faults of the kind `hold` keep requests waiting, and what ends that.
import type { Static } from '@sinclair/typebox'
import { literals } from './literals.ts'

export const HoldPoint = literals(['request', 'response', 'body'], {
  description: 'Where the request is held: before the operation, before the response, or within its body',
})
export type HoldPoint = Static<typeof HoldPoint>

export const HoldEnd = literals(['released', 'disarmed', 'failed', 'timed out', 'client disconnected', 'closed'], {
  description: 'After the first two the request continues, after the others its connection is closed',
})
export type HoldEnd = Static<typeof HoldEnd>
