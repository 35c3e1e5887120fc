// Entries, measurements and system tools for the archive tests.

import { spawn, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { crc32 } from 'node:zlib'
import type { Archive, Entry } from '../../src/archives/archive.ts'
import { type CsvExtent, csvEntry } from '../../src/archives/content.ts'
import { openDownload } from '../../src/archives/stream.ts'

export const MIB = 1024 * 1024
export const MODIFIED_AT = Date.UTC(2024, 1, 29, 13, 14, 16)

export function calls(path: string, extent: CsvExtent, seed = 'calls'): Entry {
  return csvEntry(path, {
    columns: ['call', 'caller', 'callee', 'seconds', 'note'],
    row: picker => [
      `+3519${picker.int(10_000_000, 99_999_999)}`,
      `+3512${picker.int(10_000_000, 99_999_999)}`,
      picker.int(0, 3600),
      picker.pick(['answered', 'busy, "again"', 'não atendida']),
    ],
    seed,
    modifiedAt: MODIFIED_AT,
    ...extent,
  })
}

const POSITIONS = Uint8Array.from({ length: 251 + 65_536 }, (_, index) => index % 251)

/** An entry of any size in which each byte depends on its position. The default chunk size is not a multiple of a block. */
export function bytesOf(path: string, sizeBytes: number, chunkBytes = 10_007): Entry {
  const entry: Entry = {
    path,
    sizeBytes,
    modifiedAt: MODIFIED_AT,
    contentId: `by position, ${sizeBytes}`,
    *open(start) {
      for (let at = start; at < sizeBytes; at += chunkBytes) {
        const length = Math.min(chunkBytes, sizeBytes - at)
        yield POSITIONS.subarray(at % 251, (at % 251) + length)
      }
    },
    crc32: async () => crcOf(entry),
  }
  return entry
}

/** Of the bytes that are read. */
export function crcOf(entry: Entry): number {
  let crc = 0
  for (const chunk of entry.open(0)) crc = crc32(chunk, crc)
  return crc
}

/** An entry with fewer bytes than `sizeBytes`. */
export function shortEntry(path: string): Entry {
  return { ...bytesOf(path, 100), sizeBytes: 101 }
}

export function contentOf(entry: Entry, start = 0): Buffer {
  return Buffer.concat([...entry.open(start)])
}

export async function bytesIn(archive: Archive, start = 0, end = archive.sizeBytes): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of archive.open(start, end)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

export async function save(archive: Archive, directory: string): Promise<string> {
  const path = join(directory, `${randomUUID()}-${archive.fileName}`)
  await pipeline(openDownload(archive, [{ start: 0, end: archive.sizeBytes }]), createWriteStream(path))
  return path
}

/** The number of turns of the event loop while a consumer reads a download without waiting. */
export async function turnsToRead(archive: Archive): Promise<number> {
  let turns = 0
  let done = false
  const stream = openDownload(archive, [{ start: 0, end: archive.sizeBytes }])
  const reading = once(stream.resume(), 'end').finally(() => {
    done = true
  })
  while (!done) {
    turns++
    await new Promise(setImmediate)
  }
  await reading
  return turns
}

/** The growth of resident memory at its peak, in bytes, while an archive is read to its end. */
export async function memoryToRead(archive: Archive): Promise<number> {
  const before = process.memoryUsage.rss()
  let peak = before
  for await (const _ of openDownload(archive, [{ start: 0, end: archive.sizeBytes }])) {
    peak = Math.max(peak, process.memoryUsage.rss())
  }
  return peak - before
}

/** Sends an archive to the standard input of a system tool; throws when it is not installed. */
export async function pipeTo(archive: Archive, name: string, args: readonly string[]): Promise<ToolResult> {
  const child = spawn(name, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  const source = openDownload(archive, [{ start: 0, end: archive.sizeBytes }])
  const output = Promise.all([child.stdout.toArray(), child.stderr.toArray()])
  const [status] = await Promise.all([once(child, 'close'), pipeline(source, child.stdin).catch(ignoreClosedPipe)])
  const [stdout, stderr] = (await output).map(chunks => Buffer.concat(chunks)) as [Buffer, Buffer]
  return { status: status[0], stdout, output: `${stdout}${stderr}` }
}

/** A tool that needs no directory may stop reading before it. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}

export interface ToolResult {
  status: number | null
  output: string
  stdout: Buffer
}

/** Runs a system tool; throws when it is not installed. */
export function tool(name: string, args: readonly string[]): ToolResult {
  const { status, stdout, stderr, error } = spawnSync(name, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * MIB,
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  })
  if (error) throw error
  return { status, stdout, output: `${stdout}${stderr}` }
}

/** An entry that records how many chunks were read and whether the reader closed it. */
export function watched(path: string, sizeBytes: number): { entry: Entry; seen: { chunks: number; closed: boolean } } {
  const seen = { chunks: 0, closed: false }
  const source = bytesOf(path, sizeBytes)
  const entry = {
    ...source,
    *open(start: number) {
      try {
        for (const chunk of source.open(start)) {
          seen.chunks++
          yield chunk
        }
      } finally {
        seen.closed = true
      }
    },
  }
  return { entry, seen }
}
