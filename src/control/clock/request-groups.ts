// Combines the requests of the journal that arrived at about the same virtual time, so that their number is limited.
import type * as wire from '../../../schemas/control.ts'
import { isoInstant } from '../../sandbox/clock/clock.ts'
import type { Entry } from '../../sandbox/journal/entry.ts'

/**
 * In order of arrival. `resolution`: the number of parts that the window (epoch ms) is divided into; undefined if each request
 * is a group.
 */
export function requestGroups(
  entries: readonly Entry[],
  { from, to }: { from: number; to: number },
  resolution: number | undefined,
): wire.RequestGroup[] {
  const partMs = Math.max(to - from, 1) / (resolution ?? 1)
  const keyOf = ({ sequence, virtualAt, api, trace }: Entry) =>
    resolution === undefined ? sequence : `${Math.floor((virtualAt - from) / partMs)} ${api} ${trace.fault?.fault}`
  return [...Map.groupBy(entries, keyOf).values()].map(groupOf)
}

function groupOf(entries: readonly Entry[]): wire.RequestGroup {
  const [first] = entries as readonly [Entry, ...Entry[]]
  const last = entries.at(-1) as Entry
  const common = <Value>(field: (entry: Entry) => Value | undefined): Value | null => {
    const value = field(first)
    return entries.every(entry => field(entry) === value) ? (value ?? null) : null
  }
  return {
    api: first.api ?? null,
    fault: first.trace.fault?.fault ?? null,
    from: isoInstant(first.virtualAt),
    to: isoInstant(last.virtualAt),
    count: entries.length,
    failed: entries.filter(isFailed).length,
    forced: entries.filter(({ trace }) => trace.forced !== undefined).length,
    first: first.id,
    last: last.id,
    method: common(({ method }) => method),
    operation: common(({ operation }) => operation),
    status: common(({ answer }) => answer?.status),
  }
}

/** A request that is not answered yet has not failed. */
function isFailed({ ended, answer }: Entry): boolean {
  return ended && (answer === undefined || answer.status >= 400)
}
