// Reads a part of a file that consists of sections, of which each can be read from any position.

/** A contiguous part of a file. */
export interface Section {
  sizeBytes: number
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
