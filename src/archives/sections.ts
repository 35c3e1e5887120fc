// Reads a part of a file that consists of sections, of which each can be read from any position.

import type { EntryRange } from './archive.ts'

/** A contiguous part of a file. */
export interface Section {
  sizeBytes: number
  /** The path of the entry whose content it is. */
  entry?: string
  /** The bytes [start, end) of the section. */
  open(start: number, end: number): AsyncIterable<Uint8Array>
}

/** A section of bytes that are made when the first of them are read. */
export function lazySection(sizeBytes: number, bytes: () => Promise<Buffer>): Section {
  return {
    sizeBytes,
    async *open(start, end) {
      yield (await bytes()).subarray(start, end)
    },
  }
}

export function sizeOf(sections: readonly Section[]): number {
  return sections.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
}

/** Where the sections lie that hold the content of an entry. */
export function entryRangesOf(sections: readonly Section[]): EntryRange[] {
  let start = 0
  return sections.flatMap(({ sizeBytes, entry }) => {
    const end = start + sizeBytes
    const range = entry === undefined ? [] : [{ path: entry, start, end }]
    start = end
    return range
  })
}

/** The bytes [start, end) of all sections together. */
export async function* openSections(
  sections: readonly Section[],
  start: number,
  end: number,
): AsyncGenerator<Uint8Array, void> {
  let origin = 0
  for (const section of sections) {
    const from = Math.max(start - origin, 0)
    const to = Math.min(end - origin, section.sizeBytes)
    if (from < to) yield* section.open(from, to)
    origin += section.sizeBytes
    if (origin >= end) return
  }
}
