// The rows of a generated table: the same thousand rows repeated, with row numbers filled in, and their checksum.

import { setImmediate } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import { crcCombiner } from './crc.ts'

/** The number of rows that are repeated. A power of ten, so that only the digits before the last three change. */
export const ROWS_PER_BLOCK = 1000
export const NUMBER_DIGITS = 10
const PREFIX_DIGITS = NUMBER_DIGITS - 3

/** About a millisecond of calculation before other callbacks run. */
const CHECKSUMS_PER_TURN = 2 ** 15

/** The number of the row with this index, as the block that is repeated contains it. */
export function rowNumber(index: number): string {
  return String(index + 1).padStart(NUMBER_DIGITS, '0')
}

/** Rows without end: a block of them, and the same again with greater row numbers. */
export class RepeatedRows {
  /** The rows of block `#index`. Only the digits that differ are written to get those of another block. */
  readonly #bytes: Buffer
  #index = 0
  /** The offset of each row. */
  readonly #starts: readonly number[]
  #differences: Promise<Differences> | undefined

  /** `bytes` is the first block, which must have ROWS_PER_BLOCK rows if more than its rows are read. */
  constructor(bytes: Buffer, starts: readonly number[]) {
    this.#bytes = bytes
    this.#starts = starts
  }

  get sizeBytes(): number {
    return this.#bytes.length
  }

  /** A copy of the bytes [start, end) of a block. */
  copy(index: number, start: number, end: number): Buffer {
    this.#showBlock(index)
    return Buffer.from(this.#bytes.subarray(start, end))
  }

  #showBlock(index: number): void {
    if (index === this.#index) return
    const last = ROWS_PER_BLOCK - 1
    const before = prefixOf(this.#index)
    const after = prefixOf(index)
    for (let digit = 0; digit < PREFIX_DIGITS; digit++) {
      if (before[digit] === after[digit]) continue
      const code = after.charCodeAt(digit)
      for (let row = 0; row < last; row++) this.#bytes[(this.#starts[row] as number) + digit] = code
    }
    // The last three digits of the last row are zeros, so that its other digits are those of the next block.
    this.#bytes.write(prefixOf(index + 1), this.#starts[last] as number, 'latin1')
    this.#index = index
  }

  /** The CRC-32 of the first `count` blocks. */
  async crc(count: number): Promise<number> {
    if (count === 0) return 0
    if (count === 1) return crc32(this.copy(0, 0, this.sizeBytes))
    this.#differences ??= this.#measureDifferences()
    const { unnumbered, rows, lastRow } = await this.#differences
    const combine = crcCombiner(this.sizeBytes)
    let crc = 0
    for (let index = 0; index < count; index++) {
      let next = unnumbered
      let prefix = index
      let lastPrefix = index + 1
      for (let digit = PREFIX_DIGITS - 1; lastPrefix > 0; digit--) {
        next ^= (rows[digit]?.[prefix % 10] as number) ^ (lastRow[digit]?.[lastPrefix % 10] as number)
        prefix = Math.floor(prefix / 10)
        lastPrefix = Math.floor(lastPrefix / 10)
      }
      crc = combine(crc, next)
      if (index % CHECKSUMS_PER_TURN === 0) await setImmediate()
    }
    return crc >>> 0
  }

  /** A CRC is linear: what changing a digit changes in it does not depend on the other bytes. */
  async #measureDifferences(): Promise<Differences> {
    this.#showBlock(0)
    const last = ROWS_PER_BLOCK - 1
    const zeros = Buffer.alloc(this.sizeBytes)
    const ofZeros = crc32(zeros)
    const tableOf = (starts: readonly number[], digit: number) => {
      const ofBits = [1, 2, 4, 8].map(bit => {
        for (const start of starts) zeros[start + digit] = bit
        const difference = crc32(zeros) ^ ofZeros
        for (const start of starts) zeros[start + digit] = 0
        return difference
      })
      return Array.from({ length: 10 }, (_, value) =>
        ofBits.reduce((sum, difference, bit) => ((value >> bit) & 1 ? sum ^ difference : sum), 0),
      )
    }
    const unnumbered = Buffer.from(this.#bytes)
    unnumbered.write(prefixOf(0), this.#starts[last] as number, 'latin1')
    const tables = { unnumbered: crc32(unnumbered), rows: [] as number[][], lastRow: [] as number[][] }
    for (let digit = 0; digit < PREFIX_DIGITS; digit++) {
      tables.rows.push(tableOf(this.#starts.slice(0, last), digit))
      tables.lastRow.push(tableOf(this.#starts.slice(last), digit))
      await setImmediate()
    }
    return tables
  }
}

interface Differences {
  /** The CRC-32 of a block in which these digits are zero. */
  unnumbered: number
  /** By the position of a digit and its value: what the value changes in the CRC when all rows but the last have it. */
  rows: readonly (readonly number[])[]
  lastRow: readonly (readonly number[])[]
}

function prefixOf(index: number): string {
  return String(index).padStart(PREFIX_DIGITS, '0')
}
