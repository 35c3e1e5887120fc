// Tables described once: what documents may say of them, and that what goes in comes out.
import { deepStrictEqual } from 'node:assert/strict'
import { Type } from '@sinclair/typebox'
import fc from 'fast-check'
import t from 'tap'
import { openMemory, type Store } from '../../src/sandbox/store.ts'
import { defineTable, FixtureError, Instant, Nullable } from '../../src/sandbox/tables.ts'
import { caught } from './bakery.ts'

const START = Date.parse('2026-06-10T12:00:00Z')

const things = defineTable(
  'thing',
  'things',
  Type.Object({
    id: Type.Integer({ minimum: 1 }),
    name: Type.String({ minLength: 1 }),
    madeAt: Instant(),
    goneAt: Nullable(Instant()),
    works: Type.Boolean({ default: true }),
    liked: Nullable(Type.Boolean()),
    size: Nullable(Type.Number()),
    colour: Nullable(Type.Union([Type.Literal('red'), Type.Literal('blue')])),
    parts: Type.Array(Type.Object({ name: Type.String(), endAt: Nullable(Instant()) }), { default: [] }),
    box: Nullable(Type.Object({ width: Type.Number() })),
    anything: Type.Unknown({ 'x-json': true }),
  }),
)

function thingStore(t: { teardown(work: () => void): void }): Store {
  const store = openMemory()
  t.teardown(() => store.close())
  const script = `CREATE TABLE thing (id INTEGER, name TEXT, madeAt INTEGER, goneAt INTEGER, works INTEGER, liked INTEGER,
    size REAL, colour TEXT, parts TEXT, box TEXT, anything TEXT) STRICT`
  store.migrate([{ owner: 'test', scripts: [script] }])
  return store
}

const least = { id: 1, name: 'a', madeAt: '2026-06-10', anything: {} }

t.test('defaults are filled in, and instants become epoch ms', async t => {
  t.same(things.parse([least], START), [
    {
      ...least,
      madeAt: Date.parse('2026-06-10'),
      goneAt: null,
      works: true,
      liked: null,
      size: null,
      colour: null,
      parts: [],
      box: null,
    },
  ])
})

t.test('relative instants count from the start, at any depth', async t => {
  const [row] = things.parse([{ ...least, madeAt: '-2h', goneAt: '+6d', parts: [{ name: 'p', endAt: '+1s' }] }], START)
  t.match(row, {
    madeAt: Date.parse('2026-06-10T10:00:00Z'),
    goneAt: Date.parse('2026-06-16T12:00:00Z'),
    parts: [{ name: 'p', endAt: START + 1000 }],
  })
})

t.test('parsing does not change the document', async t => {
  const document = [{ id: 1, name: 'a', madeAt: '-1h', anything: {} }]
  const before = structuredClone(document)
  things.parse(document, START)
  t.same(document, before)
})

t.test('invalid rows are refused, naming the place', async t => {
  const cases: [unknown, string][] = [
    [{}, 'things: Expected array'],
    [null, 'things: Expected array'],
    [[5], 'things/0: Expected object'],
    [[least, { ...least, typo: 1 }], 'things/1/typo: Unexpected property'],
    [[{ ...least, name: '' }], 'things/0/name: Expected string length greater or equal to 1'],
    [[{ ...least, name: 5 }], 'things/0/name: Expected string'],
    [[{ ...least, id: '1' }], 'things/0/id: Expected integer'],
    [[{ ...least, id: 0 }], 'things/0/id: Expected integer to be greater or equal to 1'],
    [[{ ...least, works: 1 }], 'things/0/works: Expected boolean'],
    [[{ ...least, works: null }], 'things/0/works: Expected boolean'],
    [[{ ...least, colour: 'green' }], 'things/0/colour: Expected union value'],
    [[{ ...least, parts: [{}] }], 'things/0/parts/0/name: Expected required property'],
    [[{ ...least, madeAt: 5 }], 'things/0/madeAt: Expected string'],
    [[{ ...least, madeAt: null }], 'things/0/madeAt: Expected string'],
    [
      [{ ...least, madeAt: 'soon' }],
      'things/0/madeAt: "soon" is not an instant; use ISO 8601, or +6d or -2h relative to the start',
    ],
    [
      [{ ...least, goneAt: '2026-02-30' }],
      'things/0/goneAt: "2026-02-30" is not an instant; use ISO 8601, or +6d or -2h relative to the start',
    ],
    [
      [{ ...least, parts: [{ name: 'p', endAt: 'x' }] }],
      'things/0/parts/0/endAt: "x" is not an instant; use ISO 8601, or +6d or -2h relative to the start',
    ],
  ]
  for (const [document, message] of cases) {
    const error = caught(() => things.parse(document, START))
    t.type(error, FixtureError)
    t.match(error, { message }, message)
  }
})

t.test('rows are read as they were written, for every type of column', async t => {
  const store = thingStore(t)
  const row = {
    ...(things.parse([least], START)[0] as never as object),
    works: false,
    liked: true,
    size: 1.5,
    colour: 'red' as const,
    box: { width: 2 },
    parts: [{ name: 'p', endAt: START }],
    anything: [null, { deep: ['x'] }],
  }
  things.insert(store, row as never)
  t.same(things.decode(store.get<object>('SELECT * FROM thing') as object), row)
  t.same(store.get('SELECT works, liked, goneAt, box FROM thing'), {
    works: 0,
    liked: 1,
    goneAt: null,
    box: '{"width":2}',
  })
})

t.test('exported rows parse to the same rows, for any start', async t => {
  const store = thingStore(t)
  const instant = fc.integer({ min: -1e13, max: 1e14 })
  const row = fc.record({
    id: fc.integer({ min: 1 }),
    name: fc.string({ minLength: 1, unit: 'binary' }).filter(text => !text.includes('\0') && text.isWellFormed()),
    madeAt: instant,
    goneAt: fc.option(instant),
    works: fc.boolean(),
    liked: fc.option(fc.boolean()),
    size: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }).map(size => size + 0)),
    colour: fc.option(fc.constantFrom('red', 'blue')),
    parts: fc.array(fc.record({ name: fc.string(), endAt: fc.option(instant) })),
    box: fc.option(fc.record({ width: fc.integer() })),
    anything: fc
      .json()
      .map(text => JSON.parse(text))
      .filter(value => value !== null),
  })
  fc.assert(
    fc.property(fc.array(row, { maxLength: 5 }), instant, (rows, start) => {
      store.run('DELETE FROM thing')
      for (const each of rows) things.insert(store, each as never)
      const exported = JSON.parse(JSON.stringify(things.export(store)))
      deepStrictEqual(JSON.parse(JSON.stringify(things.parse(exported, start))), JSON.parse(JSON.stringify(rows)))
    }),
    { numRuns: 200 },
  )
})
