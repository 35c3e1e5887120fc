// The table of fault rules, as snapshots, exports and data files carry it.
import { type Static, Type } from '@sinclair/typebox'
import { FormatRegistry } from '@sinclair/typebox/type'
import { Fault, Sequence } from './faultkinds.ts'
import type { Migrations } from './store.ts'
import { defineTable, Nullable } from './tables.ts'

FormatRegistry.Set('regex', isPattern)

const texts = Type.Optional(Type.Record(Type.String(), Type.String()))

/** Which requests of an operation are meant: those for which all of it holds. */
export const FaultMatch = Type.Object(
  {
    method: Type.Optional(Type.String()),
    urlPath: Type.Optional(Type.String()),
    urlPathPattern: Type.Optional(Type.String({ format: 'regex' })),
    query: texts,
    headers: texts,
  },
  { additionalProperties: false },
)
export type FaultMatch = Static<typeof FaultMatch>

/** A rule has either one fault or a sequence of them; of `times` and `nth` at most one, and none with a sequence. */
export const faultTable = defineTable(
  'fault',
  'faults',
  Type.Object({
    id: Type.String(),
    api: Nullable(Type.String()),
    operation: Type.String(),
    match: Nullable(FaultMatch),
    fault: Nullable(Fault),
    sequence: Nullable(Sequence),
    times: Nullable(Type.Integer({ minimum: 1 })),
    nth: Nullable(Type.Integer({ minimum: 1 })),
    probability: Nullable(Type.Number({ minimum: 0, maximum: 1 })),
    matched: Type.Integer({ default: 0 }),
    hits: Type.Integer({ default: 0 }),
    /** What its draws depend on besides the seed: not the id, which differs between sandboxes. Null: the id, as in older versions. */
    drawKey: Nullable(Type.String()),
  }),
)
export type FaultRule = Static<typeof faultTable.row>
export type NewFaultRule = Omit<FaultRule, 'id' | 'drawKey' | 'matched' | 'hits'>

export const faultMigrations: Migrations = {
  owner: 'faults',
  scripts: [
    `CREATE TABLE fault (id TEXT PRIMARY KEY, api TEXT, operation TEXT NOT NULL, match TEXT, fault TEXT, sequence TEXT,
       times INTEGER, nth INTEGER, probability REAL, matched INTEGER NOT NULL, hits INTEGER NOT NULL) STRICT;`,
    'ALTER TABLE fault ADD COLUMN drawKey TEXT;',
  ],
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) !== undefined
  } catch {
    return false
  }
}
