// Uncompressed zip archives, written by archiver, whose exact size is known in advance.

import { once } from 'node:events'
import { Readable } from 'node:stream'
import type { ZipArchive } from 'archiver'
import {
  type Archive,
  type ArchiveOptions,
  checkPaths,
  checkRange,
  type Entry,
  etagOf,
  read,
  slice,
} from './archive.ts'

const UINT16_MAX = 0xffff
const UINT32_MAX = 0xffffffff

/**
 * A zip of uncompressed entries, in the given order; zip64 where a size or a count needs it. Bytes are generated while they
 * are read: `open` starts at the beginning and discards the bytes before `start`, because checksums follow the contents.
 * Throws RangeError for a path that zip could not store unchanged.
 */
export function zip({ fileName, entries, lastModified }: ArchiveOptions): Archive {
  checkPaths(entries)
  const sizeBytes = zipSize(entries)
  return {
    fileName,
    mediaType: 'application/zip',
    sizeBytes,
    etag: etagOf(['zip'], entries),
    lastModified,
    open(start, end) {
      checkRange(start, end, sizeBytes)
      return slice(write(entries), start, end)
    },
  }
}

/** The size in bytes of a zip of entries with these paths and sizes. */
export function zipSize(entries: readonly Pick<Entry, 'path' | 'sizeBytes'>[]): number {
  let offset = 0
  let centralBytes = 0
  for (const { path, sizeBytes } of entries) {
    const nameBytes = Buffer.byteLength(path)
    const large = sizeBytes > UINT32_MAX
    centralBytes += 46 + nameBytes + (large || offset > UINT32_MAX ? 28 : 0)
    // Local header, name, content, data descriptor. Streamed entries have checksum and sizes after the content.
    offset += 30 + nameBytes + sizeBytes + (large ? 24 : 16)
  }
  const zip64 = entries.length > UINT16_MAX || centralBytes > UINT32_MAX || offset > UINT32_MAX
  return offset + centralBytes + (zip64 ? 56 + 20 : 0) + 22
}

/**
 * The entries plus a filler entry whose size makes the zip exactly `totalBytes` long. `filler` returns an entry of the given
 * size, always with the same path. Throws RangeError when no size fits, or when `filler` does.
 */
export function fillTo(totalBytes: number, entries: readonly Entry[], filler: (sizeBytes: number) => Entry): Entry[] {
  const { path } = filler(totalBytes)
  let sizeBytes = totalBytes
  // The second round is exact unless the size adds or removes zip64 fields, which takes another round.
  for (let round = 0; round < 4; round++) {
    const excess = zipSize([...entries, { path, sizeBytes }]) - totalBytes
    if (excess === 0) return [...entries, filler(sizeBytes)]
    sizeBytes -= excess
    if (sizeBytes < 0) break
  }
  throw new RangeError(`no size of ${path} makes a zip of ${totalBytes} bytes with ${entries.length} other entries`)
}

/** The whole zip. Entries are added one at a time because archiver buffers the beginning of every added entry. */
async function* write(entries: readonly Entry[]): AsyncGenerator<Uint8Array, void> {
  // Loading it would be a tenth of the time that a server takes to start, and many never send a zip.
  const { ZipArchive } = await import('archiver')
  const archive = new ZipArchive({ store: true })
  const stop = new AbortController()
  feed(archive, entries, stop.signal).catch(error => archive.destroy(error))
  try {
    for await (const chunk of archive) yield chunk
  } finally {
    stop.abort()
  }
}

async function feed(archive: ZipArchive, entries: readonly Entry[], signal: AbortSignal): Promise<void> {
  for (const entry of entries) {
    // archiver neither handles errors of its sources nor closes them.
    const source = Readable.from(read(entry, 0), { objectMode: false, signal })
    source.once('error', error => archive.destroy(error))
    archive.append(source, { name: entry.path, date: new Date(entry.modifiedAt), mode: 0o644 })
    await once(archive, 'entry', { signal })
  }
  await archive.finalize()
}
