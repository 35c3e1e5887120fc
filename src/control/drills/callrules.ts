// Judges the rules of drills about the calls of a run: their number, order, times and responses. Pure.
import type { AnswerPattern, RuleOf } from '../../../schemas/drills.ts'
import { answerOf, answerWords, type Call, callWords, durationWords, fits, isAnswer } from './calls.ts'

export interface Finding {
  /** What had to happen, as in "exactly 1 call of getJob". */
  expected: string
  /** `inconclusive`: the run does not show whether the client does it. */
  verdict: 'passed' | 'failed' | 'inconclusive'
  /** What happened, as in "found 0". */
  observed: string
  /** The calls that show it. */
  evidence: readonly Pick<Call, 'id'>[]
}

type Calls = readonly Call[]

export function passedIf(condition: boolean): 'passed' | 'failed' {
  return condition ? 'passed' : 'failed'
}

/** How inexact the times of calls are. */
export interface Timing {
  /** Virtual ms per ms of real time. */
  timeScale: number
}

const MIN_TOLERANCE_MS = 50
const TOLERANCE = 0.1

/** How much a measured time may be beyond a limit, in virtual ms: a client and its machine do not wait exactly. */
function toleranceOf(limitMs: number, { timeScale }: Timing): number {
  return Math.max(limitMs * TOLERANCE, MIN_TOLERANCE_MS * timeScale)
}

function isBetween(ms: number, minMs: number, maxMs: number, timing: Timing): boolean {
  return ms >= minMs - toleranceOf(minMs, timing) && ms <= maxMs + toleranceOf(maxMs, timing)
}

export function judgeCalls({ rule: _, exactly, atLeast, atMost, ...pattern }: RuleOf<'calls'>, calls: Calls): Finding {
  const found = calls.filter(call => fits(pattern, call))
  const count = found.length
  const bounds = [
    ...(exactly === undefined ? [] : [`exactly ${exactly}`]),
    ...(atLeast === undefined ? [] : [`at least ${atLeast}`]),
    ...(atMost === undefined ? [] : [`at most ${atMost}`]),
  ]
  return {
    expected: `${bounds.join(', ')} ${bounds.at(-1)?.endsWith(' 1') ? 'call' : 'calls'} of ${callWords(pattern)}`,
    verdict: passedIf((exactly ?? count) === count && (atLeast ?? count) <= count && (atMost ?? count) >= count),
    observed: `found ${count}`,
    evidence: found,
  }
}

export function judgeOrder({ steps }: RuleOf<'order'>, calls: Calls): Finding {
  const left = [...steps]
  const found: Call[] = []
  for (const call of calls) {
    if (!left[0] || !fits(left[0], call)) continue
    left.shift()
    found.push(call)
  }
  const [missing] = left
  const before = steps[steps.length - left.length - 1]
  return {
    expected: `calls in this order: ${steps.map(callWords).join(', ')}`,
    verdict: passedIf(!missing),
    observed: missing
      ? `found no ${callWords(missing)}${before ? ` after ${callWords(before)}` : ''}`
      : 'found them in this order',
    evidence: found,
  }
}

export function judgeBackOff(rule: RuleOf<'back-off'>, calls: Calls, timing: Timing): Finding {
  const { operation, after, minMs = 0, maxMs = Number.POSITIVE_INFINITY, growing } = rule
  const waits = waitsOf(
    calls.filter(call => fits({ operation }, call)),
    after,
  )
  const minWaitMs = (before?: Wait) =>
    Math.max(minMs, growing && before ? Math.min(before.ms * growing.factor, growing.untilMs) : 0)
  const wrong = waits.findIndex((wait, index) => !isBetween(wait.ms, minWaitMs(waits[index - 1]), maxMs, timing))
  const growth = growing ? [`growing by a factor of ${growing.factor} up to ${durationWords(growing.untilMs)}`] : []
  return {
    expected: `waits ${placeWords(operation, after)}: ${[...timeBounds(rule), ...growth].join(', ')}`,
    verdict: passedIf(wrong === -1),
    observed: wrong === -1 ? rangeWords(waits) : waitWords(waits, wrong),
    evidence: (wrong === -1 ? waits : waits.slice(wrong, wrong + 1)).flatMap(({ from, to }) => [from, to]),
  }
}

/** From one call to the next call of the same path. */
interface Wait {
  from: Call
  to: Call
  ms: number
}

function rangeWords(waits: readonly Wait[]): string {
  if (waits.length === 0) return 'found no waits'
  const lengths = waits.map(({ ms }) => ms)
  return `found ${durationWords(Math.min(...lengths))} to ${durationWords(Math.max(...lengths))}`
}

