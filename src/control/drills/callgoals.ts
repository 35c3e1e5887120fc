// Judges the rules of drills about the calls of a run: their number, order, times and responses. Pure.
import type { AnswerPattern, GoalOf } from '../../../schemas/drills.ts'
import { answerOf, answerWords, type Call, callWords, durationWords, fits, isAnswer } from './calls.ts'

export interface Finding {
  /** What was expected, as in "exactly 1 call of getJob". */
  rule: string
  passed: boolean
  /** What happened, as in "found 0". */
  detail: string
}

type Calls = readonly Call[]

export function judgeCalls({ exactly, atLeast, atMost, ...pattern }: GoalOf<'calls'>, calls: Calls): Finding {
  const count = calls.filter(call => fits(pattern, call)).length
  const bounds = [
    ...(exactly === undefined ? [] : [`exactly ${exactly}`]),
    ...(atLeast === undefined ? [] : [`at least ${atLeast}`]),
    ...(atMost === undefined ? [] : [`at most ${atMost}`]),
  ]
  return {
    rule: `${bounds.join(', ')} ${bounds.at(-1)?.endsWith(' 1') ? 'call' : 'calls'} of ${callWords(pattern)}`,
    passed: (exactly ?? count) === count && (atLeast ?? count) <= count && (atMost ?? count) >= count,
    detail: `found ${count}`,
  }
}

export function judgeOrder({ steps }: GoalOf<'order'>, calls: Calls): Finding {
  const left = [...steps]
  for (const call of calls) if (left[0] && fits(left[0], call)) left.shift()
  const [missing] = left
  const before = steps[steps.length - left.length - 1]
  return {
    rule: `calls in this order: ${steps.map(callWords).join(', ')}`,
    passed: !missing,
    detail: missing
      ? `found no ${callWords(missing)}${before ? ` after ${callWords(before)}` : ''}`
      : 'found them in this order',
  }
}

export function judgeBackOff(goal: GoalOf<'back-off'>, calls: Calls): Finding {
  const { operation, after, minMs = 0, maxMs = Number.POSITIVE_INFINITY, growing } = goal
  const waits = waitsOf(
    calls.filter(call => fits({ operation }, call)),
    after,
  )
  const minWaitMs = (before = 0) => Math.max(minMs, growing ? Math.min(before * growing.factor, growing.untilMs) : 0)
  const wrong = waits.findIndex((wait, index) => wait < minWaitMs(waits[index - 1]) || wait > maxMs)
  const growth = growing ? [`growing by a factor of ${growing.factor} up to ${durationWords(growing.untilMs)}`] : []
  const place =
    after === undefined
      ? `between calls of ${callWords({ operation })}`
      : `after ${callWords({ operation, answer: after })}`
  return {
    rule: `waits ${place}: ${[...timeBounds(goal), ...growth].join(', ')}`,
    passed: wrong === -1,
    detail: wrong === -1 ? rangeWords(waits) : waitWords(waits, wrong),
  }
}

function rangeWords(waits: readonly number[]): string {
  if (waits.length === 0) return 'found no waits'
  return `found ${durationWords(Math.min(...waits))} to ${durationWords(Math.max(...waits))}`
}

/** The time from each call to the next call of the same path, in ms. */
function waitsOf(calls: Calls, after: AnswerPattern | undefined): number[] {
  const latest = new Map<string, Call>()
  return calls.flatMap(call => {
    const before = latest.get(call.path)
    latest.set(call.path, call)
    return before && (after === undefined || isAnswer(after, before)) ? [call.at - before.at] : []
  })
}

function waitWords(waits: readonly number[], index: number): string {
  const [wait = 0, before] = [waits[index], waits[index - 1]]
  const following = before === undefined ? '' : `, after a wait of ${durationWords(before)}`
  return `wait ${index + 1} of ${waits.length} was ${durationWords(wait)}${following}`
}

export function judgeDuration(goal: GoalOf<'duration'>, calls: Calls): Finding {
  const { operation, minMs = 0, maxMs = Number.POSITIVE_INFINITY } = goal
  const own = calls.filter(call => fits({ operation }, call))
  const [first] = own
  const last = own.at(-1)
  const took = first && last && last.at - first.at
  return {
    rule: `${timeBounds(goal).join(', ')} from the first call of ${callWords({ operation })} to the last`,
    passed: took !== undefined && took >= minMs && took <= maxMs,
    detail: took === undefined ? 'found no call' : `found ${durationWords(took)}`,
  }
}

function timeBounds({ minMs, maxMs }: { minMs?: number; maxMs?: number }): string[] {
  return [
    ...(minMs === undefined ? [] : [`at least ${durationWords(minMs)}`]),
    ...(maxMs === undefined ? [] : [`at most ${durationWords(maxMs)}`]),
  ]
}

export function judgeNoCallAfter(
  { after, operation, samePath = false }: GoalOf<'no-call-after'>,
  calls: Calls,
): Finding {
  const answered = new Set<string>()
  const forbidden = calls.filter(call => {
    const isLate = samePath ? answered.has(call.path) : answered.size > 0
    if (fits(after, call)) answered.add(call.path)
    return isLate && (operation === undefined || fits({ operation }, call))
  })
  const what = operation === undefined ? 'call' : `call of ${callWords({ operation })}`
  return {
    rule: `no ${what}${samePath ? ' to the same path' : ''} after ${callWords(after)}`,
    passed: forbidden.length === 0,
    detail: forbidden.length === 0 ? 'found none' : `found ${forbidden.map(call => call.operation).join(', ')}`,
  }
}

export function judgeLastAnswer({ operation, answer }: GoalOf<'last-answer'>, calls: Calls): Finding {
  const last = calls.findLast(call => fits({ operation }, call))
  return {
    rule: `the last call of ${callWords({ operation })} to be answered ${answerWords(answer)}`,
    passed: last !== undefined && isAnswer(answer, last),
    detail: last ? `it was answered ${answerOf(last, answer)}` : 'found no call',
  }
}
