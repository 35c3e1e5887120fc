// What the archive of a disaster recovery file holds, generated from the seed.
import { LRUCache } from 'lru-cache'
import type { Archive, Entry } from '../../archives/archive.ts'
import { csvEntry, textEntry } from '../../archives/content.ts'
import { pdfEntry } from '../../archives/pdf.ts'
import { type SevenZipKey, sevenZip, sevenZipKey } from '../../archives/sevenzip.ts'
import type { SandboxSettings } from '../../sandbox/sandbox.ts'
import { customersOf, invoiceOf } from './archive/billing.ts'
import { callDetailsPath, invoiceLines, LETTERHEAD } from './archive/invoice-page.ts'
import { callTable, databaseTables, deletedCallTable, type Table } from './archive/tables.ts'
import { isoSeconds, lastPeriod } from './dates.ts'
import { fileKinds, filenameOf, type KindName } from './file-kinds.ts'
import { optionsOf } from './options.ts'
import type { RecoveryFile } from './state.ts'

const MAX_CACHED_ARCHIVES = 32

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
  const cache = { key: sevenZipKey(optionsOf(settings).archivePassword), archives }
  cacheOfServer.set(settings, cache)
  return cache
}

/**
 * The bytes depend only on the seed, the password and the file. Recently used archives are cached because a client may
 * download one in several requests.
 */
export function archiveOf(settings: SandboxSettings, file: RecoveryFile): Archive {
  const { key, archives } = cacheOf(settings)
  const id = JSON.stringify([file.id, file.kind, file.generatedAt])
  const cached = archives.get(id)
  if (cached) return cached
  const archive = buildArchive(settings.seed, key, file)
  archives.set(id, archive)
  return archive
}

function buildArchive(seed: string, key: SevenZipKey, { id, kind, generatedAt }: RecoveryFile): Archive {
  const generatedDate = isoSeconds(generatedAt)
  const fileName = filenameOf(kind, generatedDate)
  const entries = entriesOf(seed, kind, generatedAt)
  const contents = entries.map(({ path, sizeBytes }) => ({ path, sizeBytes }))
  const manifest = JSON.stringify({ filename: fileName, generatedDate, contents }, null, 2)
  return sevenZip({
    fileName,
    entries: [textEntry('manifest.json', `${manifest}\n`, generatedAt), ...entries],
    lastModified: generatedAt,
    key,
    seed: JSON.stringify([seed, id]),
  })
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
