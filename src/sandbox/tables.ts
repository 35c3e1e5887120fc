// Tables defined by the TypeBox schema of a row, which validates fixtures, reads and writes rows, and exports them.
import { type Static, type TObject, type TSchema, type TUnsafe, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { isoInstant, parseInstant } from './clock/clock.ts'
import { isObject } from './is-object.ts'
import { ownValue } from './own.ts'
import type { Store } from './store.ts'

/**
 * An instant: epoch ms in rows; in documents ISO 8601, or relative to the start of the sandbox (`+6d`, `-2h`). `otherwise` is used
 * where a document has none.
 */
export const Instant = (otherwise?: string) =>
  Type.String({
    'x-instant': true,
    ...(otherwise === undefined ? {} : { default: otherwise }),
    description: 'ISO 8601 with offset, or a duration relative to the start of the sandbox: +6d, -2h',
    // The schema describes documents, where instants are texts; the type describes rows, where they are numbers.
  }) as unknown as TUnsafe<number>

/** Null if a document omits it. */
export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()], { default: null })

/** A document that is not valid; the message names the place. */
export class FixtureError extends Error {}

type Codec = 'plain' | 'instant' | 'boolean' | 'json'
type RawRow = Record<string, string | number | null>

export interface Table<Row extends TObject = TObject> {
  /** The table's name in SQL. */
  readonly name: string
  /** The table's name in documents. */
  readonly key: string
  readonly row: Row
  insert(store: Store, row: Static<Row>): void
  decode(raw: object): Static<Row>
  /** Validates document rows and turns their instants into epoch ms. Throws FixtureError. */
  parse(rows: unknown, start: number): Static<Row>[]
  /** All rows in the form of a document, in insertion order. */
  export(store: Store): Record<string, unknown>[]
  count(store: Store): number
  /** Some of the rows, the one that was inserted last first. */
  page(store: Store, limit: number, offset: number): NumberedRow<Static<Row>>[]
  findNumbered(store: Store, number: number): NumberedRow<Static<Row>> | undefined
}

/** A row with its number in the store, which stays the same while the row exists. */
export interface NumberedRow<Row> {
  number: number
  row: Row
  /** In the form of a document. */
  document: Record<string, unknown>
}

/**
 * `name` is the table's name in SQL, `key` its name in documents; the columns have the names of the row's properties.
 * `upgrade` converts a row of an older document and returns anything that it does not recognize unchanged.
 */
export function defineTable<Row extends TObject>(
  name: string,
  key: string,
  row: Row,
  upgrade?: (row: unknown) => unknown,
): Table<Row> {
  const columns = Object.entries(row.properties).map(([column, schema]) => ({ column, codec: codecOf(schema) }))
  const names = columns.map(({ column }) => `"${column}"`).join(', ')
  const insertSql = `INSERT INTO ${name} (${names}) VALUES (${columns.map(() => '?').join(', ')})`
  const special = columns.filter(({ codec }) => codec === 'boolean' || codec === 'json')
  // Only these columns are walked: that takes most of the time in which a document is read, and few columns need it.
  const withDefault = Object.entries(row.properties).filter(([, schema]) => mentions(schema, 'default'))
  const withInstants = Object.entries(row.properties).filter(([, schema]) => mentions(schema, 'x-instant'))
  const document = Type.Array(Type.Object(row.properties, { additionalProperties: false }))

  const decode = (raw: object): Static<Row> => {
    const out = raw as RawRow & Record<string, unknown>
    for (const { column, codec } of special) {
      const value = out[column]
      if (value === null || value === undefined) continue
      out[column] = codec === 'boolean' ? value === 1 : JSON.parse(value as string)
    }
    return out as Static<Row>
  }

  const fillDefaults = (row: Record<string, unknown>): void => {
    for (const [column, schema] of withDefault) {
      const value = Value.Default(schema, row[column])
      if (value !== undefined) row[column] = value
    }
  }

  const replaceInstants = (row: Record<string, unknown>, place: string, replace: Replace): void => {
    for (const [column, schema] of withInstants) {
      row[column] = mapInstants(schema, row[column], `${place}/${column}`, replace)
    }
  }

  /** Changes the row. */
  const toDocument = (row: Record<string, unknown>): Record<string, unknown> => {
    replaceInstants(row, key, at => isoInstant(at as number))
    return row
  }

  const selectNumbered = `SELECT rowid AS rowNumber, ${names} FROM ${name}`
  const numbered = ({ rowNumber: number, ...raw }: { rowNumber: number }): NumberedRow<Static<Row>> => {
    const values = decode(raw)
    return { number, row: values, document: toDocument({ ...values }) }
  }

  return {
    name,
    key,
    row,
    decode,
    insert(store, values) {
      const fields = values as Record<string, unknown>
      store.run(insertSql, ...columns.map(({ column, codec }) => encode(fields[column], codec)))
    },
    parse(rows, start) {
      const given = structuredClone(rows)
      const filled = upgrade && Array.isArray(given) ? given.map(upgrade) : given
      if (Array.isArray(filled)) for (const row of filled) if (isObject(row)) fillDefaults(row)
      // Looking for errors takes three times as long as checking.
      const problem = Value.Check(document, filled) ? undefined : Value.Errors(document, filled).First()
      if (problem) throw new FixtureError(`${key}${problem.path}: ${problem.message}`)
      const valid = filled as Static<Row>[]
      for (const [index, row] of valid.entries()) {
        replaceInstants(row, `${key}/${index}`, (text, place) => toInstant(text as string, start, place))
      }
      return valid
    },
    export(store) {
      const raws = store.all<object>(`SELECT ${names} FROM ${name} ORDER BY rowid`)
      return raws.map(raw => toDocument(decode(raw) as Record<string, unknown>))
    },
    count: store => store.get<{ count: number }>(`SELECT count(*) AS count FROM ${name}`)?.count ?? 0,
    page(store, limit, offset) {
      const sql = `${selectNumbered} ORDER BY rowid DESC LIMIT ? OFFSET ?`
      return store.all<{ rowNumber: number }>(sql, limit, offset).map(numbered)
    },
    findNumbered(store, number) {
      const raw = store.get<{ rowNumber: number }>(`${selectNumbered} WHERE rowid = ?`, number)
      return raw && numbered(raw)
    },
  }
}

