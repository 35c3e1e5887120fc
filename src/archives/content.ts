// Repeatable entries: text in memory, and CSV tables of any size that are generated while they are read.

import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { type Picker, seededPicker } from '../sandbox/random.ts'
import type { Entry } from './archive.ts'
import { combineCrc } from './crc.ts'
import { RepeatedRows, ROWS_PER_BLOCK, rowNumber } from './rows.ts'

/** Of what is held for a reader that does not read, and large enough that the cost of each chunk is negligible. */
const MAX_CHUNK_BYTES = 64 * 1024
const QUOTE = '"'.charCodeAt(0)

/** An entry of UTF-8 text. `modifiedAt` in epoch ms. */
export function textEntry(path: string, text: string, modifiedAt: number): Entry {
  return bytesEntry(path, Buffer.from(text), modifiedAt)
}

/** An entry of existing bytes, which must not change afterwards. `modifiedAt` in epoch ms. */
export function bytesEntry(path: string, bytes: Uint8Array, modifiedAt: number): Entry {
  return {
    path,
    sizeBytes: bytes.length,
    modifiedAt,
    contentId: createHash('sha256').update(bytes).digest('base64url'),
    *open(start) {
      if (start < bytes.length) yield bytes.subarray(start)
    },
    crc32: async () => crc32(bytes),
  }
}

/** A table. The first column is the row number; `row` provides the others. */
export interface CsvTable {
  columns: readonly string[]
  /** The cells after the row number. The same rows repeat every thousand; only the numbers differ. */
  row: (picker: Picker, index: number) => readonly (string | number)[]
  seed: string
  /** Epoch ms. */
  modifiedAt: number
}

/** The length of the table: a number of rows, or an exact number of bytes filled with whole rows. */
export type CsvExtent = { rowCount: number } | { sizeBytes: number }

interface Block {
  bytes: Buffer
  /** The offset after each row's line feed. */
  ends: number[]
}

/**
 * A CSV table (RFC 4180 quoting, line feeds) whose size is known immediately and whose bytes are generated while they are
 * read. Ten-digit row numbers make each row unique, so that a download resumed at a wrong offset is detected. Spaces after
 * the last cell pad the table to an exact size. Throws RangeError when `sizeBytes` is too small for the header and one row,
 * except when it is the size of the header alone.
 */
export function csvEntry(path: string, table: CsvTable & CsvExtent): Entry {
  const header = Buffer.from(`${table.columns.map(quoted).join(',')}\n`)
  const wanted = 'rowCount' in table ? table.rowCount : Number.POSITIVE_INFINITY
  const limit = 'sizeBytes' in table ? table.sizeBytes : Number.POSITIVE_INFINITY
  const block = buildBlock(table, wanted, limit)
  const rowBytes = 'rowCount' in table ? bytesOfRows(block, wanted) : wholeRows(block, table.sizeBytes - header.length)
  const sizeBytes = 'sizeBytes' in table ? table.sizeBytes : header.length + rowBytes
  const padding = sizeBytes - header.length - rowBytes
  if (padding < 0 || (padding > 0 && rowBytes === 0)) {
    throw new RangeError(
      `${path}: ${sizeBytes} bytes must be ${header.length}, or ${header.length + firstEnd(block)} or more`,
    )
  }

  const footer = paddedEnd(block, rowBytes, padding)
  const numberedBytes = rowBytes + padding - footer.length
  const contentId = createHash('sha256').update(header).update(block.bytes).update(`${sizeBytes}`).digest('base64url')
  const rows = new RepeatedRows(
    block.bytes,
    block.ends.map((_, row) => block.ends[row - 1] ?? 0),
  )
  let crc: Promise<number> | undefined
  return {
    path,
    sizeBytes,
    modifiedAt: table.modifiedAt,
    contentId,
    *open(start) {
      if (start < header.length) yield header.subarray(start)
      yield* numberedRows(rows, Math.max(0, start - header.length), numberedBytes)
      const skipped = Math.max(0, start - header.length - numberedBytes)
      if (skipped < footer.length) yield footer.subarray(skipped)
    },
    crc32() {
      crc ??= crcOf(header, rows, numberedBytes, footer)
      return crc
    },
  }
}

async function crcOf(header: Buffer, rows: RepeatedRows, numberedBytes: number, footer: Buffer): Promise<number> {
  const blocks = Math.floor(numberedBytes / rows.sizeBytes)
  const ofBlocks = combineCrc(crc32(header), await rows.crc(blocks), blocks * rows.sizeBytes)
  const restBytes = numberedBytes % rows.sizeBytes
  const ofRows = restBytes === 0 ? ofBlocks : crc32(rows.copy(blocks, 0, restBytes), ofBlocks)
  return crc32(footer, ofRows)
}

/** At least one row, and more until there are `rowCount` rows, `minBytes` bytes or a whole block. */
function buildBlock({ row, seed }: CsvTable, rowCount: number, minBytes: number): Block {
  const picker = seededPicker(seed)
  const lines: string[] = []
  const ends: number[] = []
  let end = 0
  do {
    const line = `${[rowNumber(lines.length), ...row(picker, lines.length)].map(quoted).join(',')}\n`
    end += Buffer.byteLength(line)
    lines.push(line)
    ends.push(end)
  } while (lines.length < Math.min(rowCount, ROWS_PER_BLOCK) && end < minBytes)
  return { bytes: Buffer.from(lines.join('')), ends }
}

function quoted(cell: string | number): string {
  const text = String(cell)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function firstEnd({ ends }: Block): number {
  return ends[0] ?? 0
}

function bytesOfRows({ bytes, ends }: Block, rowCount: number): number {
  const rest = rowCount % ends.length
  return Math.floor(rowCount / ends.length) * bytes.length + (ends[rest - 1] ?? 0)
}

/** The size in bytes of as many whole rows as fit. */
function wholeRows({ bytes, ends }: Block, sizeBytes: number): number {
  if (sizeBytes <= 0) return 0
  const rest = sizeBytes % bytes.length
  return sizeBytes - rest + (ends.findLast(end => end <= rest) ?? 0)
}

/** The padding followed by the end of the row: the closing quote, if the last cell is quoted, and the line feed. */
function paddedEnd({ bytes }: Block, rowBytes: number, padding: number): Buffer {
  if (padding === 0) return Buffer.alloc(0)
  const end = (rowBytes - 1) % bytes.length
  return Buffer.from(bytes[end - 1] === QUOTE ? `${' '.repeat(padding)}"\n` : `${' '.repeat(padding)}\n`)
}

/** Bytes [start, end) of rows without end. */
function* numberedRows(rows: RepeatedRows, start: number, end: number): Generator<Uint8Array, void> {
  // Of equal size, because a small one would be joined with the next.
  const chunkBytes = Math.ceil(rows.sizeBytes / Math.ceil(rows.sizeBytes / MAX_CHUNK_BYTES))
  for (let at = start; at < end; ) {
    const index = Math.floor(at / rows.sizeBytes)
    const origin = index * rows.sizeBytes
    const next = Math.min(origin + rows.sizeBytes, end, at + chunkBytes)
    yield rows.copy(index, at - origin, next - origin)
    at = next
  }
}
