// The table of fault rules, as snapshots, exports and data files hold it.
import { type Static, Type } from '@sinclair/typebox'
import { HeadPattern } from '../../../schemas/patterns.ts'
import { MAX_TIMES } from '../limits.ts'
import type { Migrations } from '../store.ts'
import { defineTable, Nullable } from '../tables.ts'
import { CREATE_FAULT_FILE } from './file-counts.ts'
import { UPGRADE_RULES, upgradeRule } from './matches.ts'

/** The name of a fault kind, with its parameters beside it. Sandboxes do not depend on the kinds. */
export interface Fault {
  fault: string
  [parameter: string]: unknown
}
const Fault = Type.Unsafe<Fault>(Type.Object({ fault: Type.String() }, { additionalProperties: true }))

/** Stands for no fault in a sequence. */
export const NO_FAULT = 'none'

/** A rule has either one fault or a sequence of them; of `times` and `nth` at most one, and none with a sequence. */
export const faultTable = defineTable(
  'fault',
  'faults',
  Type.Object({
    id: Type.String(),
    api: Nullable(Type.String()),
    operation: Type.String(),
    match: Nullable(HeadPattern),
    fault: Nullable(Fault),
    sequence: Nullable(Type.Array(Fault, { minItems: 1, maxItems: 1000 })),
    times: Nullable(Type.Integer({ minimum: 1, maximum: MAX_TIMES })),
    nth: Nullable(Type.Integer({ minimum: 1, maximum: MAX_TIMES })),
    probability: Nullable(Type.Number({ minimum: 0, maximum: 1 })),
    /** Whether `times`, `nth` and `sequence` count the requests for each path by themselves. */
    perFile: Type.Boolean({ default: false }),
    matched: Type.Integer({ default: 0 }),
    hits: Type.Integer({ default: 0 }),
    /** With the seed, determines its draws: ids differ between sandboxes, this does not. Null in older versions: the id. */
    drawKey: Nullable(Type.String()),
    /** The plan that it was armed with, and the stage during which it applies, starting at 1. */
    plan: Nullable(Type.String()),
    stage: Nullable(Type.Integer({ minimum: 1 })),
  }),
  upgradeRule,
)
export type FaultRule = Static<typeof faultTable.row>
export type NewFaultRule = Omit<FaultRule, 'id' | 'drawKey' | 'matched' | 'hits' | 'plan' | 'stage'>

export const faultMigrations: Migrations = {
  owner: 'faults',
  scripts: [
    `CREATE TABLE fault (id TEXT PRIMARY KEY, api TEXT, operation TEXT NOT NULL, match TEXT, fault TEXT, sequence TEXT,
       times INTEGER, nth INTEGER, probability REAL, matched INTEGER NOT NULL, hits INTEGER NOT NULL) STRICT;`,
    'ALTER TABLE fault ADD COLUMN drawKey TEXT;',
    UPGRADE_RULES,
    `CREATE TABLE fault_plan (id TEXT PRIMARY KEY, name TEXT NOT NULL, armedAt INTEGER NOT NULL, stages TEXT NOT NULL) STRICT;
     ALTER TABLE fault ADD COLUMN plan TEXT;
     ALTER TABLE fault ADD COLUMN stage INTEGER;`,
    `ALTER TABLE fault ADD COLUMN perFile INTEGER NOT NULL DEFAULT 0;
     ${CREATE_FAULT_FILE}`,
  ],
}
