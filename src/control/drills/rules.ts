// Judges the rules of drills: what each expects, whether a run satisfies it, and what happened, in words. Pure.
import type { Rule, RuleOf } from '../../../schemas/drills.ts'
import type { Span } from '../../sandbox/faults/plans.ts'
import { ownValue } from '../../sandbox/own.ts'
import {
  type Finding,
  judgeBackOff,
  judgeCalls,
  judgeDuration,
  judgeJitter,
  judgeLastAnswer,
  judgeNoCallAfter,
  judgeOrder,
  passedIf,
  type Timing,
} from './callrules.ts'
import { type Call, callWords, EVERY, holds, isAnswer } from './calls.ts'

/** What a client reports when it ends; it may report anything. */
export type Reported = Readonly<Record<string, unknown>>

/** What happened in a run so far. */
export interface RunResult extends Timing {
  calls: readonly Call[]
  /** The jobs that the client submitted, in order. */
  jobs: readonly { operation: string; state: string }[]
  /** The rows that the API holds, by table. */
  tables: Readonly<Record<string, readonly unknown[]>>
  /** In the order of the drill; fewer when some are no longer armed. `limit`: how often it can fire. */
  faults: readonly { id: string; operation: string; hits: number; limit: number; plan: string | null }[]
  /** When the stages of its plan last; empty without a plan. */
  stages: readonly Span[]
  /** What the client left over in the sandbox. */
  problems: readonly string[]
  /** The file that the client downloaded last, as the server sends it. */
  file: { name: string; sha256: string; call: Pick<Call, 'id'> } | undefined
  reported: Reported
}

const judges: { [Name in Rule['rule']]: (rule: RuleOf<Name>, run: RunResult) => Finding } = {
  calls: (rule, { calls }) => judgeCalls(rule, calls),
  order: (rule, { calls }) => judgeOrder(rule, calls),
  'back-off': (rule, run) => judgeBackOff(rule, run.calls, run),
  jitter: (rule, { calls }) => judgeJitter(rule, calls),
  duration: (rule, run) => judgeDuration(rule, run.calls, run),
  'no-call-after': (rule, { calls }) => judgeNoCallAfter(rule, calls),
  'last-answer': (rule, { calls }) => judgeLastAnswer(rule, calls),
  'fault-fired': judgeFault,
  baseline: judgeBaseline,
  job: judgeJob,
  jobs: judgeJobs,
  'if-success': judgeIfSuccess,
  rows: judgeRows,
  file: judgeFile,
  outcome: ({ outcome }, { reported }) => ({
    expected: `the client to report ${outcome}`,
    verdict: passedIf(reported.outcome === outcome),
    observed:
      reported.outcome === undefined
        ? 'it reported no outcome'
        : `it reported ${typeof reported.outcome === 'string' ? reported.outcome : JSON.stringify(reported.outcome)}`,
    evidence: [],
  }),
  reported: ({ match }, { reported }) => ({
    expected: `the client to report ${JSON.stringify(match)}`,
    verdict: passedIf(holds(reported, match)),
    observed: `it reported ${JSON.stringify(pick(reported, Object.keys(match)))}`,
    evidence: [],
  }),
  clean: (_rule, { problems }) => ({
    expected: 'nothing to be left over in the sandbox',
    verdict: passedIf(problems.length === 0),
    observed: `found ${problems.length === 0 ? 'nothing' : problems.join('; ')}`,
    evidence: [],
  }),
}

export function judge(rule: Rule, run: RunResult): Finding {
  return (judges[rule.rule] as (rule: Rule, run: RunResult) => Finding)(rule, run)
}

function judgeFault({ fault }: RuleOf<'fault-fired'>, { faults, calls }: RunResult): Finding {
  const found = faults[fault - 1]
  const { hits = 0, limit = 1, operation } = found ?? {}
  const times = Number.isFinite(limit) ? timesWords(limit) : 'at least once'
  return {
    expected: `fault ${fault}${operation === undefined ? '' : ` on ${operation}`} to fire ${times}`,
    // Without the fault, the run does not show how the client behaves.
    verdict: hits === 0 ? 'inconclusive' : passedIf(!Number.isFinite(limit) || hits >= limit),
    observed: found ? `it fired ${timesWords(hits)}` : 'it is no longer armed',
    evidence: calls.filter(call => found && call.fault === found.id),
  }
}

