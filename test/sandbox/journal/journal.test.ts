// Checks the journal of a sandbox: order, limits, recorded bodies and listeners.
import t from 'tap'
import type { Ids } from '../../../src/sandbox/ids.ts'
import { BODY_LIMIT_BYTES, Capture } from '../../../src/sandbox/journal/capture.ts'
import { Answer, type Entry, type Received } from '../../../src/sandbox/journal/entry.ts'
import { Journal } from '../../../src/sandbox/journal/journal.ts'
import { type JournalLimits, Journals } from '../../../src/sandbox/journal/journals.ts'
import { RequestTrace } from '../../../src/sandbox/journal/trace.ts'
import { bakeries, openBakery } from '../bakery.ts'

const { ids } = openBakery(t)
const LARGE_LIMITS = { entries: 100, bytes: 1_000_000 }

const journalOf = (limits: Pick<JournalLimits, 'entries' | 'bytes'>, ids: Ids): Journal =>
  new Journal(new Journals({ ...limits, totalBytes: 10_000_000, listeners: 10 }), ids)

const received = (url: string, body = ''): Received => {
  const capture = new Capture()
  if (body !== '') capture.add(Buffer.from(body))
  return {
    method: 'GET',
    url,
    path: url,
    httpVersion: '1.1',
    rawHeaders: ['Host', 'x'],
    clientIp: '127.0.0.1',
    origin: 'http://x',
    api: undefined,
    operation: undefined,
    matched: false,
    secretMarks: undefined,
    virtualAt: 0,
    receivedAt: 0,
    body: capture,
    trace: new RequestTrace(),
  }
}
const answer = (body = '') => {
  const capture = new Capture()
  if (body !== '') capture.add(body)
  return new Answer(200, {}, capture)
}
const urls = (journal: Journal) => journal.entries().map(entry => entry.url)
const exchange = (journal: Journal, url: string, body = '') => {
  const entry = journal.begin(received(url, body))
  entry.end(answer(body))
  return entry
}

t.test('entries are in order of arrival, regardless of the order of their responses', async t => {
  const journal = journalOf(LARGE_LIMITS, ids)
  const [a, b] = [journal.begin(received('/a')), journal.begin(received('/b'))]
  t.same([urls(journal), a.ended, b.ended], [['/a', '/b'], false, false])
  b.end(answer())
  a.end()
  t.same(urls(journal), ['/a', '/b'])
  t.same([a.ended, a.answer, b.answer?.status], [true, undefined, 200])
  const { durationMs: least = Number.NaN } = b
  t.ok(least >= 0 && (a.durationMs ?? Number.NaN) >= least, 'it began before the other and ended after it')
  const { answer: first, durationMs } = b
  b.end()
  t.same([b.answer, b.durationMs], [first, durationMs], 'an entry ends only once')
})

t.test('the oldest entries are removed when there are too many, for any limit', async t => {
  for (const entries of [1, 2, 3, 10, 64]) {
    const journal = journalOf({ ...LARGE_LIMITS, entries }, ids)
    const all = Array.from({ length: 200 }, (_, index) => `/${index}`)
    for (const [index, url] of all.entries()) {
      exchange(journal, url)
      t.same(urls(journal), all.slice(Math.max(0, index + 1 - entries), index + 1))
    }
  }
})

t.test('the oldest entries are removed when they are too large: URL, headers and both bodies count', async t => {
  const size = 40_000
  const long = 'x'.repeat(size)
  const cases: { part: string; add: (journal: Journal) => unknown }[] = [
    { part: 'URL', add: journal => exchange(journal, `/${long}`) },
    { part: 'headers', add: journal => journal.begin({ ...received('/h'), rawHeaders: ['X', long] }) },
    { part: 'request body', add: journal => journal.begin(received('/b', long)).end(answer()) },
    { part: 'response body', add: journal => journal.begin(received('/b')).end(answer(long)) },
  ]
  for (const { part, add } of cases) {
    const journal = journalOf({ entries: 1000, bytes: 5 * size }, ids)
    for (let count = 0; count < 20; count += 1) add(journal)
    t.equal(journal.entries().length, 4, part)
  }
  const small = journalOf({ entries: 1000, bytes: 100_000 }, ids)
  for (let count = 0; count < 1000; count += 1) exchange(small, '/')
  t.ok(small.entries().length > 50 && small.entries().length < 100, 'every entry has a minimum size')
  const tiny = journalOf({ entries: 1000, bytes: 10 }, ids)
  exchange(tiny, '/')
  t.same(urls(tiny), [])
})

