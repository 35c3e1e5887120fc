// Uncompressed zip archives whose exact size is known in advance, and which any reader can open, also from a pipe.

import { type Archive, type ArchiveOptions, checkPaths, checkRange, type Entry, etagOf, readPart } from './archive.ts'
import { escapingEntry } from './escaping.ts'
import { entryRangesOf, lazySection, openSections, type Section, sizeOf } from './sections.ts'
import { directory, directorySize, localHeader, localHeaderSize, localSize, needsZip64 } from './zip-records.ts'

type Sized = Pick<Entry, 'path' | 'sizeBytes'>

/** What a zip holds. */
export interface ZipContents {
  entries: readonly Entry[]
  /** Whether all entries have zip64 fields; default: only when the zip cannot do without. */
  zip64?: boolean
}

/**
 * A zip of uncompressed entries, in the given order. Bytes are generated while they are read, from any position. The checksums are
 * calculated when the first header is read. Throws RangeError for a path that zip could not store unchanged.
 */
export function zip(options: ArchiveOptions & ZipContents): Archive {
  checkPaths(options.entries)
  return uncheckedZip(options)
}

function uncheckedZip(options: ArchiveOptions & ZipContents): Archive {
  const { fileName, entries, zip64 = usesZip64(entries), lastModified } = options
  const sections = layOut(entries, zip64)
  const sizeBytes = sizeOf(sections)
  return {
    fileName,
    mediaType: 'application/zip',
    sizeBytes,
    etag: etagOf([zip64 ? 'zip64' : 'zip'], entries),
    lastModified,
    open(start, end) {
      checkRange(start, end, sizeBytes)
      return openSections(sections, start, end)
    },
    entryRanges: () => entryRangesOf(sections),
    withEscapingEntry() {
      const more = [...entries, escapingEntry(lastModified)]
      return uncheckedZip({ ...options, entries: more, zip64: zip64 || usesZip64(more) })
    },
  }
}

/** A local header and the content of each entry, then the directory. */
function layOut(entries: readonly Entry[], zip64: boolean): Section[] {
  const withCrc = async (entry: Entry) => ({ ...entry, crc: await entry.crc32() })
  return [
    ...entries.flatMap(entry => [
      lazySection(localHeaderSize(entry.path, zip64), async () => localHeader(await withCrc(entry), zip64)),
      {
        sizeBytes: entry.sizeBytes,
        entry: entry.path,
        open: (start: number, end: number) => readPart(entry, start, end),
      },
    ]),
    lazySection(directorySize(entries, zip64), async () => directory(await Promise.all(entries.map(withCrc)), zip64)),
  ]
}

/** The size in bytes of a zip of entries with these paths and sizes. */
export function zipSize(entries: readonly Sized[], zip64 = usesZip64(entries)): number {
  return entries.reduce((sum, entry) => sum + localSize(entry, zip64), directorySize(entries, zip64))
}

function usesZip64(entries: readonly Sized[]): boolean {
  return needsZip64(zipSize(entries, false), entries.length)
}

/**
 * The entries plus a filler entry whose size makes the zip exactly `totalBytes` long. `filler` returns an entry of the given
 * size, always with the same path. Throws RangeError when the other entries are too large, or when `filler` does.
 */
export function fillTo(
  totalBytes: number,
  entries: readonly Entry[],
  filler: (sizeBytes: number) => Entry,
): Required<ZipContents> {
  const { path } = filler(totalBytes)
  const zip64 = needsZip64(totalBytes, entries.length + 1)
  const sizeBytes = totalBytes - zipSize([...entries, { path, sizeBytes: 0 }], zip64)
  if (sizeBytes < 0) {
    throw new RangeError(`no size of ${path} makes a zip of ${totalBytes} bytes with ${entries.length} other entries`)
  }
  return { entries: [...entries, filler(sizeBytes)], zip64 }
}