/** Before the first fault and after the last, everything works. */
function judgeBaseline(_rule: RuleOf<'baseline'>, { calls, stages, faults }: RunResult): Finding {
  const inStage = (stage: Span | undefined) =>
    calls.filter(({ at }) => stage !== undefined && stage.from <= at && at < stage.until)
  const [before, after] = [inStage(stages[0]), inStage(stages.at(-1))]
  const successful = [before, after].map(group => group.find(call => isAnswer('ok', call)))
  const isFaulty = faults.some(({ plan, hits }) => plan !== null && hits > 0)
  const [first, last] = successful
  return {
    expected: 'a successful call before the faults of the plan and one after them',
    verdict: before.length === 0 || !isFaulty ? 'inconclusive' : passedIf(first !== undefined && last !== undefined),
    observed: baselineWords([before.length, first !== undefined], [after.length, last !== undefined], isFaulty),
    evidence: successful.filter(call => call !== undefined),
  }
}

type Stage = [calls: number, isSuccessful: boolean]

function baselineWords(before: Stage, after: Stage, isFaulty: boolean): string {
  const words = ([calls, isSuccessful]: Stage, when: string) =>
    isSuccessful ? `one succeeded ${when}` : `${calls === 0 ? 'there was no call' : 'no call succeeded'} ${when}`
  return [words(before, 'before'), words(after, 'after'), ...(isFaulty ? [] : ['no fault of the plan fired'])].join(
    ', ',
  )
}

function timesWords(times: number): string {
  return times === 1 ? 'once' : `${times} times`
}

function judgeJob({ operation, state }: RuleOf<'job'>, { jobs, calls }: RunResult): Finding {
  const operations = [operation].flat()
  const last = jobs.findLast(job => operation === EVERY || operations.includes(job.operation))
  const call = calls.findLast(each => operations.includes(each.operation))
  return {
    expected: `the last job of ${callWords({ operation })} to be ${state}`,
    verdict: passedIf(last?.state === state),
    observed: `found ${last ? last.state : 'none'}`,
    evidence: call ? [call] : [],
  }
}

function judgeJobs({ atMost }: RuleOf<'jobs'>, { jobs, calls }: RunResult): Finding {
  const operations = jobs.map(({ operation }) => operation)
  return {
    expected: `at most ${atMost} ${atMost === 1 ? 'job' : 'jobs'} to be submitted`,
    verdict: passedIf(jobs.length <= atMost),
    observed: jobs.length === 0 ? 'found none' : `found ${jobs.length}: ${operations.join(', ')}`,
    evidence: calls.filter(call => operations.includes(call.operation)),
  }
}

function judgeIfSuccess({ rules }: RuleOf<'if-success'>, run: RunResult): Finding {
  const findings = rules.map(rule => judge(rule, run))
  const failed = findings.filter(({ verdict }) => verdict !== 'passed')
  const isClaimed = run.reported.outcome === 'success'
  const observed = failed.length === 0 ? 'it claimed success' : failed.map(finding => finding.observed).join(', ')
  return {
    expected: `${findings.map(({ expected }) => expected).join(', and ')}, if the client claims success`,
    verdict: passedIf(!isClaimed || failed.length === 0),
    observed: isClaimed ? observed : 'it did not claim success',
    evidence: failed.flatMap(({ evidence }) => evidence),
  }
}

function judgeRows({ table, match, exactly }: RuleOf<'rows'>, { tables }: RunResult): Finding {
  const count = (tables[table] ?? []).filter(row => holds(row, match)).length
  return {
    expected: `exactly ${exactly} ${exactly === 1 ? singular(table) : table} matching ${JSON.stringify(match)}`,
    verdict: passedIf(count === exactly),
    observed: `found ${count}`,
    evidence: [],
  }
}

/** Tables have plural names. */
function singular(table: string): string {
  return table.replace(/s$/, '')
}

function judgeFile({ name }: RuleOf<'file'>, { file, reported }: RunResult): Finding {
  const expected = `a complete, unchanged copy of ${name ?? 'the file'}`
  const { sha256 } = reported
  const finding = (verdict: Finding['verdict'], observed: string): Finding => ({
    expected,
    verdict,
    observed,
    evidence: file ? [file.call] : [],
  })
  if (!file) return finding('failed', 'found no download of a file that still exists')
  if (name !== undefined && file.name !== name) return finding('failed', `found a download of ${file.name}`)
  if (typeof sha256 !== 'string') return finding('failed', 'found no reported SHA-256')
  if (sha256.toLowerCase() === file.sha256) return finding('passed', 'found the same SHA-256')
  return finding('failed', `found SHA-256 ${sha256}, not ${file.sha256}`)
}

function pick(fields: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.map(name => [name, ownValue(fields, name)]))
}
