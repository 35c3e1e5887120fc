// 7z archives: extraction by 7-Zip, exact size, encryption, and ranges.

import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { type Archive, digest, type Entry } from '../../src/archives/archive.ts'
import { textEntry } from '../../src/archives/content.ts'
import { type SevenZipKey, sevenZip, sevenZipKey } from '../../src/archives/sevenzip.ts'
import { openDownload } from '../../src/archives/stream.ts'
import {
  bytesIn,
  bytesOf,
  calls,
  contentOf,
  MIB,
  MODIFIED_AT,
  memoryToRead,
  save,
  shortEntry,
  tool,
  turnsToRead,
  watched,
} from './samples.ts'

const PASSWORD = 'pässword €1 🔒'
const KEY = sevenZipKey(PASSWORD)

function make(entries: readonly Entry[], options: { seed?: string; key?: SevenZipKey } = {}): Archive {
  return sevenZip({
    fileName: 'a.7z',
    entries,
    lastModified: MODIFIED_AT,
    key: KEY,
    seed: 'seed',
    ...options,
  })
}

const sizes = [0, 1, 15, 16, 17, 5000, MIB, 3 * MIB + 9]
const shapes: [string, Entry[]][] = [
  ...sizes.map((size): [string, Entry[]] => [`one file of ${size} bytes`, [bytesOf('data.bin', size)]]),
  ['all those files', sizes.map(size => bytesOf(`sizes/${size}.bin`, size))],
  ['empty files only', [bytesOf('a', 0), bytesOf('b/c', 0)]],
  ['names beyond ASCII', [textEntry('clientes/ação 🔒.json', '{}', MODIFIED_AT), bytesOf('空.txt', 0)]],
  ['many files', Array.from({ length: 200 }, (_, index) => bytesOf(`d/${index}.bin`, index % 5))],
]

for (const [name, entries] of shapes) {
  t.test(`7-Zip tests and extracts: ${name}`, async t => {
    const archive = make(entries)
    const path = await save(archive, t.testdir())
    t.equal(statSync(path).size, archive.sizeBytes, 'sizeBytes')
    const tested = tool('7zz', ['t', `-p${PASSWORD}`, path])
    t.equal(tested.status, 0, tested.output)
    t.match(tested.output, 'Everything is Ok')
    t.notMatch(tested.output, /warning/i)

    const target = join(path, '../extracted')
    const extracted = tool('7zz', ['x', `-p${PASSWORD}`, `-o${target}`, path])
    t.equal(extracted.status, 0, extracted.output)
    for (const entry of entries) {
      const file = join(target, entry.path)
      t.ok(readFileSync(file).equals(contentOf(entry)), entry.path)
      t.equal(statSync(file).mtimeMs, entry.modifiedAt)
      t.equal(statSync(file).mode & 0o777, 0o644)
    }
  })
}

t.test('without the password neither names nor contents are readable', async t => {
  const archive = make([textEntry('secret-name.txt', 'secret content', MODIFIED_AT), bytesOf('other.bin', 100)])
  const path = await save(archive, t.testdir())
  for (const command of ['t', 'l', 'x']) {
    for (const password of ['-pwrong', '-p']) {
      const target = join(path, '../extracted')
      const { status, output } = tool('7zz', [command, password, `-o${target}`, path])
      t.match(output, 'Cannot open encrypted archive. Wrong password?')
      t.equal(status, 2, `${command} ${password}`)
      t.notMatch(output, /secret-name|other\.bin/)
      t.notOk(existsSync(target))
    }
  }
  const raw = await bytesIn(archive)
  for (const hidden of ['secret content', 'secret-name']) {
    t.notOk(raw.includes(Buffer.from(hidden)) || raw.includes(Buffer.from(hidden, 'utf16le')), hidden)
  }
})

t.test('7-Zip detects a changed byte', async t => {
  const archive = make([bytesOf('data.bin', 1000)])
  const bytes = await bytesIn(archive)
  bytes[32 + 500] = (bytes[32 + 500] ?? 0) ^ 1
  const directory = t.testdir({ 'a.7z': bytes })
  const { status, output } = tool('7zz', ['t', `-p${PASSWORD}`, join(directory, 'a.7z')])
  t.equal(status, 2)
  t.match(output, 'CRC Failed')
})

t.test('the same inputs give the same bytes and ETag; changing any input changes both', async t => {
  const entries = () => [calls('calls.csv', { sizeBytes: 300_000 }), textEntry('note.txt', 'note', MODIFIED_AT)]
  const one = make(entries())
  const bytes = await bytesIn(one)
  t.ok(bytes.equals(await bytesIn(make(entries()))))
  t.equal(make(entries()).etag, one.etag)
  t.match(one.etag, /^"[\w-]{32}"$/)
  const others = [
    make(entries(), { seed: 'other' }),
    make(entries(), { key: sevenZipKey('other') }),
    make(entries().reverse()),
    make([calls('calls.csv', { sizeBytes: 300_000 }), textEntry('note.txt', 'nose', MODIFIED_AT)]),
    make([calls('calls.csv', { sizeBytes: 300_000 }), textEntry('note.txt', 'note', MODIFIED_AT + 1000)]),
  ]
  for (const other of others) {
    t.notOk(bytes.equals(await bytesIn(other)))
    t.not(other.etag, one.etag)
  }
})

