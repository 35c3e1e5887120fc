// disaster-recovery-files: the archive of each kind of file, made from the seed.
import type { Archive, Entry } from '../../archives/archive.ts'
import { csvEntry, textEntry } from '../../archives/content.ts'
import { pdfEntry } from '../../archives/pdf.ts'
import { sevenZip } from '../../archives/sevenzip.ts'
import type { SandboxSettings } from '../../sandbox/sandbox.ts'
import { isoDate, isoSeconds, lastPeriod } from './calendar.ts'
import { fileKinds, filenameOf, type KindName } from './kinds.ts'
import { customersOf, type Invoice, invoiceOf, pounds } from './ledger.ts'
import type { RecoveryFile } from './state.ts'
import { callTable, databaseTables, deletedCallTable, type Table } from './tables.ts'

const CACHED_ARCHIVES = 32

const archives = new Map<string, Archive>()

/**
 * The same bytes for the same seed, password and file, and nothing else plays a part: the 32 archives used last are
 * remembered for whoever asks, as a download comes in several requests.
 */
export function archiveOf({ seed, archivePassword }: SandboxSettings, file: RecoveryFile): Archive {
  const { id, kind, generatedAt } = file
  const recipe = JSON.stringify([seed, archivePassword, id, kind, generatedAt])
  const archive = archives.get(recipe) ?? buildArchive(seed, archivePassword, file)
  archives.delete(recipe)
  archives.set(recipe, archive)
  const [oldest] = archives.keys()
  if (archives.size > CACHED_ARCHIVES && oldest !== undefined) archives.delete(oldest)
  return archive
}

function buildArchive(seed: string, password: string, { id, kind, generatedAt }: RecoveryFile): Archive {
  const fileName = filenameOf(kind, generatedAt)
  const entries = entriesOf(seed, kind, generatedAt)
  const contents = entries.map(({ path, sizeBytes }) => ({ path, sizeBytes }))
  const manifest = JSON.stringify({ filename: fileName, generatedDate: isoSeconds(generatedAt), contents }, null, 2)
  return sevenZip({
    fileName,
    entries: [textEntry('manifest.json', `${manifest}\n`, generatedAt), ...entries],
    lastModified: generatedAt,
    password,
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

/** Those billed as often as the bundle is made, each with a page and the calls that it charges. */
function invoiceEntries(seed: string, kind: KindName, generatedAt: number): Entry[] {
  const { cadence } = fileKinds[kind]
  const billed = customersOf(seed).filter(({ cycle }) => cycle === cadence)
  const invoices = billed.map(customer => invoiceOf(seed, customer, lastPeriod(cadence, generatedAt)))
  const heading = kind.endsWith('-letterhead') ? LETTERHEAD : []
  return invoices.flatMap(invoice => [
    pdfEntry(`invoices/${invoice.invoiceNumber}.pdf`, [...heading, ...pageOf(invoice)], generatedAt),
    tableEntry(`call-details/${invoice.invoiceNumber}.csv`, callTable(invoice.calls), generatedAt),
  ])
}

const LETTERHEAD = ['HARBOURLINE TELECOM LTD', '1 Exchange Street, Example Town', 'VAT registration 000 0000 00', '']

function pageOf({ invoiceNumber, customer, period, calls, rental, callCharges, tax, total }: Invoice): string[] {
  return [
    `Invoice ${invoiceNumber}`,
    '',
    `${customer.name}, account ${customer.accountNumber}`,
    `From ${isoDate(period.from)} up to, not including, ${isoDate(period.to)}`,
    '',
    `Line rental: £${pounds(rental)}`,
    `Calls (${calls.length}): £${pounds(callCharges)}`,
    `VAT: £${pounds(tax)}`,
    `Total: £${pounds(total)}`,
    '',
    `Call details: call-details/${invoiceNumber}.csv`,
  ]
}

function tableEntry(path: string, { columns, rows }: Table, modifiedAt: number): Entry {
  // Of a table without rows one is made all the same, and left out.
  const row = (_picker: unknown, index: number) => rows[index] ?? []
  return csvEntry(path, { columns, row, rowCount: rows.length, seed: path, modifiedAt })
}
