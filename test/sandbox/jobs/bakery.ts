// Shared by the tests of jobs: what they submit to the bakery, and what they read back.
import type { FiredEvents } from '../../../src/sandbox/jobs/fired-events.ts'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { SECOND, type Series, START } from '../bakery.ts'

/** Submits a job of a kind that always succeeds. */
export function submit(sandbox: Sandbox, kind: string, id: string) {
  return sandbox.jobs.submit(
    { api: 'bakery', id, kind, subject: null, outcome: { result: 'success' } },
    sandbox.settle(),
  )
}

/** Arms a recurring event whose first occurrence is due at `dueAt`. */
export function print(sandbox: Sandbox, id: string, subject: Series, dueAt: number): void {
  sandbox.jobs.arm({ api: 'bakery', id, kind: 'print', subject, dueAt })
}

/** When the papers that are left were printed. */
export function papersOf({ store }: Sandbox): number[] {
  return store
    .all<{ printedAt: number }>('SELECT printedAt FROM paper ORDER BY rowid')
    .map(({ printedAt }) => printedAt)
}

/** One line per event: seconds since START, id, phase if there is one, and state. */
export function summary({ listed }: FiredEvents): string[] {
  return listed.map(({ at, id, phase, state }) =>
    [`${(at - START) / SECOND}s`, id, ...(phase ? [phase] : []), state].join(' '),
  )
}