function waitsOf(calls: Calls, after: AnswerPattern | undefined): Wait[] {
  const latest = new Map<string, Call>()
  return calls.flatMap(to => {
    const from = latest.get(to.path)
    latest.set(to.path, to)
    return from && (after === undefined || isAnswer(after, from)) ? [{ from, to, ms: to.at - from.at }] : []
  })
}

function waitWords(waits: readonly Wait[], index: number): string {
  const [wait, before] = [waits[index], waits[index - 1]]
  const following = before === undefined ? '' : `, after a wait of ${durationWords(before.ms)}`
  return `wait ${index + 1} of ${waits.length} was ${durationWords(wait?.ms ?? 0)}${following}`
}

export function judgeJitter({ operation, after, minMs }: RuleOf<'jitter'>, calls: Calls): Finding {
  const own = calls.filter(call => fits({ operation }, call))
  const byPath = Map.groupBy(waitsOf(own, after), ({ to }) => to.path)
  const rounds = Math.max(0, ...[...byPath.values()].map(waits => waits.length))
  const compared = Array.from({ length: rounds }, (_, round) =>
    [...byPath.values()].flatMap(waits => waits.slice(round, round + 1)),
  ).filter(waits => waits.length > 1)
  const [widest] = compared.toSorted((a, b) => differenceOf(b) - differenceOf(a))
  return {
    expected: `waits ${placeWords(operation, after)} that differ from path to path: by at least ${durationWords(minMs)}`,
    verdict: widest ? passedIf(differenceOf(widest) >= minMs) : 'inconclusive',
    observed: widest ? `found ${durationWords(differenceOf(widest))}` : 'found no waits of two paths',
    evidence: (widest ?? []).flatMap(({ from, to }) => [from, to]),
  }
}

/** Between the longest and the shortest, in virtual ms. */
function differenceOf(waits: readonly Wait[]): number {
  const lengths = waits.map(({ ms }) => ms)
  return Math.max(...lengths) - Math.min(...lengths)
}

function placeWords(operation: string | string[], after: AnswerPattern | undefined): string {
  if (after === undefined) return `between calls of ${callWords({ operation })}`
  return `after ${callWords({ operation, answer: after })}`
}

export function judgeDuration(rule: RuleOf<'duration'>, calls: Calls, timing: Timing): Finding {
  const { operation, minMs = 0, maxMs = Number.POSITIVE_INFINITY } = rule
  const own = calls.filter(call => fits({ operation }, call))
  const [first] = own
  const last = own.at(-1)
  const took = first && last && last.at - first.at
  return {
    expected: `${timeBounds(rule).join(', ')} from the first call of ${callWords({ operation })} to the last`,
    verdict: passedIf(took !== undefined && isBetween(took, minMs, maxMs, timing)),
    observed: took === undefined ? 'found no call' : `found ${durationWords(took)}`,
    evidence: first && last ? [first, last] : [],
  }
}

function timeBounds({ minMs, maxMs }: { minMs?: number; maxMs?: number }): string[] {
  return [
    ...(minMs === undefined ? [] : [`at least ${durationWords(minMs)}`]),
    ...(maxMs === undefined ? [] : [`at most ${durationWords(maxMs)}`]),
  ]
}

export function judgeNoCallAfter(
  { after, operation, samePath = false }: RuleOf<'no-call-after'>,
  calls: Calls,
): Finding {
  const answered = new Map<string, Call>()
  const forbidden = calls.filter(call => {
    const isLate = samePath ? answered.has(call.path) : answered.size > 0
    if (fits(after, call) && !answered.has(call.path)) answered.set(call.path, call)
    return isLate && (operation === undefined || fits({ operation }, call))
  })
  const what = operation === undefined ? 'call' : `call of ${callWords({ operation })}`
  return {
    expected: `no ${what}${samePath ? ' to the same path' : ''} after ${callWords(after)}`,
    verdict: passedIf(forbidden.length === 0),
    observed: forbidden.length === 0 ? 'found none' : `found ${forbidden.map(call => call.operation).join(', ')}`,
    evidence: [...answered.values(), ...forbidden],
  }
}

export function judgeLastAnswer({ operation, answer }: RuleOf<'last-answer'>, calls: Calls): Finding {
  const last = calls.findLast(call => fits({ operation }, call))
  return {
    expected: `the last call of ${callWords({ operation })} to be answered ${answerWords(answer)}`,
    verdict: passedIf(last !== undefined && isAnswer(answer, last)),
    observed: last ? `it was answered ${answerOf(last, answer)}` : 'found no call',
    evidence: last ? [last] : [],
  }
}