t.test('a body counts once, whether it arrives before or after the response', async t => {
  for (const isEarly of [true, false]) {
    const journal = journalOf({ entries: 1000, bytes: 100_000 }, ids)
    for (let count = 0; count < 10; count += 1) {
      const entry = journal.begin(received('/'))
      if (!isEarly) entry.end(answer())
      entry.receive(Buffer.alloc(30_000, 'x'))
      if (isEarly) entry.end(answer())
      t.equal(entry.body.sizeBytes, 30_000)
    }
    t.equal(journal.entries().length, 3)
  }
})

t.test('removed entries stay removed and no longer count', async t => {
  const journal = journalOf({ entries: 3, bytes: 100_000 }, ids)
  const [a, b] = [journal.begin(received('/a')), exchange(journal, '/b')]
  journal.remove(new Set([a]))
  a.end(answer('x'.repeat(60_000)))
  t.same(urls(journal), ['/b'])
  for (const url of ['/c', '/d', '/e']) exchange(journal, url)
  t.same(urls(journal), ['/c', '/d', '/e'])
  journal.remove(new Set([b, journal.entries()[1] as Entry]))
  t.same(urls(journal), ['/c', '/e'])
  for (let count = 0; count < 5; count += 1) exchange(journal, '/large', 'x'.repeat(20_000))
  journal.clear()
  t.same(urls(journal), [])
  exchange(journal, '/f', 'x'.repeat(45_000))
  t.same(urls(journal), ['/f'], 'cleared entries no longer count')
})

