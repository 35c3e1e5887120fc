// Judges the rules of drills: what each expects, whether a run satisfies it, and what happened, in words. Pure.
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

/** What happened in a run so far. */
export interface RunResult {
  calls: readonly Call[]
  /** The jobs that the client submitted, in order. */
  jobs: readonly { operation: string; state: string }[]
  /** The rows that the API holds, by table. */
  tables: Readonly<Record<string, readonly unknown[]>>
  /** In the order of the drill; fewer when some are no longer armed. */
  faults: readonly { operation: string; hits: number; completed: boolean }[]
  /** What the client left over in the sandbox. */
  problems: readonly string[]
  /** The file that the client downloaded last, as the server sends it. */
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
    rule: `the client to report ${outcome}`,
    passed: reported.outcome === outcome,
    detail: reported.outcome
      ? `it reported ${reported.outcome}`
      : 'it reported nothing, add outcome= to the request for the verdict',
  }),
  clean: (_goal, { problems }) => ({
    rule: 'nothing to be left over in the sandbox',
    passed: problems.length === 0,
    detail: `found ${problems.length === 0 ? 'nothing' : problems.join('; ')}`,
  }),
}

export function judge(goal: Goal, run: RunResult): Finding {
  return (judges[goal.rule] as (goal: Goal, run: RunResult) => Finding)(goal, run)
}

function judgeFault({ fault }: GoalOf<'fault-fired'>, { faults }: RunResult): Finding {
  const found = faults[fault - 1]
  return {
    rule: `fault ${fault}${found ? ` on ${found.operation}` : ''} to fire as often as it is armed for`,
    passed: found?.completed ?? false,
    detail: found ? `it fired ${found.hits === 1 ? 'once' : `${found.hits} times`}` : 'it is no longer armed',
  }
}

function judgeJob({ operation, state }: GoalOf<'job'>, { jobs }: RunResult): Finding {
  const last = jobs.findLast(job => [operation].flat().includes(job.operation))
  return {
    rule: `the last job of ${callWords({ operation })} to be ${state}`,
    passed: last?.state === state,
    detail: `found ${last ? last.state : 'none'}`,
  }
}

function judgeRows({ table, match, exactly }: GoalOf<'rows'>, { tables }: RunResult): Finding {
  const count = (tables[table] ?? []).filter(row => holds(row, match)).length
  return {
    rule: `exactly ${exactly} ${exactly === 1 ? singular(table) : table} matching ${JSON.stringify(match)}`,
    passed: count === exactly,
    detail: `found ${count}`,
  }
}

/** Tables have plural names. */
function singular(table: string): string {
  return table.replace(/s$/, '')
}

function judgeFile({ name }: GoalOf<'file'>, { file, reported }: RunResult): Finding {
  const rule = `a complete, unchanged copy of ${name ?? 'the file'}`
  if (!file) return { rule, passed: false, detail: 'found no download of a file that still exists' }
  if (name !== undefined && file.name !== name)
    return { rule, passed: false, detail: `found a download of ${file.name}` }
  const { sha256 } = reported
  if (sha256 === undefined) {
    return { rule, passed: false, detail: 'found no reported hash, add sha256= to the request for the verdict' }
  }
  const same = sha256.toLowerCase() === file.sha256
  return { rule, passed: same, detail: same ? 'found the same SHA-256' : `found SHA-256 ${sha256}, not ${file.sha256}` }
}