export type ColumnType = 'text' | 'number' | 'boolean' | 'instant' | 'json'

/** What the values of a column are, as documents have them. */
export function columnTypeOf(schema: TSchema): ColumnType {
  const codec = codecOf(schema)
  if (codec !== 'plain') return codec
  const { type } = nullableInner(schema) ?? schema
  return type === 'integer' || type === 'number' ? 'number' : 'text'
}

function codecOf(schema: TSchema): Codec {
  if (schema['x-instant']) return 'instant'
  const inner = nullableInner(schema)
  if (inner) return codecOf(inner)
  const [form] = (schema.anyOf as TSchema[] | undefined) ?? []
  if (form) return codecOf(form)
  if (schema.type === 'boolean') return 'boolean'
  return schema.type === 'object' || schema.type === 'array' || schema['x-json'] ? 'json' : 'plain'
}

function encode(value: unknown, codec: Codec): string | number | null {
  if (value === null || value === undefined) return null
  if (codec === 'boolean') return value ? 1 : 0
  return codec === 'json' ? JSON.stringify(value) : (value as string | number)
}

function toInstant(text: string, start: number, place: string): number {
  const instant = parseInstant(text, start)
  if (instant === undefined)
    throw new FixtureError(`${place}: "${text}" is not an instant; use ISO 8601, or +6d or -2h relative to the start`)
  return instant
}

/** Whether the schema has the property, at any depth. */
function mentions(schema: unknown, property: string): boolean {
  if (typeof schema !== 'object' || schema === null) return false
  return property in schema || Object.values(schema).some(inner => mentions(inner, property))
}

type Replace = (instant: unknown, place: string) => unknown

/** The value with all instants replaced that its schema declares, at any depth. */
function mapInstants(schema: TSchema, value: unknown, place: string, replace: Replace): unknown {
  if (value === null || value === undefined) return value
  if (schema['x-instant']) return replace(value, place)
  const inner = nullableInner(schema)
  if (inner) return mapInstants(inner, value, place, replace)
  if (schema.type === 'array') {
    return (value as unknown[]).map((item, index) => mapInstants(schema.items, item, `${place}/${index}`, replace))
  }
  if (schema.type !== 'object') return value
  const entries = Object.entries(value).map(([name, field]) => {
    const described = ownValue((schema.properties ?? {}) as Record<string, TSchema>, name)
    return [name, described ? mapInstants(described, field, `${place}/${name}`, replace) : field]
  })
  return Object.fromEntries(entries)
}

/** The schema inside `Nullable`; undefined for other schemas. */
function nullableInner(schema: TSchema): TSchema | undefined {
  const [first, second, third] = (schema.anyOf as TSchema[] | undefined) ?? []
  if (first?.type === 'null') return third ? undefined : second
  return second?.type === 'null' && !third ? first : undefined
}