t.test('ids are UUIDs that depend on the seed, and use no sequence', async t => {
  const [one, same, other] = [openBakery(t), openBakery(t), openBakery(t, { settings: { seed: 'other' } })]
  const idsOf = ({ ids }: typeof one) => {
    const journal = journalOf(LARGE_LIMITS, ids)
    return [exchange(journal, '/a'), exchange(journal, '/b')].map(entry => entry.id)
  }
  const before = one.ids.next('journal')
  const first = idsOf(one)
  t.match(first[0], /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  t.not(first[0], first[1])
  t.same(first, idsOf(same))
  t.not(first[0], idsOf(other)[0])
  t.equal(one.ids.next('journal'), before + 1)
})

t.test('the beginning and the size of a body are recorded', async t => {
  const bytes = Buffer.from([0, 255, 195, 40, 10])
  const binary = new Capture()
  binary.add(bytes)
  binary.add('ä')
  t.same([binary.bytes(), binary.sizeBytes, binary.keptBytes], [Buffer.concat([bytes, Buffer.from('ä')]), 7, 7])
  const text = new Capture()
  text.add('ä')
  text.add(bytes)
  t.same(text.bytes(), Buffer.concat([Buffer.from('ä'), bytes]))
  for (const chunk of ['x'.repeat(BODY_LIMIT_BYTES - 1), Buffer.alloc(BODY_LIMIT_BYTES - 1, 'x')]) {
    const long = new Capture()
    long.add(chunk)
    long.add('yz')
    long.add('more')
    t.same([long.sizeBytes, long.keptBytes], [BODY_LIMIT_BYTES + 5, BODY_LIMIT_BYTES])
    t.equal(long.bytes().toString(), `${'x'.repeat(BODY_LIMIT_BYTES - 1)}y`)
  }
  const stream = new Capture()
  stream.skip(1e9)
  t.same([stream.sizeBytes, stream.keptBytes, stream.bytes().length], [1e9, 0, 0])
})

t.test('listeners are notified of each end until they unsubscribe, and of the close', async t => {
  const journal = journalOf(LARGE_LIMITS, ids)
  const notified: string[] = []
  const listen = (name: string) =>
    journal.subscribe({
      ended: ({ url, answer }) => notified.push(`${name} ${url} ${answer?.status}`),
      closed: () => notified.push(`${name} closed`),
    })
  const unsubscribe = listen('a')
  listen('b')
  const entry = journal.begin(received('/1'))
  t.same(notified, [], 'not before the end')
  entry.end(answer())
  unsubscribe()
  journal.begin(received('/2')).end()
  t.same(notified, ['a /1 200', 'b /1 200', 'b /2 undefined'])
  journal.close()
  exchange(journal, '/3')
  t.same(notified.slice(3), ['b closed'])
  listen('late')
  t.equal(notified.length, 4, 'not before subscribe returns')
  await Promise.resolve()
  t.equal(notified.at(-1), 'late closed')
  t.same(urls(journal), ['/1', '/2', '/3'])
})

t.test('each sandbox has its own journal, which a reset empties', async t => {
  const registry = bakeries(t)
  const [one, other] = [registry.get('one'), registry.get('other')]
  exchange(one.journal, '/a')
  exchange(other.journal, '/b')
  t.same([urls(one.journal), urls(other.journal)], [['/a'], ['/b']])
  const notified: string[] = []
  for (const { name, journal } of [one, other])
    journal.subscribe({ ended: () => {}, closed: () => notified.push(name) })
  registry.reset('one')
  t.same([urls(registry.get('one').journal), urls(registry.get('other').journal)], [[], ['/b']])
  t.same(notified, ['one'])
  registry.endWaits()
  t.same(notified, ['one', 'other'])
})

t.test('journals share memory: the oldest entries of all journals are removed first', async t => {
  const journals = new Journals({ entries: 100, bytes: 1_000_000, totalBytes: 100_000, listeners: 10 })
  const [a, b] = [new Journal(journals, ids), new Journal(journals, ids)]
  const text = 'x'.repeat(10_000)
  exchange(a, '/1', text)
  exchange(b, '/2', text)
  exchange(a, '/3', text)
  t.same([urls(a), urls(b)], [['/1', '/3'], ['/2']])
  exchange(b, '/4', text)
  exchange(b, '/5', text)
  t.same([urls(a), urls(b)], [['/3'], ['/2', '/4', '/5']])
  // A pending entry counts when it ends, and is ordered by its arrival.
  const [pending] = [a.begin(received('/6', text))]
  exchange(b, '/7')
  pending.end(answer(text))
  t.same(
    [urls(a), urls(b)],
    [
      ['/3', '/6'],
      ['/4', '/5', '/7'],
    ],
  )
  a.clear()
  for (const url of ['/8', '/9']) exchange(a, url, text)
  t.same(
    [urls(a), urls(b)],
    [
      ['/8', '/9'],
      ['/4', '/5', '/7'],
    ],
    'cleared entries no longer count',
  )
  b.remove(new Set(b.entries().slice(1, 2)))
  exchange(a, '/10', text)
  t.same(
    [urls(a), urls(b)],
    [
      ['/8', '/9', '/10'],
      ['/4', '/7'],
    ],
  )
  exchange(a, '/11', text)
  exchange(a, '/12', text)
  t.same([urls(a), urls(b)], [['/9', '/10', '/11', '/12'], []])
})

t.test('the journal of a closed sandbox no longer counts', async t => {
  const journals = new Journals({ entries: 100, bytes: 1_000_000, totalBytes: 100_000, listeners: 10 })
  const registry = bakeries(t, { settings: { journals } })
  const text = 'x'.repeat(40_000)
  for (let count = 0; count < 20; count += 1) {
    exchange(registry.get('one').journal, `/${count}`, text)
    registry.reset('one')
  }
  exchange(registry.get('one').journal, '/kept', text)
  t.same(urls(registry.get('one').journal), ['/kept'])
})
