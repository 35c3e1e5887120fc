// What the tests of drill rules share: cases of what happened in a run, and a check of how they are judged.
import t from 'tap'
import type { Goal } from '../../../schemas/drills.ts'
import type { Call } from '../../../src/control/drills/calls.ts'
import { judge, type RunResult } from '../../../src/control/drills/goals.ts'

export interface Case {
  goal: Goal
  /** What happened in the run; nothing happened in what is left out. */
  run: Partial<RunResult>
  /** What is expected, in words. */
  rule: string
  /** What happened, in words. */
  detail: string
  passed: boolean
}

const NOTHING: RunResult = { calls: [], jobs: [], tables: {}, faults: [], problems: [], file: undefined, reported: {} }

/** Adds a test for each rule. */
export function testJudging(casesByRule: Record<string, Case[]>): void {
  for (const [name, cases] of Object.entries(casesByRule)) {
    t.test(name, async t => {
      for (const { goal, run, rule, detail, passed } of cases) {
        t.same(judge(goal, { ...NOTHING, ...run }), { rule, passed, detail })
      }
    })
  }
}

/** A successful call. */
export function callOf(operation: string, at: number, more: Partial<Call> = {}): Call {
  return {
    operation,
    path: `/${operation}`,
    at,
    status: 200,
    error: undefined,
    isChangedByFault: false,
    body: undefined,
    ...more,
  }
}

/** Successful calls of `poll`. */
export function pollsAt(...seconds: number[]): Call[] {
  return seconds.map(second => callOf('poll', second * 1000))
}