t.test('equal files have different ciphertexts', async t => {
  const bytes = await bytesIn(make([bytesOf('a', 64), bytesOf('b', 64)]))
  t.notOk(bytes.subarray(32, 96).equals(bytes.subarray(96, 160)))
})

t.test('any range is a slice of the whole archive, on a new archive and on one already read', async t => {
  const entries = [
    bytesOf('a', 17),
    bytesOf('none', 0),
    calls('calls.csv', { sizeBytes: 3 * MIB + 9 }),
    bytesOf('aligned', 2 * MIB, 65_536),
  ]
  const used = make(entries)
  const whole = await bytesIn(make(entries))
  t.ok((await bytesIn(used)).equals(whole))
  for (let start = MIB; start < whole.length; start += MIB) {
    for (const at of [start, start + 64]) {
      t.ok((await bytesIn(used, at - 1, at + 40)).equals(whole.subarray(at - 1, at + 40)), `around byte ${at}`)
      t.ok((await bytesIn(used, at, at + 40)).equals(whole.subarray(at, at + 40)), `from byte ${at}`)
    }
  }
  const point = fc.oneof(
    fc.integer({ min: 0, max: whole.length }),
    fc.integer({ min: 0, max: 80 }),
    fc.integer({ min: whole.length - 500, max: whole.length }),
    fc.integer({ min: 32 + 32 + 2 * MIB - 20, max: 32 + 32 + 2 * MIB + 20 }),
  )
  await fc.assert(
    fc.asyncProperty(point, point, fc.boolean(), async (a, b, fresh) => {
      const [start, end] = [Math.min(a, b), Math.max(a, b)]
      const bytes = await bytesIn(fresh ? make(entries) : used, start, end)
      return bytes.equals(whole.subarray(start, end))
    }),
    { numRuns: 50 },
  )
  const [first, second] = await Promise.all([bytesIn(used, 1, MIB), bytesIn(used, 2 * MIB, 3 * MIB)])
  t.ok(first.equals(whole.subarray(1, MIB)))
  t.ok(second.equals(whole.subarray(2 * MIB, 3 * MIB)))
  for (const [start, end] of [
    [-1, 5],
    [5, 4],
    [0, whole.length + 1],
    [0.5, 2],
  ] as const) {
    t.throws(() => used.open(start, end), RangeError)
  }
})

t.test('a range in one entry reads no other entry, and a second read starts close to its position', async t => {
  const other = watched('other.bin', MIB)
  const { entry, seen } = watched('data.bin', 8 * MIB)
  const archive = make([other.entry, entry])
  const start = 32 + MIB + 7 * MIB
  await bytesIn(archive, start, start + 100)
  t.equal(other.seen.chunks, 0)
  t.ok(seen.chunks > 700, 'the first read starts at the beginning of the entry')
  seen.chunks = 0
  await bytesIn(archive, start, start + 100)
  t.ok(seen.chunks < 5, `${seen.chunks} chunks`)
})

t.test('generation stops when the consumer stops', async t => {
  const { entry, seen } = watched('data.bin', 8 * MIB)
  const archive = make([entry])
  for await (const _ of archive.open(32, archive.sizeBytes)) break
  t.ok(seen.closed)
  t.ok(seen.chunks < 20)

  seen.closed = false
  const stream = openDownload(archive, [{ start: 32, end: archive.sizeBytes }])
  stream.once('data', () => stream.destroy())
  await new Promise(resolve => stream.once('close', resolve))
  await new Promise(setImmediate)
  t.ok(seen.closed)
})

t.test('an entry whose size is wrong aborts the download', async t => {
  const archive = make([shortEntry('short.bin')])
  await t.rejects(bytesIn(archive), /short\.bin: expected 101 bytes, got 100/)
  await t.rejects(bytesIn(archive, 32, 32 + 112), /short\.bin: expected 101/)
})

t.test('paths that cannot be stored unchanged are refused, and so is an archive without entries', async t => {
  for (const path of ['', '/a', 'a/', 'a//b', '../a', 'a/./b', 'C:a', 'a\\b', 'a\0b', '\ud800']) {
    t.throws(() => make([bytesOf(path, 1)]), RangeError, JSON.stringify(path))
  }
  t.throws(() => make([]), RangeError)
})

t.test('neither key derivation nor fast reading blocks the event loop', async t => {
  const keyed = await turnsToRead(make([bytesOf('a', 1)], { key: sevenZipKey('never seen before') }))
  t.ok(keyed > 16, `${keyed} turns`)
  const read = await turnsToRead(make([calls('calls.csv', { sizeBytes: 16 * MIB })]))
  t.ok(read > 30, `${read} turns`)
})

t.test('archives of hundreds of MiB are not held in memory', async t => {
  const archive = make([calls('calls.csv', { sizeBytes: 300 * MIB })])
  const growth = await memoryToRead(archive)
  t.ok(growth < 200 * MIB, `${Math.round(growth / MIB)} MiB`)
  t.match(await digest(make([bytesOf('a', 1)]), 'sha1'), /^[0-9a-f]{40}$/)
})
