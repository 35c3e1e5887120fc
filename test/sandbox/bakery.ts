// A small API for the tests of sandboxes, with tables, jobs and recurring events: a bakery.
import { Type } from '@sinclair/typebox'
import type { Test } from 'tap'
import { exportDocument } from '../../src/sandbox/documents.ts'
import { Journals } from '../../src/sandbox/journal/journals.ts'
import { Registry, type RegistryOptions } from '../../src/sandbox/registry.ts'
import type { ApiState, Sandbox } from '../../src/sandbox/sandbox.ts'
import { defineTable, Instant, Nullable } from '../../src/sandbox/tables.ts'

export const START = Date.parse('2026-06-10T12:00:00Z')
export const SECOND = 1000
export const DAY = 86_400_000

/** Loaves are made by jobs. `number` comes from a sequence and shows the order of effects. */
export const loaves = defineTable(
  'loaf',
  'loaves',
  Type.Object({
    number: Type.Integer({ minimum: 1 }),
    name: Type.String({ minLength: 1 }),
    bakedAt: Instant(),
    eatenAt: Nullable(Instant()),
    isFresh: Type.Boolean({ default: true }),
    slices: Nullable(Type.Array(Type.Integer())),
  }),
)

/** Papers are made by recurring events, and deleted after `daysKept` days. */
const papers = defineTable(
  'paper',
  'papers',
  Type.Object({ series: Type.String(), printedAt: Instant(), daysKept: Type.Number() }),
)

export interface Series {
  series: string
  everyMs: number
  daysKept: number
  /** The last instant (epoch ms) at which a paper may be printed. */
  until?: number
}

export const bakery: ApiState = {
  name: 'bakery',
  migrations: [
    `CREATE TABLE loaf (number INTEGER PRIMARY KEY, name TEXT NOT NULL, bakedAt INTEGER NOT NULL, eatenAt INTEGER,
       isFresh INTEGER NOT NULL, slices TEXT) STRICT;
     CREATE TABLE paper (series TEXT NOT NULL, printedAt INTEGER NOT NULL, daysKept REAL NOT NULL) STRICT;`,
  ],
  tables: [loaves, papers],
  kinds: {
    jobs: {
      bake: {
        operation: 'bakeLoaf',
        phases: [
          { name: 'knead', ms: 10 * SECOND },
          { name: 'rise', ms: 60 * SECOND },
          { name: 'oven', ms: 30 * SECOND },
        ],
        timeLimitMs: 300 * SECOND,
        ended({ store, ids }, { id, ending }, at) {
          if (ending.withoutResult) return
          const name = `${id} ${ending.state}`
          loaves.insert(store, {
            number: ids.next('loaf'),
            name,
            bakedAt: at,
            eatenAt: null,
            isFresh: true,
            slices: null,
          })
        },
      },
      /** When it ends, it submits a job of kind `bake` at the same instant. */
      order: {
        operation: 'orderLoaf',
        phases: [{ name: 'ring', ms: 5 * SECOND }],
        timeLimitMs: 60 * SECOND,
        ended({ jobs }, { id }, at) {
          jobs.submit(
            { api: 'bakery', id: `${id}-loaf`, kind: 'bake', subject: null, outcome: { result: 'success' } },
            at,
          )
        },
      },
      burn: {
        operation: 'burnLoaf',
        phases: [{ name: 'burn', ms: 20 * SECOND }],
        timeLimitMs: 60 * SECOND,
        ended({ store }) {
          store.run('DELETE FROM loaf')
          throw new Error('the oven is on fire')
        },
      },
    },
    schedules: {
      print: {
        next({ everyMs, until = Infinity }: Series, after: number) {
          const next = after + everyMs
          return next > until ? undefined : next
        },
        run({ store }: Sandbox, { series, daysKept }: Series, at: number) {
          store.run('DELETE FROM paper WHERE series = ? AND printedAt + daysKept * 86400000 <= ?', series, at)
          papers.insert(store, { series, printedAt: at, daysKept })
        },
      },
    },
  },
}

const OPTIONS: RegistryOptions = {
  apiStates: [bakery],
  fixtures: {},
  scenarios: {},
  settings: {
    seed: 'seed',
    timing: { progression: { by: 'time' }, speed: 1 },
    apiOptions: {},
    journals: new Journals({ entries: 100, bytes: 100_000, totalBytes: 1_000_000, listeners: 10 }),
    history: undefined,
    maxFaults: 10_000,
    checkFault: () => undefined,
  },
  clock: { rate: 0, at: START },
  limits: { sandboxes: 100, openFiles: 10, idleMs: DAY, snapshots: 10 },
  createOnUse: true,
}

export interface BakeryOptions extends Partial<Omit<RegistryOptions, 'settings'>> {
  settings?: Partial<RegistryOptions['settings']>
}

/** The caller must close the registry. */
export function openBakeries({ settings, ...options }: BakeryOptions = {}): Registry {
  return new Registry({ ...OPTIONS, ...options, settings: { ...OPTIONS.settings, ...settings } })
}

/** Several sandboxes, closed when the test ends. */
export function bakeries(t: Test, options: BakeryOptions = {}): Registry {
  const registry = openBakeries(options)
  t.teardown(() => registry.close())
  return registry
}

/** One sandbox, closed when the test ends. */
export function openBakery(t: Test, options: BakeryOptions = {}): Sandbox {
  return bakeries(t, options).get('default')
}

/** The exported state of a sandbox: clock, jobs, schedules, sequences and the rows of the bakery. */
export function everything(sandbox: Sandbox): unknown {
  return exportDocument(sandbox, [bakery])
}

/** Submits a job of kind `bake`. */
export function bake(sandbox: Sandbox, id: string, more: object = {}) {
  const order = { api: 'bakery', id, kind: 'bake', subject: null, outcome: { result: 'success' } as const, ...more }
  return sandbox.jobs.submit(order, sandbox.settle())
}

export function loavesOf({ store }: Sandbox): { number: number; name: string; bakedAt: number }[] {
  return store.all('SELECT number, name, bakedAt FROM loaf ORDER BY number')
}

/** The error that `work` throws. */
export function caught(work: () => unknown): unknown {
  try {
    work()
  } catch (thrown) {
    return thrown
  }
  throw new Error('it should have thrown')
}
