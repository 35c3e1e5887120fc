// The stream of a download: its bytes, what a reader that has stopped costs, and turns between several streams.

import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import t from 'tap'
import { type Archive, digest } from '../../src/archives/archive.ts'
import { openDownload } from '../../src/archives/stream.ts'
import { Turns } from '../../src/archives/turns.ts'
import { MODIFIED_AT } from './samples.ts'

/** An archive of pieces of one size, each of which contains its number; counts those that were generated. */
function piecesOf(count: number, pieceBytes: number): { archive: Archive; seen: { pieces: number; closed: boolean } } {
  const seen = { pieces: 0, closed: false }
  const archive: Archive = {
    fileName: 'a.zip',
    mediaType: 'application/zip',
    sizeBytes: count * pieceBytes,
    etag: '"tag"',
    lastModified: MODIFIED_AT,
    async *open(start, end) {
      try {
        for (let at = start; at < end; at += pieceBytes) {
          seen.pieces++
          yield Buffer.alloc(Math.min(pieceBytes, end - at), at / pieceBytes)
        }
      } finally {
        seen.closed = true
      }
    },
  }
  return { archive, seen }
}

function whole({ archive }: { archive: Archive }, turns?: Turns): Readable {
  return openDownload(archive, [{ start: 0, end: archive.sizeBytes }], turns)
}

async function turnsOfLoop(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate)
}

t.test('the stream has the bytes of the range', async t => {
  const { archive } = piecesOf(3, 10)
  const chunks = await openDownload(archive, [{ start: 10, end: 25 }]).toArray()
  t.strictSame(Buffer.concat(chunks), Buffer.concat([Buffer.alloc(10, 1), Buffer.alloc(5, 2)]))
  t.strictSame(await openDownload(archive, [{ start: 10, end: 10 }]).toArray(), [])
})

t.test('small pieces are joined, and large ones are passed on as they are', async t => {
  const sizesOf = async (count: number, pieceBytes: number) => {
    const chunks: Buffer[] = []
    const stream = whole(piecesOf(count, pieceBytes))
    stream.on('data', chunk => chunks.push(chunk))
    await once(stream, 'end')
    const bytes = Buffer.concat(chunks)
    t.ok(bytes.every((byte, at) => byte === Math.floor(at / pieceBytes) % 256))
    return chunks.map(chunk => chunk.length)
  }
  t.same(await sizesOf(150, 1000), [65_000, 65_000, 20_000])
  t.same(await sizesOf(3, 100_000), [100_000, 100_000, 100_000])
})

t.test('a reader that has stopped costs one chunk', async t => {
  const source = piecesOf(100, 100_000)
  const stream = whole(source)
  await turnsOfLoop(20)
  t.equal(source.seen.pieces, 0, 'nothing is generated before the first read')
  stream.once('data', () => stream.pause())
  stream.resume()
  await turnsOfLoop(50)
  t.equal(source.seen.pieces, 1)
  stream.destroy()
  await once(stream, 'close')
  t.ok(source.seen.closed)
})

t.test('a stream that is destroyed while it waits for its turn generates nothing', async t => {
  const turns = new Turns()
  const busy = whole(piecesOf(100, 100_000), turns)
  busy.resume()
  const source = piecesOf(100, 100_000)
  const stream = whole(source, turns)
  stream.resume()
  stream.destroy()
  await once(busy, 'end')
  t.equal(source.seen.pieces, 0)
})

t.test('streams that share turns generate one chunk in a turn of the event loop, and each gets its share', async t => {
  const turns = new Turns()
  const sources = Array.from({ length: 40 }, () => piecesOf(30, 100_000))
  const streams = sources.map(source => whole(source, turns))
  const ended = Promise.all(streams.map(stream => once(stream.resume(), 'end')))
  const generated = () => sources.reduce((sum, { seen }) => sum + seen.pieces, 0)
  await turnsOfLoop(200)
  const before = generated()
  await turnsOfLoop(200)
  const perTurn = (generated() - before) / 200
  t.ok(perTurn > 0.75 && perTurn <= 1, `${perTurn} chunks per turn`)
  const shares = sources.map(({ seen }) => seen.pieces)
  t.ok(Math.max(...shares) - Math.min(...shares) <= 2, `${shares}`)
  await ended
})

t.test('digests that share turns hash one chunk in a turn of the event loop', async t => {
  const turns = new Turns()
  const sources = Array.from({ length: 20 }, () => piecesOf(30, 100_000))
  const digests = Promise.all(sources.map(({ archive }) => digest(archive, 'sha1', turns)))
  const generated = () => sources.reduce((sum, { seen }) => sum + seen.pieces, 0)
  await turnsOfLoop(50)
  const before = generated()
  await turnsOfLoop(100)
  const perTurn = (generated() - before) / 100
  t.ok(perTurn > 0.5 && perTurn <= 1, `${perTurn} chunks per turn`)
  const whole = Buffer.concat(Array.from({ length: 30 }, (_, index) => Buffer.alloc(100_000, index)))
  const expected = createHash('sha1').update(whole).digest('hex')
  t.same(new Set(await digests), new Set([expected]))
})

t.test('an error of the source destroys the stream', async t => {
  const archive: Archive = {
    ...piecesOf(1, 1).archive,
    // biome-ignore lint/correctness/useYield: it fails before the first byte
    async *open() {
      throw new Error('cannot be read')
    },
  }
  await t.rejects(whole({ archive }).toArray(), /cannot be read/)
})
