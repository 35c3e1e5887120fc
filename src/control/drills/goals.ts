// The rules of drills: what each asks for, whether a run kept it, and what there was instead, in words. Pure.
import type { Goal, GoalOf } from '../../../schemas/drills.ts'
import {
  type Finding,
  judgeBackOff,
  judgeCalls,
  judgeDuration,
  judgeLastAnswer,
  judgeNoCallAfter,
  judgeOrder,
} from './callgoals.ts'
import { type Call, callWords, holds } from './calls.ts'

/** What a run has come to. */
export interface RunResult {
  calls: readonly Call[]
  /** Those that the client submitted, in order. */
  jobs: readonly { operation: string; state: string }[]
  /** The rows that the API holds, by table. */
  tables: Readonly<Record<string, readonly unknown[]>>
  /** In the order of the drill; shorter when some are not armed any more. */
  faults: readonly { operation: string; hits: number; completed: boolean }[]
  /** What is left over in the sandbox. */
  problems: readonly string[]
  /** What the client downloaded last, as the server sends it. */
  file: { name: string; sha256: string } | undefined
  reported: { sha256?: string; outcome?: string }
}

const judges: { [Name in Goal['rule']]: (goal: GoalOf<Name>, run: RunResult) => Finding } = {
  calls: (goal, { calls }) => judgeCalls(goal, calls),
  order: (goal, { calls }) => judgeOrder(goal, calls),
  'back-off': (goal, { calls }) => judgeBackOff(goal, calls),
  duration: (goal, { calls }) => judgeDuration(goal, calls),
  'no-call-after': (goal, { calls }) => judgeNoCallAfter(goal, calls),
  'last-answer': (goal, { calls }) => judgeLastAnswer(goal, calls),
  'fault-fired': judgeFault,
  job: judgeJob,
  rows: judgeRows,
  file: judgeFile,
  outcome: ({ outcome }, { reported }) => ({
    rule: `the client reports ${outcome}`,
    passed: reported.outcome === outcome,
    detail: reported.outcome
      ? `it reported ${reported.outcome}`
      : 'it reported none: ask for the verdict with outcome=',
  }),
  clean: (_goal, { problems }) => ({
    rule: 'nothing is left over in the sandbox',
    passed: problems.length === 0,
    detail: problems.length === 0 ? 'nothing was' : problems.join('; '),
  }),
}

export function judge(goal: Goal, run: RunResult): Finding {
  return (judges[goal.rule] as (goal: Goal, run: RunResult) => Finding)(goal, run)
}

function judgeFault({ fault }: GoalOf<'fault-fired'>, { faults }: RunResult): Finding {
  const found = faults[fault - 1]
  return {
    rule: `the client runs into fault ${fault}${found ? `, on ${found.operation}` : ''}`,
    passed: found?.completed ?? false,
    detail: found ? `it fired ${found.hits === 1 ? 'once' : `${found.hits} times`}` : 'it is not armed any more',
  }
}

function judgeJob({ operation, state }: GoalOf<'job'>, { jobs }: RunResult): Finding {
  const last = jobs.findLast(job => [operation].flat().includes(job.operation))
  return {
    rule: `the last job of ${callWords({ operation })} is ${state}`,
    passed: last?.state === state,
    detail: last ? `it is ${last.state}` : 'there is none',
  }
}

function judgeRows({ table, match, exactly }: GoalOf<'rows'>, { tables }: RunResult): Finding {
  const count = (tables[table] ?? []).filter(row => holds(row, match)).length
  return {
    rule: `exactly ${exactly} of ${table} with ${JSON.stringify(match)}`,
    passed: count === exactly,
    detail: count === 1 ? 'there is 1' : `there are ${count}`,
  }
}

function judgeFile({ name }: GoalOf<'file'>, { file, reported }: RunResult): Finding {
  const rule = `the client has all of ${name ?? 'the file'}, unchanged`
  if (!file) return { rule, passed: false, detail: 'it downloaded no file that is still there' }
  if (name !== undefined && file.name !== name) return { rule, passed: false, detail: `it downloaded ${file.name}` }
  const { sha256 } = reported
  if (sha256 === undefined)
    return { rule, passed: false, detail: 'it reported no hash: ask for the verdict with sha256=' }
  const same = sha256.toLowerCase() === file.sha256
  return { rule, passed: same, detail: same ? 'its SHA-256 is right' : `its SHA-256 is ${sha256}, not ${file.sha256}` }
}
