// Zip archives: extraction by unzip and 7-Zip, exact size, and ranges.

import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { type Archive, digest, type Entry } from '../../src/archives/archive.ts'
import { textEntry } from '../../src/archives/content.ts'
import { openDownload } from '../../src/archives/stream.ts'
import { fillTo, zip, zipSize } from '../../src/archives/zip.ts'
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
  watched,
} from './samples.ts'

function make(entries: readonly Entry[]): Archive {
  return zip({ fileName: 'a.zip', entries, lastModified: MODIFIED_AT })
}

const shapes: [string, Entry[]][] = [
  ['one file', [textEntry('a.txt', 'hello', MODIFIED_AT)]],
  ['an empty file', [bytesOf('a.txt', 0)]],
  ['sizes', [1, 15, 65_535, 65_536, 3 * MIB + 9, 0].map(size => bytesOf(`sizes/${size}.bin`, size))],
  ['names beyond ASCII', [textEntry('faturação/ação 🔒.json', '{}', MODIFIED_AT), bytesOf('空.txt', 3)]],
  ['many files', Array.from({ length: 500 }, (_, index) => bytesOf(`d${index % 7}/${index}.bin`, index))],
]

for (const [name, entries] of shapes) {
  t.test(`unzip and 7-Zip test and extract: ${name}`, async t => {
    const archive = make(entries)
    const path = await save(archive, t.testdir())
    t.equal(statSync(path).size, archive.sizeBytes, 'sizeBytes')
    for (const [command, args] of [
      ['unzip', ['-tq']],
      ['7zz', ['t']],
    ] as const) {
      const { status, output } = tool(command, [...args, path])
      t.equal(status, 0, output)
      t.notMatch(output, /warning/i)
    }
    const target = join(path, '../extracted')
    t.equal(tool('7zz', ['x', `-o${target}`, path]).status, 0)
    for (const entry of entries) t.ok(readFileSync(join(target, entry.path)).equals(contentOf(entry)), entry.path)
  })
}

t.test('sizeBytes is exact for an archive without entries', async t => {
  t.equal((await bytesIn(make([]))).length, make([]).sizeBytes)
})

t.test('sizeBytes is exact for any names and sizes', async () => {
  const segment = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
    .map(name => name.replace(/[/\\\0:]/g, '_'))
  const path = fc.array(segment, { minLength: 1, maxLength: 3 }).map(segments => `x${segments.join('/x')}`)
  const entry = fc.record({ path, sizeBytes: fc.integer({ min: 0, max: 100_000 }) })
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { maxLength: 8 }), async rows => {
      const archive = make(rows.map(row => bytesOf(row.path, row.sizeBytes)))
      return (await bytesIn(archive)).length === archive.sizeBytes
    }),
    { numRuns: 60 },
  )
})

t.test('sizeBytes includes zip64 fields where they are needed', async t => {
  const empties = (count: number) => Array.from({ length: count }, (_, index) => ({ path: `${index}`, sizeBytes: 0 }))
  const plainBytes = (count: number) => empties(count).reduce((sum, { path }) => sum + 30 + 46 + 2 * path.length, 22)
  t.equal(zipSize(empties(65_534)), plainBytes(65_534))
  t.equal(zipSize(empties(65_535)), plainBytes(65_535) + 65_535 * (20 + 28) + 56 + 20)

  const one = (sizeBytes: number) => [{ path: 'x', sizeBytes }]
  const overhead = 30 + 46 + 2 + 22
  t.equal(zipSize(one(2 ** 32 - 1 - overhead)), 2 ** 32 - 1)
  t.equal(zipSize(one(2 ** 32 - overhead)), 2 ** 32 + 20 + 28 + 56 + 20)
})

t.test('a filler makes the zip exactly as long as requested', async t => {
  const fixed = [textEntry('manifest.json', '{"app":"x"}', MODIFIED_AT), bytesOf('icons/ícone.png', 4000)]
  const filler = (sizeBytes: number) => calls('tables/calls.csv', { sizeBytes })
  for (const total of [5000, 81_865_653]) {
    const archive = zip({ fileName: 'a.zip', lastModified: MODIFIED_AT, ...fillTo(total, fixed, filler) })
    t.equal(archive.sizeBytes, total)
    const path = await save(archive, t.testdir())
    t.equal(statSync(path).size, total)
    t.equal(tool('unzip', ['-tq', path]).status, 0)
    t.equal(await digest(archive, 'sha1'), createHash('sha1').update(readFileSync(path)).digest('hex'))
  }
  t.throws(() => fillTo(4100, fixed, filler), RangeError)
  t.throws(() => fillTo(4400, fixed, filler), RangeError)
  const plain = (sizeBytes: number) => bytesOf('x', sizeBytes)
  t.throws(() => fillTo(99, [], plain), /no size of x/)
  for (const total of [100, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 50, 6 * 1024 ** 3]) {
    const { entries, zip64 } = fillTo(total, [], plain)
    t.equal(zip({ fileName: 'a.zip', entries, zip64, lastModified: MODIFIED_AT }).sizeBytes, total)
  }
})

