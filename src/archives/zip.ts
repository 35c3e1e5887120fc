// Zip archives by archiver in store mode, with their exact length known ahead.

import { once } from 'node:events'
import { Readable } from 'node:stream'
import { ZipArchive } from 'archiver'
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
 * A zip of stored entries, in their order; zip64 where a size or a count needs it. Bytes are made while they are read:
 * `open` runs from the beginning and drops what is before `start`, because checksums follow the contents.
 * Throws RangeError for a path that zip could not keep as it is.
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

/** The length in bytes of the zip that `zip` makes of entries of these paths and sizes. */
export function zipSize(entries: readonly Pick<Entry, 'path' | 'sizeBytes'>[]): number {
  let offset = 0
  let centralBytes = 0
  for (const { path, sizeBytes } of entries) {
    const nameBytes = Buffer.byteLength(path)
    const large = sizeBytes > UINT32_MAX
    centralBytes += 46 + nameBytes + (large || offset > UINT32_MAX ? 28 : 0)
    // Local header, name, content, data descriptor: streamed entries have their checksum and sizes after the content.
    offset += 30 + nameBytes + sizeBytes + (large ? 24 : 16)
  }
  const zip64 = entries.length > UINT16_MAX || centralBytes > UINT32_MAX || offset > UINT32_MAX
  return offset + centralBytes + (zip64 ? 56 + 20 : 0) + 22
}

/**
 * The entries followed by a filler of the size that makes the whole zip exactly `totalBytes` long. `filler` makes an
 * entry of a given size and always of one path. Throws RangeError when no size fits (also `filler`'s own).
 */
export function fillTo(totalBytes: number, entries: readonly Entry[], filler: (sizeBytes: number) => Entry): Entry[] {
  const { path } = filler(totalBytes)
  let sizeBytes = totalBytes
  // The second round is the exact one; zip64 fields that appear or go with the size may take a third.
  for (let round = 0; round < 4; round++) {
    const excess = zipSize([...entries, { path, sizeBytes }]) - totalBytes
    if (excess === 0) return [...entries, filler(sizeBytes)]
    sizeBytes -= excess
    if (sizeBytes < 0) break
  }
  throw new RangeError(`no size of ${path} makes a zip of ${totalBytes} bytes with ${entries.length} other entries`)
}

/** The whole zip. Entries are fed one at a time: archiver buffers the beginning of each one that it has been given. */
async function* write(entries: readonly Entry[]): AsyncGenerator<Uint8Array, void> {
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
    // archiver does not listen for its sources' errors, nor close them.
    const source = Readable.from(read(entry, 0), { objectMode: false, signal })
    source.once('error', error => archive.destroy(error))
    archive.append(source, { name: entry.path, date: new Date(entry.modifiedAt), mode: 0o644 })
    await once(archive, 'entry', { signal })
  }
  await archive.finalize()
}
