// Tests the arithmetic of byte ranges against counting every byte.
import fc from 'fast-check'
import t from 'tap'
import {
  type ByteRange,
  coveredBytes,
  missingBytes,
  rangesAmong,
  type SentPart,
  sizeOfRanges,
} from '../../../src/sandbox/journal/byte-ranges.ts'

const SIZE = 40
const position = fc.integer({ min: 0, max: SIZE })
const range = fc.tuple(position, position).map(([a, b]): ByteRange => ({ start: Math.min(a, b), end: Math.max(a, b) }))
const ranges = fc.array(range, { maxLength: 8 })

/** How many of the ranges contain each byte of the file. */
function countsOf(list: readonly ByteRange[]): number[] {
  return Array.from({ length: SIZE }, (_, at) => list.filter(({ start, end }) => start <= at && at < end).length)
}

function positionsOf(list: readonly ByteRange[]): number[] {
  return list.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, index) => start + index))
}

function assertOrdered(list: readonly ByteRange[]): void {
  for (const [index, { start, end }] of list.entries()) {
    const before = list[index - 1]
    if (start >= end || (before && before.end >= start)) throw new Error(`not in order: ${JSON.stringify(list)}`)
  }
}

t.test('coveredBytes: the bytes that are contained at least so many times', async t => {
  const check = (list: ByteRange[], times: number) => {
    const covered = coveredBytes(list, times)
    assertOrdered(covered)
    const expected = countsOf(list).flatMap((count, at) => (count >= times ? [at] : []))
    return positionsOf(covered).join() === expected.join() && sizeOfRanges(covered) === expected.length
  }
  t.doesNotThrow(() => fc.assert(fc.property(ranges, fc.integer({ min: 1, max: 3 }), check)))
  t.same(
    coveredBytes([
      { start: 5, end: 9 },
      { start: 0, end: 5 },
    ]),
    [{ start: 0, end: 9 }],
    'neighbouring ranges are joined',
  )
  t.same(
    coveredBytes(
      [
        { start: 0, end: 4 },
        { start: 0, end: 4 },
        { start: 4, end: 8 },
        { start: 4, end: 8 },
      ],
      2,
    ),
    [{ start: 0, end: 8 }],
  )
})

t.test('missingBytes: the bytes of the file that no range contains', async t => {
  const check = (list: ByteRange[], sizeBytes: number) => {
    const missing = missingBytes(list, sizeBytes)
    assertOrdered(missing)
    const expected = countsOf(list).flatMap((count, at) => (count === 0 && at < sizeBytes ? [at] : []))
    return positionsOf(missing).join() === expected.join()
  }
  t.doesNotThrow(() => fc.assert(fc.property(ranges, position, check)))
})

t.test('rangesAmong: the ranges of the file among the first bytes of a body', async t => {
  const part: fc.Arbitrary<SentPart> = fc.oneof(range, fc.integer({ min: 0, max: 5 }))
  const check = (parts: SentPart[], sentBytes: number) => {
    const body = parts.flatMap(each => (typeof each === 'number' ? Array(each).fill(-1) : positionsOf([each])))
    const expected = body.slice(0, sentBytes).filter(at => at >= 0)
    return positionsOf(rangesAmong(parts, sentBytes)).join() === expected.join()
  }
  t.doesNotThrow(() => fc.assert(fc.property(fc.array(part, { maxLength: 6 }), fc.integer({ min: 0, max: 90 }), check)))
})
