// The tables of the job engine: jobs, recurring events, and rules for future jobs.
import { type Static, Type } from '@sinclair/typebox'
import { Outcome } from '../../../schemas/outcome.ts'
import { FACTORS, MAX_DURATION_MS, MAX_TIMES } from '../limits.ts'
import type { Migrations } from '../store.ts'
import { defineTable, Instant, Nullable } from '../tables.ts'
import { JobResult, PlannedPhase } from './plan.ts'

export const jobTable = defineTable(
  'job',
  'jobs',
  Type.Object({
    api: Type.String(),
    id: Type.String(),
    kind: Type.String(),
    subject: Type.Unknown({ 'x-json': true }),
    submittedAt: Instant(),
    phases: Type.Array(PlannedPhase),
    ending: JobResult,
    settledPhases: Type.Integer({ default: 0 }),
    dueAt: Nullable(Instant()),
    pollsToEnd: Nullable(Type.Integer()),
    pollsSeen: Type.Integer({ default: 0 }),
  }),
)
export type Job = Static<typeof jobTable.row>

/** A recurring event; unlike a job it has no end and no outcome. */
export const scheduleTable = defineTable(
  'schedule',
  'schedules',
  Type.Object({
    api: Type.String(),
    id: Type.String(),
    kind: Type.String(),
    subject: Type.Unknown({ 'x-json': true }),
    dueAt: Instant(),
  }),
)
export type Schedule = Static<typeof scheduleTable.row>

/** Changes all future jobs of one operation, or the next `times`. What is null is not changed. */
export const jobRuleTable = defineTable(
  'jobRule',
  'jobRules',
  Type.Object({
    id: Type.String(),
    operation: Type.String(),
    progression: Nullable(Type.String()),
    speed: Nullable(Type.Number({ minimum: FACTORS.min, maximum: FACTORS.max })),
    durations: Nullable(Type.Record(Type.String(), Type.Integer({ minimum: 0, maximum: MAX_DURATION_MS }))),
    outcome: Nullable(Outcome),
    times: Nullable(Type.Integer({ minimum: 1, maximum: MAX_TIMES })),
    used: Type.Integer({ default: 0 }),
    /** The fault profile that added the rule; null if none did. */
    profile: Nullable(Type.String()),
  }),
)
export type JobRule = Static<typeof jobRuleTable.row>

export const jobMigrations: Migrations = {
  owner: 'jobs',
  scripts: [
    `CREATE TABLE job (api TEXT NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT,
       submittedAt INTEGER NOT NULL, phases TEXT NOT NULL, ending TEXT NOT NULL, settledPhases INTEGER NOT NULL,
       dueAt INTEGER, pollsToEnd INTEGER, pollsSeen INTEGER NOT NULL, UNIQUE (api, id)) STRICT;
     CREATE INDEX jobDue ON job (dueAt) WHERE dueAt IS NOT NULL;
     CREATE TABLE schedule (api TEXT NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT,
       dueAt INTEGER NOT NULL, UNIQUE (api, id)) STRICT;
     CREATE INDEX scheduleDue ON schedule (dueAt);
     CREATE TABLE jobRule (id TEXT PRIMARY KEY, operation TEXT NOT NULL, progression TEXT, speed REAL, durations TEXT,
       outcome TEXT, times INTEGER, used INTEGER NOT NULL) STRICT;`,
    'ALTER TABLE jobRule ADD COLUMN profile TEXT',
    'CREATE INDEX jobKind ON job (api, kind)',
  ],
}
