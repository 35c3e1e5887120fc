// The records of the zip format (APPNOTE.TXT of PKWARE, 6.3.10), for uncompressed entries.

import type { Entry } from './archive.ts'

/** What readers need to know of an entry. */
export interface ZipEntry extends Pick<Entry, 'path' | 'sizeBytes' | 'modifiedAt'> {
  crc: number
}

const LOCAL_BYTES = 30
const CENTRAL_BYTES = 46
const END_BYTES = 22
const LOCAL_EXTRA_BYTES = 20
const CENTRAL_EXTRA_BYTES = 28
const ZIP64_END_BYTES = 56
const ZIP64_LOCATOR_BYTES = 20

const ZIP64_EXTRA_ID = 1
const UINT16_MAX = 0xffff
const UINT32_MAX = 0xffffffff
/** Uncompressed entries need version 1.0, zip64 version 4.5. */
const VERSION = 10
const ZIP64_VERSION = 45
/** Attributes are those of Unix. */
const MADE_BY_UNIX = 3 << 8
const UTF8_NAME = 0x0800
const STORED = 0
/** -rw-r--r-- in the upper 16 bits. */
const ATTRIBUTES = 0o100644 * 2 ** 16

/** The part of the archive that an entry takes, without its place in the directory. */
export function localSize({ path, sizeBytes }: Pick<ZipEntry, 'path' | 'sizeBytes'>, zip64: boolean): number {
  return localHeaderSize(path, zip64) + sizeBytes
}

export function localHeaderSize(path: string, zip64: boolean): number {
  return LOCAL_BYTES + Buffer.byteLength(path) + (zip64 ? LOCAL_EXTRA_BYTES : 0)
}

/** The size of the directory at the end of the archive. */
export function directorySize(entries: readonly Pick<ZipEntry, 'path'>[], zip64: boolean): number {
  const extraBytes = zip64 ? CENTRAL_EXTRA_BYTES : 0
  const rows = entries.reduce((sum, { path }) => sum + CENTRAL_BYTES + Buffer.byteLength(path) + extraBytes, 0)
  return rows + (zip64 ? ZIP64_END_BYTES + ZIP64_LOCATOR_BYTES : 0) + END_BYTES
}

/** Whether an archive of that size and number of entries cannot do without zip64 fields. */
export function needsZip64(sizeBytes: number, entryCount: number): boolean {
  return sizeBytes > UINT32_MAX || entryCount >= UINT16_MAX
}

/** Contains checksum and sizes, so that the archive can be read from a pipe. */
export function localHeader(entry: ZipEntry, zip64: boolean): Buffer {
  const extra = Buffer.alloc(zip64 ? LOCAL_EXTRA_BYTES : 0)
  if (zip64) writeExtra(extra, [entry.sizeBytes, entry.sizeBytes])
  const fixed = Buffer.alloc(LOCAL_BYTES)
  fixed.writeUInt32LE(0x04034b50, 0)
  writeCommon(fixed, 4, entry, extra.length, zip64)
  return Buffer.concat([fixed, Buffer.from(entry.path), extra])
}

/** All rows and the end of the archive. */
export function directory(entries: readonly ZipEntry[], zip64: boolean): Buffer {
  let offset = 0
  const rows = entries.map(entry => {
    const row = centralHeader(entry, offset, zip64)
    offset += localSize(entry, zip64)
    return row
  })
  const rowBytes = rows.reduce((sum, { length }) => sum + length, 0)
  return Buffer.concat([...rows, ...endOf(entries.length, rowBytes, offset, zip64)])
}

function centralHeader(entry: ZipEntry, offset: number, zip64: boolean): Buffer {
  const extra = Buffer.alloc(zip64 ? CENTRAL_EXTRA_BYTES : 0)
  if (zip64) writeExtra(extra, [entry.sizeBytes, entry.sizeBytes, offset])
  const fixed = Buffer.alloc(CENTRAL_BYTES)
  fixed.writeUInt32LE(0x02014b50, 0)
  fixed.writeUInt16LE(MADE_BY_UNIX | (zip64 ? ZIP64_VERSION : VERSION), 4)
  writeCommon(fixed, 6, entry, extra.length, zip64)
  fixed.writeUInt32LE(ATTRIBUTES, 38)
  fixed.writeUInt32LE(zip64 ? UINT32_MAX : offset, 42)
  return Buffer.concat([fixed, Buffer.from(entry.path), extra])
}

/** The 26 bytes that both headers have. */
function writeCommon(out: Buffer, at: number, entry: ZipEntry, extraBytes: number, zip64: boolean): void {
  const { date, time } = dosTime(entry.modifiedAt)
  const size = zip64 ? UINT32_MAX : entry.sizeBytes
  out.writeUInt16LE(zip64 ? ZIP64_VERSION : VERSION, at)
  out.writeUInt16LE(UTF8_NAME, at + 2)
  out.writeUInt16LE(STORED, at + 4)
  out.writeUInt16LE(time, at + 6)
  out.writeUInt16LE(date, at + 8)
  out.writeUInt32LE(entry.crc, at + 10)
  out.writeUInt32LE(size, at + 14)
  out.writeUInt32LE(size, at + 18)
  out.writeUInt16LE(Buffer.byteLength(entry.path), at + 22)
  out.writeUInt16LE(extraBytes, at + 24)
}

function writeExtra(out: Buffer, values: readonly number[]): void {
  out.writeUInt16LE(ZIP64_EXTRA_ID, 0)
  out.writeUInt16LE(out.length - 4, 2)
  for (const [index, value] of values.entries()) out.writeBigUInt64LE(BigInt(value), 4 + 8 * index)
}

function endOf(count: number, rowBytes: number, offset: number, zip64: boolean): Buffer[] {
  const end = Buffer.alloc(END_BYTES)
  end.writeUInt32LE(0x06054b50, 0)
  for (const at of [8, 10]) end.writeUInt16LE(zip64 ? UINT16_MAX : count, at)
  end.writeUInt32LE(zip64 ? UINT32_MAX : rowBytes, 12)
  end.writeUInt32LE(zip64 ? UINT32_MAX : offset, 16)
  return zip64 ? [zip64End(count, rowBytes, offset), zip64Locator(offset + rowBytes), end] : [end]
}

function zip64End(count: number, rowBytes: number, offset: number): Buffer {
  const end = Buffer.alloc(ZIP64_END_BYTES)
  end.writeUInt32LE(0x06064b50, 0)
  // Without the signature and this field itself.
  end.writeBigUInt64LE(BigInt(ZIP64_END_BYTES - 12), 4)
  end.writeUInt16LE(MADE_BY_UNIX | ZIP64_VERSION, 12)
  end.writeUInt16LE(ZIP64_VERSION, 14)
  for (const [index, value] of [count, count, rowBytes, offset].entries()) {
    end.writeBigUInt64LE(BigInt(value), 24 + 8 * index)
  }
  return end
}

function zip64Locator(endOffset: number): Buffer {
  const locator = Buffer.alloc(ZIP64_LOCATOR_BYTES)
  locator.writeUInt32LE(0x07064b50, 0)
  locator.writeBigUInt64LE(BigInt(endOffset), 8)
  locator.writeUInt32LE(1, 16)
  return locator
}

/** In UTC. The format has years from 1980 to 2107 and every other second. */
function dosTime(epochMs: number): { date: number; time: number } {
  const at = new Date(Math.min(Math.max(epochMs, Date.UTC(1980, 0, 1)), Date.UTC(2107, 11, 31, 23, 59, 58)))
  return {
    date: ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate(),
    time: (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1),
  }
}
