// The jobs of the baseline: a row with the instants at which the phases end, from which its state is computed when it is read.
import type { Database } from 'better-sqlite3'
import type { JobData } from './data.ts'

export interface Phase {
  name: string
  endAt: number
}

export interface Job {
  id: string
  api: string
  kind: string
  username: string | null
  operationUri: string | null
  submittedAt: number
  /** JSON of `Phase[]`. */
  phases: string
  state: string
  reason: string | null
  endAt: number
}

export function jobTable(db: Database, given: readonly JobData[]) {
  db.exec(`CREATE TABLE job (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, api TEXT NOT NULL, kind TEXT NOT NULL,
      username TEXT, operationUri TEXT, submittedAt INTEGER NOT NULL, phases TEXT NOT NULL, state TEXT NOT NULL, reason TEXT,
      endAt INTEGER NOT NULL) STRICT;
    CREATE INDEX jobByEnd ON job (endAt)`)
  const insert =
    db.prepare(`INSERT INTO job (id, api, kind, username, operationUri, submittedAt, phases, state, reason, endAt)
    VALUES (@id, @api, @kind, @username, @operationUri, @submittedAt, @phases, @state, @reason, @endAt)`)
  const jobs = {
    insert: (job: Job) => insert.run(job),
    find: db.prepare<[string], Job>('SELECT * FROM job WHERE id = ?'),
    all: db.prepare<[], Job>('SELECT * FROM job ORDER BY number'),
    idsOf: db.prepare<[string], string>('SELECT id FROM job WHERE api = ? ORDER BY number').pluck(),
    nextEnd: db.prepare<[number], number | null>('SELECT min(endAt) FROM job WHERE endAt > ?').pluck(),
  }
  for (const { api, id, kind, subject, submittedAt, phases, ending } of given) {
    const ends = phases.map(({ name, endAt }) => ({ name, endAt: Date.parse(endAt) }))
    jobs.insert({
      id,
      api,
      kind,
      username: subject.username ?? null,
      operationUri: subject.operationUri ?? null,
      submittedAt: Date.parse(submittedAt),
      phases: JSON.stringify(ends),
      state: ending.state,
      reason: ending.reason ?? null,
      endAt: ends.at(-1)?.endAt ?? 0,
    })
  }
  return jobs
}

export type Jobs = ReturnType<typeof jobTable>

export function phasesFrom(submittedAt: number, durations: Record<string, number>): Phase[] {
  let endAt = submittedAt
  return Object.entries(durations).map(([name, ms]) => {
    endAt += ms
    return { name, endAt }
  })
}
