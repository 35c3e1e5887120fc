// Arithmetic with ranges of bytes: which bytes several ranges cover, cover more than once, or leave out.

/** Bytes [start, end). */
export interface ByteRange {
  start: number
  end: number
}

/** A part of a body: bytes of a file, or a number of bytes that are not in it. */
export type SentPart = ByteRange | number

/** The bytes that at least `times` of the ranges contain: in order, none empty, none next to another. */
export function coveredBytes(ranges: readonly ByteRange[], times = 1): ByteRange[] {
  const edges = ranges
    .filter(({ start, end }) => start < end)
    .flatMap(({ start, end }) => [
      { at: start, change: 1 },
      { at: end, change: -1 },
    ])
    // At the same byte, starts come before ends: ranges that touch become one.
    .sort((a, b) => a.at - b.at || b.change - a.change)
  const covered: ByteRange[] = []
  let depth = 0
  let start = 0
  for (const { at, change } of edges) {
    depth += change
    if (change > 0 && depth === times) start = at
    if (change < 0 && depth === times - 1 && start < at) append(covered, { start, end: at })
  }
  return covered
}

function append(ranges: ByteRange[], range: ByteRange): void {
  const last = ranges.at(-1)
  if (last?.end === range.start) last.end = range.end
  else ranges.push(range)
}

/** The bytes of a file of `sizeBytes` that none of the ranges contains. */
export function missingBytes(ranges: readonly ByteRange[], sizeBytes: number): ByteRange[] {
  const missing: ByteRange[] = []
  let at = 0
  for (const { start, end } of [...coveredBytes(ranges), { start: sizeBytes, end: sizeBytes }]) {
    if (at < Math.min(start, sizeBytes)) missing.push({ start: at, end: Math.min(start, sizeBytes) })
    at = end
  }
  return missing
}

/** The ranges of the file among the first `sizeBytes` of a body, in the order of the body. */
export function rangesAmong(parts: readonly SentPart[], sizeBytes: number): ByteRange[] {
  const ranges: ByteRange[] = []
  let left = sizeBytes
  for (const part of parts) {
    if (left <= 0) break
    if (typeof part !== 'number') ranges.push({ start: part.start, end: Math.min(part.end, part.start + left) })
    left -= sizeOfPart(part)
  }
  return ranges.filter(({ start, end }) => start < end)
}

export function sizeOfPart(part: SentPart): number {
  return typeof part === 'number' ? part : part.end - part.start
}

export function sizeOfRanges(ranges: readonly ByteRange[]): number {
  return ranges.reduce((sum, { start, end }) => sum + end - start, 0)
}