t.test('the same entries have the same bytes and ETag; different contents change both', async t => {
  const entries = (text: string) => [calls('calls.csv', { sizeBytes: 300_000 }), textEntry('a.txt', text, MODIFIED_AT)]
  const one = make(entries('note'))
  t.equal(await digest(one, 'sha256'), await digest(make(entries('note')), 'sha256'))
  t.equal(one.etag, make(entries('note')).etag)
  t.not(await digest(one, 'sha256'), await digest(make(entries('nose')), 'sha256'))
  t.not(one.etag, make(entries('nose')).etag)
})

t.test('the bytes are the same in every time zone and contain UTC times', async t => {
  const source = `
    import { textEntry } from ${JSON.stringify(import.meta.resolve('../../src/archives/content.ts'))}
    import { zip } from ${JSON.stringify(import.meta.resolve('../../src/archives/zip.ts'))}
    const at = ${MODIFIED_AT}
    const archive = zip({ fileName: 'a', entries: [textEntry('a', new Date(at).getHours() ? 'x' : 'x', at)], lastModified: at })
    for await (const chunk of archive.open(0, archive.sizeBytes)) process.stdout.write(Buffer.from(chunk).toString('hex'))
    process.stdout.write(' ' + new Date(at).getHours())`
  const before = process.env.TZ
  const outputs = ['UTC', 'Pacific/Kiritimati', 'America/St_Johns'].map(zone => {
    process.env.TZ = zone
    const { status, output } = tool(process.execPath, [
      '--input-type=module',
      '--disable-warning=ExperimentalWarning',
      '-e',
      source,
    ])
    t.equal(status, 0, output)
    return output.split(' ')
  })
  if (before === undefined) delete process.env.TZ
  else process.env.TZ = before
  t.equal(new Set(outputs.map(([, hour]) => hour)).size, 3, 'the time zones were applied')
  t.equal(new Set(outputs.map(([hex]) => hex)).size, 1)
  const bytes = Buffer.from(outputs[0]?.[0] ?? '', 'hex')
  t.equal(bytes.readUInt16LE(10), (13 << 11) | (14 << 5) | (16 / 2), '13:14:16')
  t.equal(bytes.readUInt16LE(12), ((2024 - 1980) << 9) | (2 << 5) | 29, '2024-02-29')
})

t.test('any range is a slice of the whole archive', async t => {
  const archive = make([
    bytesOf('a', 17),
    bytesOf('none', 0),
    calls('calls.csv', { sizeBytes: 300_009 }),
    bytesOf('ç', 900),
  ])
  const whole = await bytesIn(archive)
  const point = fc.oneof(
    fc.integer({ min: 0, max: whole.length }),
    fc.integer({ min: whole.length - 400, max: whole.length }),
  )
  await fc.assert(
    fc.asyncProperty(point, point, async (a, b) => {
      const [start, end] = [Math.min(a, b), Math.max(a, b)]
      return (await bytesIn(archive, start, end)).equals(whole.subarray(start, end))
    }),
    { numRuns: 80 },
  )
  t.throws(() => archive.open(0, whole.length + 1), RangeError)
  t.throws(() => archive.open(5, 4), RangeError)
})

t.test('generation stops when the consumer stops, and waits for a slow consumer', async t => {
  const { entry, seen } = watched('data.bin', 64 * MIB)
  const archive = make([entry])
  const stream = openDownload(archive, [{ start: 0, end: archive.sizeBytes }])
  await new Promise(resolve => stream.once('readable', resolve))
  for (let turn = 0; turn < 2000; turn++) await new Promise(setImmediate)
  t.ok(seen.chunks * 10_007 < 8 * MIB, `${seen.chunks} chunks for a consumer that reads none`)
  t.notOk(seen.closed)

  stream.destroy()
  for (let turn = 0; turn < 50 && !seen.closed; turn++) await new Promise(setImmediate)
  t.ok(seen.closed)
  const { chunks } = seen
  for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate)
  t.equal(seen.chunks, chunks, 'nothing is generated after that')
})

t.test('an entry whose size is wrong aborts the download', async t => {
  for (const entries of [[shortEntry('short.bin')], [bytesOf('a', 1), shortEntry('short.bin'), bytesOf('b', 1)]]) {
    await t.rejects(bytesIn(make(entries)), /short\.bin: expected 101 bytes, got 100/)
  }
  t.throws(() => make([bytesOf('../a', 1)]), RangeError)
})

t.test('archives of hundreds of MiB are not held in memory', async t => {
  const growth = await memoryToRead(make([calls('calls.csv', { sizeBytes: 300 * MIB })]))
  t.ok(growth < 200 * MIB, `${Math.round(growth / MIB)} MiB`)
})
