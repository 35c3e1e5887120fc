// Reads the Range header of a download request (RFC 9110 §14).

import type { DownloadPersonality } from './personalities.ts'

/** Bytes [start, end) of the archive. */
export interface ByteRange {
  start: number
  end: number
}

export type Ranges = readonly ByteRange[] | 'ignored' | 'refused' | 'refused without size'

/**
 * The ranges that are to be sent, at least one of them. No package is used: range-parser reports `-500` of a 300-byte file and
 * `20-10` as unsatisfiable, which RFC 9110 §14.1 defines as the whole file and as invalid; header-range-parser returns the same as
 * that, and @httpland/range-parser brings two packages of helpers; none of them tells the cases apart that servers treat differently.
 */
export function readRanges(header: string | undefined, sizeBytes: number, personality: DownloadPersonality): Ranges {
  if (header === undefined) return 'ignored'
  const [, set] = /^bytes=(.*)$/is.exec(header) ?? []
  if (set === undefined) return personality.otherUnit
  if (set.trim() === '') return 'ignored'
  // A recipient ignores empty elements of a list (RFC 9110 §5.6.1.2); nginx does not.
  const areSkipped = personality.emptyElement === 'skipped'
  const specs = set.split(',').flatMap(spec => spec.trim() || (areSkipped ? [] : ''))
  if (specs.length === 0) return 'ignored'
  if (specs.length > personality.maxRanges) return 'ignored'
  const wanted: ByteRange[] = []
  for (const spec of specs) {
    const range = readSpec(spec, sizeBytes)
    if (!range || (range === 'reversed' && personality.reversed === 'malformed')) return personality.malformed
    if (range !== 'reversed') wanted.push(range)
  }
  if (sizeBytes === 0) return answerOfEmptyFile(wanted, personality)
  const satisfiable = wanted.filter(({ start, end }) => start < end)
  if (satisfiable.length === 0) return 'refused'
  const sentBytes = satisfiable.reduce((sum, { start, end }) => sum + end - start, 0)
  // Overlapping ranges: more would be sent than the file has.
  return sentBytes > sizeBytes ? 'ignored' : satisfiable
}

/** The part of the file; with `start` not before `end` when it is outside the file. Undefined for an invalid range. */
function readSpec(spec: string, sizeBytes: number): ByteRange | 'reversed' | undefined {
  const [, first, last] = /^(\d*)\s*-\s*(\d*)$/.exec(spec) ?? []
  if (first === undefined || last === undefined || first + last === '') return undefined
  if (first === '') return { start: Math.max(sizeBytes - Number(last), 0), end: sizeBytes }
  if (last !== '' && Number(last) < Number(first)) return 'reversed'
  return { start: Number(first), end: last === '' ? sizeBytes : Math.min(Number(last) + 1, sizeBytes) }
}

function answerOfEmptyFile(wanted: readonly ByteRange[], { emptyFile }: DownloadPersonality): Ranges {
  if (emptyFile !== 'ignored when it starts at 0') return emptyFile
  return wanted.some(({ start }) => start === 0) ? 'ignored' : 'refused'
}
