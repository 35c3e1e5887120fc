// State documents: the JSON form of a sandbox's contents, read from fixtures and imports and written by exports.
import { isoInstant, parseInstant } from './clock/clock.ts'
import { checkRows } from './document-checks.ts'
import { isObject } from './is-object.ts'
import { MAX_EVENTS } from './jobs/fired-events.ts'
import { CLOCK_RANGE, FACTORS, isClockInstant, isFactor } from './limits.ts'
import { Refusal } from './refusal.ts'
import { type ApiState, coreMigrations, coreTables, Sandbox, type SandboxSettings } from './sandbox.ts'
import { openMemory } from './store.ts'
import { FixtureError, type Table } from './tables.ts'

/** Incremented when older documents would be misread. Documents without a format have this one. */
export const DOCUMENT_FORMAT = 1

/** The rows of each API's tables; complete documents also contain the clock and the core tables. */
export type Document = Record<string, unknown>

/** The clock of a document. */
export interface DocumentClock {
  now: string
  rate: number
}

/** The complete contents of a sandbox, including its secrets. */
export function exportDocument({ store, clock }: Sandbox, apiStates: readonly ApiState[]): Document {
  const rows = (tables: readonly Table[]) => Object.fromEntries(tables.map(table => [table.key, table.export(store)]))
  return {
    format: DOCUMENT_FORMAT,
    clock: { now: isoInstant(clock.now()), rate: clock.setting.rate } satisfies DocumentClock,
    ...rows(coreTables),
    ...Object.fromEntries(apiStates.map(({ name, tables }) => [name, rows(tables)])),
  }
}

/** The instant (epoch ms) and rate of the document's clock, if it has one. Throws FixtureError. */
export function clockOf(document: Document): { at: number; rate: number } | undefined {
  if (document.clock === undefined) return undefined
  const { now, rate } = (document.clock ?? {}) as Partial<DocumentClock>
  const at = typeof now === 'string' ? parseInstant(now, Number.NaN) : undefined
  if (at === undefined || Number.isNaN(at) || typeof rate !== 'number') {
    throw new FixtureError('clock must be {"now": ISO 8601, "rate": virtual ms per ms}')
  }
  if (!isClockInstant(at)) throw new FixtureError(`clock: now must be ${CLOCK_RANGE}`)
  if (rate !== 0 && !isFactor(rate)) {
    throw new FixtureError(`clock: rate must be 0 or from ${FACTORS.min} to ${FACTORS.max}`)
  }
  return { at, rate }
}

/** A database with all tables and without rows. */
export function emptyImageOf(apiStates: readonly ApiState[]): Buffer {
  const store = openMemory()
  try {
    store.migrate(migrationsOf(apiStates))
    return store.image()
  } finally {
    store.close()
  }
}

/**
 * A database with the document's contents, in the tables of `empty`. Its relative instants count from `startedAt` (epoch ms).
 * Throws FixtureError.
 */
export function imageOf(
  document: Document,
  empty: Buffer,
  apiStates: readonly ApiState[],
  settings: SandboxSettings,
  startedAt: number,
): Buffer {
  checkKeys(document, apiStates)
  const store = openMemory(empty)
  try {
    const clock = { virtualAt: startedAt, hostAt: startedAt, rate: 0, startedAt }
    const sandbox = new Sandbox('image', store, settings, apiStates, clock)
    store.transaction(() => seed(sandbox, document, apiStates, startedAt))
    // The clock is set when a copy is opened, possibly by another process after this one was killed.
    store.run('DELETE FROM clock')
    return store.image()
  } finally {
    store.close()
  }
}

export function migrationsOf(apiStates: readonly ApiState[]) {
  return [...coreMigrations, ...apiStates.map(({ name, migrations: scripts }) => ({ owner: name, scripts }))]
}

function checkKeys(document: Document, apiStates: readonly ApiState[]): void {
  const { format = DOCUMENT_FORMAT } = document
  if (format !== DOCUMENT_FORMAT) {
    throw new FixtureError(
      `unsupported format ${JSON.stringify(format)}; this version of Firedrill reads format ${DOCUMENT_FORMAT}`,
    )
  }
  const known = ['format', 'clock', ...coreTables.map(({ key }) => key), ...apiStates.map(({ name }) => name)]
  const unknown = Object.keys(document).find(key => !known.includes(key))
  if (unknown !== undefined) throw new FixtureError(`unknown field "${unknown}"; known fields are ${known.join(', ')}`)
}

function seed(sandbox: Sandbox, document: Document, apiStates: readonly ApiState[], startedAt: number): void {
  insertRows(sandbox, coreTables, document, startedAt)
  sandbox.jobs.refreshNextDue()
  sandbox.jobs.upgradeSubjects()
  checkRows(sandbox)
  for (const apiState of apiStates) {
    const { [apiState.name]: given = {} } = document
    if (!isObject(given)) throw new FixtureError(`${apiState.name} must be an object whose fields are tables`)
    const section = apiState.upgrade?.(given) ?? given
    const unknown = Object.keys(section).find(key => !apiState.tables.some(table => table.key === key))
    if (unknown !== undefined) {
      const known = apiState.tables.map(({ key }) => key).join(', ')
      throw new FixtureError(`${apiState.name}: unknown field "${unknown}"; known fields are ${known}`)
    }
    insertRows(sandbox, apiState.tables, section, startedAt, `${apiState.name}: `)
    apiState.check?.(sandbox)
    // A document with schedules is an export, which already contains everything that seed would add.
    if (document.schedules === undefined) apiState.seed?.(sandbox, startedAt)
  }
  if (sandbox.jobs.settle(startedAt) < startedAt) {
    throw new FixtureError(
      `more than ${MAX_EVENTS} events of jobs and schedules are due before ${isoInstant(startedAt)}`,
    )
  }
}

function insertRows(
  { store }: Sandbox,
  tables: readonly Table[],
  rows: Record<string, unknown>,
  startedAt: number,
  place = '',
): void {
  for (const table of tables) {
    const { [table.key]: given = [] } = rows
    try {
      for (const row of table.parse(given, startedAt)) table.insert(store, row)
    } catch (cause) {
      throw new FixtureError(place + (cause instanceof Error ? cause.message : String(cause)), { cause })
    }
  }
}

/** Checks that a value from outside is an object. Throws Refusal. */
export function asDocument(value: unknown): Document {
  if (isObject(value)) return value
  throw new Refusal('invalid', 'a state document must be a JSON object whose fields are names of APIs')
}

/** The JSON Schema of state documents. */
export function documentSchema(apiStates: readonly ApiState[]): object {
  const rowsOf = (tables: readonly Table[]) =>
    Object.fromEntries(
      tables.map(({ key, row }) => [key, { type: 'array', items: { ...row, additionalProperties: false } }]),
    )
  const sections = apiStates.map(({ name, tables }) => [
    name,
    { type: 'object', properties: rowsOf(tables), additionalProperties: false },
  ])
  const clock = {
    type: 'object',
    required: ['now', 'rate'],
    properties: { now: { type: 'string' }, rate: { type: 'number' } },
  }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Firedrill state document',
    type: 'object',
    properties: { format: { const: DOCUMENT_FORMAT }, clock, ...rowsOf(coreTables), ...Object.fromEntries(sections) },
    additionalProperties: false,
  }
}
