// What the archive of a disaster recovery file holds, generated from the seed.
import { LRUCache } from 'lru-cache'
import { type Archive, type Entry, emptyFile } from '../../archives/archive.ts'
import { csvEntry, textEntry } from '../../archives/content.ts'
import { pdfEntry } from '../../archives/pdf.ts'
import {
  fillSevenZip,
  repeatedEntry,
  SEVEN_ZIP_TYPE,
  type SevenZipContents,
  type SevenZipEntry,
  type SevenZipKey,
  sevenZip,
  sevenZipKey,
} from '../../archives/sevenzip.ts'
import type { SandboxSettings } from '../../sandbox/sandbox.ts'
import { customersOf, invoiceOf } from './archive/billing.ts'
import { callDetailsPath, invoiceLines, LETTERHEAD } from './archive/invoice-page.ts'
import { callTable, databaseTables, deletedCallTable, type Table } from './archive/tables.ts'
import { isoSeconds, lastPeriod } from './dates.ts'
import { fileKinds, filenameOf, type KindName } from './file-kinds.ts'
import { DEFAULT_PASSWORD, optionsOf } from './options.ts'
import type { RecoveryFile } from './state.ts'

const MAX_CACHED_ARCHIVES = 32

/** Derived from the default password, which takes 15 ms: most servers make their first archive without waiting for it. */
const DEFAULT_KEY = Buffer.from('b85f4cbe9e350aa73d00f133e36986d938ef9f2f219e82cdab1a6d961b5399e8', 'hex')

/** What gives an archive its size: recorded calls, 8,000 samples of a byte (G.711 µ-law) per second, without a header. */
const RECORDINGS_PATH = 'recordings.ulaw'

interface ServerCache {
  key: SevenZipKey
  archives: LRUCache<string, Archive>
}

/** All sandboxes of a server have the same settings object: its cache is released with the server. */
const cacheOfServer = new WeakMap<SandboxSettings, ServerCache>()

function cacheOf(settings: SandboxSettings): ServerCache {
  const known = cacheOfServer.get(settings)
  if (known) return known
  const archives = new LRUCache<string, Archive>({ max: MAX_CACHED_ARCHIVES })
  const { archivePassword } = optionsOf(settings)
  const key = sevenZipKey(archivePassword, archivePassword === DEFAULT_PASSWORD ? DEFAULT_KEY : undefined)
  const cache = { key, archives }
  cacheOfServer.set(settings, cache)
  return cache
}

/**
 * The bytes depend only on the seed, the password, the size and the file. Recently used archives are cached because a client may
 * download one in several requests.
 */
export function archiveOf(settings: SandboxSettings, file: RecoveryFile): Archive {
  const { key, archives } = cacheOf(settings)
  const sizeBytes = file.sizeBytes ?? optionsOf(settings).archiveSize
  const id = JSON.stringify([file.id, file.kind, file.generatedAt, sizeBytes])
  const cached = archives.get(id)
  if (cached) return cached
  const archive = buildArchive(settings.seed, key, file, sizeBytes)
  archives.set(id, archive)
  return archive
}

/** Without `sizeBytes`, the archive is as large as its contents. */
function buildArchive(seed: string, key: SevenZipKey, file: RecoveryFile, sizeBytes: number | undefined): Archive {
  const { id, kind, generatedAt } = file
  const generatedDate = isoSeconds(generatedAt)
  const fileName = filenameOf(kind, generatedDate)
  const archiveSeed = JSON.stringify([seed, id])
  if (sizeBytes === 0) return emptyFile(fileName, SEVEN_ZIP_TYPE, generatedAt)

  const withManifest = (entries: readonly SevenZipEntry[]): SevenZipEntry[] => {
    const contents = entries.map(({ path, sizeBytes }) => ({ path, sizeBytes }))
    const manifest = JSON.stringify({ filename: fileName, generatedDate, contents }, null, 2)
    return [textEntry('manifest.json', `${manifest}\n`, generatedAt), ...entries]
  }
  const entries = entriesOf(seed, kind, generatedAt)
  const contents =
    sizeBytes === undefined
      ? { entries: withManifest(entries) }
      : contentsOf(sizeBytes, entries, withManifest, recordingsBytes =>
          repeatedEntry(RECORDINGS_PATH, recordingsBytes, archiveSeed, generatedAt),
        )
  return sevenZip({ fileName, lastModified: generatedAt, key, seed: archiveSeed, ...contents })
}

/** The contents of an archive of an exact size. Without the tables or invoices if these are too large for it. */
function contentsOf(
  totalBytes: number,
  entries: readonly SevenZipEntry[],
  withManifest: (entries: readonly SevenZipEntry[]) => SevenZipEntry[],
  recordings: (sizeBytes: number) => SevenZipEntry,
): SevenZipContents {
  const contents =
    fillSevenZip(totalBytes, sizeBytes => withManifest([...entries, recordings(sizeBytes)])) ??
    fillSevenZip(totalBytes, sizeBytes => withManifest([recordings(sizeBytes)]))
  if (!contents) throw new RangeError(`no archive has ${totalBytes} bytes`)
  return contents
}

function entriesOf(seed: string, kind: KindName, generatedAt: number): Entry[] {
  if (kind === 'deleted-calls') {
    const period = lastPeriod(fileKinds[kind].cadence, generatedAt)
    return [tableEntry('deleted-calls.csv', deletedCallTable(seed, period), generatedAt)]
  }
  if (kind !== 'database-backup') return invoiceEntries(seed, kind, generatedAt)
  const tables = Object.entries(databaseTables(seed, generatedAt))
  return tables.map(([name, table]) => tableEntry(`${name}.csv`, table, generatedAt))
}

/** The invoices of the customers that are billed with this cadence: a page and its call details for each. */
function invoiceEntries(seed: string, kind: KindName, generatedAt: number): Entry[] {
  const { cadence } = fileKinds[kind]
  const billed = customersOf(seed).filter(customer => customer.cadence === cadence)
  const invoices = billed.map(customer => invoiceOf(seed, customer, lastPeriod(cadence, generatedAt)))
  const heading = kind.endsWith('-letterhead') ? LETTERHEAD : []
  return invoices.flatMap(invoice => [
    pdfEntry(`invoices/${invoice.invoiceNumber}.pdf`, [...heading, ...invoiceLines(invoice)], generatedAt),
    tableEntry(callDetailsPath(invoice), callTable(invoice.calls), generatedAt),
  ])
}

function tableEntry(path: string, { columns, rows }: Table, modifiedAt: number): Entry {
  // csvEntry generates one row even for a table without rows, and then leaves it out.
  const row = (_picker: unknown, index: number) => rows[index] ?? []
  return csvEntry(path, { columns, row, rowCount: rows.length, seed: path, modifiedAt })
}
