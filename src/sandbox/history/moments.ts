// Finds moments in the history of a sandbox, and says in words how far the history reaches back.
import { isoInstant } from '../clock/clock.ts'
import { Refusal } from '../refusal.ts'
import type { Sandbox } from '../sandbox.ts'
import type { History, Recorded } from './history.ts'

/** When a request had ended, or an instant (epoch ms of virtual time) with everything that happened up to it. */
export type Moment = { request: string } | { instant: number }

/** What was recorded at the last point before the moment, and the instant (epoch ms) of the moment. */
export interface Found {
  recorded: Recorded
  at: number
}

/** Throws Refusal when the history does not reach back to the moment, or the moment has not come yet. */
export function findMoment(sandbox: Sandbox, moment: Moment): Found {
  const { history, name } = sandbox
  if (!history) {
    throw new Refusal(
      'conflict',
      `sandbox "${name}" has no history, because the server keeps none; start it with --history N, where N is the number of ` +
        'requests over which each sandbox can be rewound',
    )
  }
  sandbox.settle()
  history.noteNow()
  return 'request' in moment
    ? afterRequest(sandbox, history, moment.request)
    : atInstant(sandbox, history, moment.instant)
}

function afterRequest(sandbox: Sandbox, history: History, id: string): Found {
  const { journal, name } = sandbox
  const sequence = journal.sequenceOf(id)
  if (sequence === undefined) {
    throw new Refusal(
      'missing',
      `sandbox "${name}" has received no request with the id "${id}" since it was created or reset; its journal lists the ids`,
    )
  }
  const point = history.after(sequence)
  if (point) return { recorded: history.recorded(point), at: point.at }
  const entry = journal.entries().find(each => each.sequence === sequence)
  if (entry && (!entry.ended || entry.transfer?.state === 'sending')) {
    throw new Refusal('conflict', `the response to request "${id}" has not been sent yet`)
  }
  throw new Refusal('conflict', `request "${id}" is too old: ${reachOf(history, name)}`)
}

function atInstant(sandbox: Sandbox, history: History, instant: number): Found {
  const { name } = sandbox
  const periods = history.periods()
  const [present] = periods
  const found = periods.find(({ first, last }) => first.at <= instant && instant <= last.at)
  const point = found?.points.findLast(({ at }) => at <= instant)
  if (point) return { recorded: history.recorded(point), at: instant }
  const text = isoInstant(instant)
  if (present && periods.every(({ last }) => last.at < instant)) {
    throw new Refusal(
      'conflict',
      `sandbox "${name}" has not reached ${text}: it is at ${isoInstant(present.last.at)}; advance the clock of the new sandbox`,
    )
  }
  if (periods.some(({ first }) => first.at <= instant)) {
    throw new Refusal(
      'conflict',
      `sandbox "${name}" was never at ${text}: a reset, an import or a snapshot moved its clock past it; ${reachOf(history, name)}`,
    )
  }
  throw new Refusal('conflict', `${text} is too early: ${reachOf(history, name)}`)
}

function reachOf(history: History, name: string): string {
  const { requests, bytes } = history.limits
  const { earliest } = history
  if (earliest === undefined) {
    return `the contents of sandbox "${name}" alone need more memory than --history-bytes ${bytes} allows for its history`
  }
  return (
    `the history of sandbox "${name}" reaches back to ${isoInstant(earliest)}, over ${history.requests} requests; --history ` +
    `(${requests}) limits the number of requests and --history-bytes (${bytes}) the memory, and after a restart it begins anew`
  )
}
