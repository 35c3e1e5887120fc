// What the tests of drill rules share: cases of what happened in a run, and a check of how they are judged.
import t from 'tap'
import type { Rule } from '../../../schemas/drills.ts'
import type { Finding } from '../../../src/control/drills/callrules.ts'
import type { Call } from '../../../src/control/drills/calls.ts'
import { judge, type RunResult } from '../../../src/control/drills/rules.ts'

export interface Case {
  rule: Rule
  /** What happened in the run; nothing happened in what is left out. */
  run: Partial<RunResult>
  /** What is expected, in words. */
  expected: string
  /** What happened, in words. */
  observed: string
  verdict: Finding['verdict']
  /** The ids of the calls that show it, which are `operation@ms`; not checked when left out. */
  evidence?: string[]
}

const NOTHING: RunResult = {
  timeScale: 0,
  calls: [],
  jobs: [],
  tables: {},
  faults: [],
  stages: [],
  problems: [],
  file: undefined,
  reported: {},
}

/** Adds a test for each rule. */
export function testJudging(casesByRule: Record<string, Case[]>): void {
  for (const [name, cases] of Object.entries(casesByRule)) {
    t.test(name, async t => {
      for (const { rule, run, evidence, ...finding } of cases) {
        const { evidence: calls, ...judged } = judge(rule, { ...NOTHING, ...run })
        t.same(judged, finding)
        const ids = calls.map(({ id }) => id)
        if (evidence) t.same(ids, evidence)
      }
    })
  }
}

/** A successful call. */
export function callOf(operation: string, at: number, more: Partial<Call> = {}): Call {
  return {
    id: `${operation}@${at}`,
    operation,
    path: `/${operation}`,
    at,
    status: 200,
    error: undefined,
    fault: undefined,
    isChangedByFault: false,
    body: undefined,
    matches: () => true,
    ...more,
  }
}

/** Successful calls of `poll`. */
export function pollsAt(...seconds: number[]): Call[] {
  return seconds.map(second => callOf('poll', second * 1000))
}
