// Implements the control operations on requests that faults hold: waits for them and releases them.
import type * as wire from '../../../schemas/control.ts'
import { isoInstant } from '../../sandbox/clock/clock.ts'
import type { FaultRule } from '../../sandbox/faults/tables.ts'
import { Refusal } from '../../sandbox/refusal.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { foundFault } from './views.ts'

const DEFAULT_WAIT_MS = 5000
const HOLD = 'hold'

export async function waitForHeld(
  sandbox: Sandbox,
  id: string,
  { count = 1, timeoutMs = DEFAULT_WAIT_MS }: wire.HeldWait,
  signal: AbortSignal | undefined,
): Promise<wire.HeldRequests> {
  checkHolds(foundFault(sandbox, id))
  const held = await sandbox.faults.holds.wait(id, { count, timeoutMs, signal })
  return {
    requests: held.map(({ requestId = null, operation, at, since }) => ({
      id: requestId,
      operation,
      at,
      since: isoInstant(since),
    })),
  }
}

export function release(sandbox: Sandbox, id: string, { fail = false }: wire.HeldRelease): wire.ReleasedRequests {
  checkHolds(foundFault(sandbox, id))
  const released = sandbox.faults.holds.end(id, fail ? 'failed' : 'released')
  if (released > 0) return { released }
  throw new Refusal('conflict', `fault "${id}" holds no request now; wait for one first`)
}

/** Throws Refusal for a rule that holds no requests. */
function checkHolds({ id, fault, sequence }: FaultRule): void {
  const kinds = [fault, ...(sequence ?? [])].flatMap(each => (each ? [each.fault] : []))
  if (kinds.includes(HOLD)) return
  throw new Refusal('conflict', `fault "${id}" is of the kind ${kinds.join(', ')}, which holds no requests`)
}
