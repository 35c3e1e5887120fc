// disaster-recovery-files: the contents of the archives as extracted by 7-Zip.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Firedrill, StartOptions } from '../../../src/index.ts'
import { tool } from '../../archives/samples.ts'
import { boot } from '../../helpers.ts'
import { download, idOf } from './client.ts'

/** Downloads the file and extracts it with 7-Zip: contents by path. */
async function extract(t: Test, server: Firedrill, id: string, password = 'firedrill'): Promise<Map<string, Buffer>> {
  const directory = t.testdir()
  const path = join(directory, 'backup.7z')
  writeFileSync(path, (await download(server, id)).bytes)
  const tested = tool('7zz', ['t', `-p${password}`, path])
  t.equal(tested.status, 0, tested.output)
  const target = join(directory, 'out')
  t.equal(tool('7zz', ['x', `-p${password}`, `-o${target}`, path]).status, 0)
  const files = readdirSync(target, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  const paths = files.map(({ parentPath, name }) => join(parentPath, name))
  return new Map(paths.map(file => [file.slice(target.length + 1), readFileSync(file)]))
}

/** The rows of a CSV file as objects. Our cells contain no line breaks. */
function rowsOf(t: Test, bytes: Buffer | undefined): Record<string, string>[] {
  const lines = String(bytes).trimEnd().split('\n')
  const [columns = [], ...rows] = lines.map(line => {
    const cells = line.match(/("([^"]|"")*"|[^,]*)(,|$)/g)?.slice(0, -1) ?? []
    const last = line.endsWith(',') ? [''] : []
    return [...cells, ...last].map(cell =>
      cell
        .replace(/,$/, '')
        .replace(/^"(.*)"$/, '$1')
        .replaceAll('""', '"'),
    )
  })
  for (const row of rows) t.equal(row.length, columns.length, `one cell per column: ${row}`)
  return rows.map(row => Object.fromEntries(row.map((cell, index) => [columns[index], cell])))
}

const pounds = (text: string | undefined) => Math.round(Number(text) * 100)

t.test('getDisasterRecoveryFile: 7-Zip opens it with the platform-wide password only', async t => {
  const server = await boot(t)
  const path = join(t.testdir(), 'backup.7z')
  writeFileSync(path, (await download(server, '123')).bytes)
  t.equal(tool('7zz', ['t', '-pfiredrill', path]).status, 0)
  for (const password of ['wrong', 'Firedrill', ''])
    t.not(tool('7zz', ['t', `-p${password}`, path]).status, 0, password)
  t.notMatch(tool('7zz', ['l', '-pwrong', path]).output, 'customers', 'names are encrypted')
})

t.test('getDisasterRecoveryFile: a configured platform-wide password', async t => {
  const server = await boot(t, { archivePassword: 'correct horse' })
  const files = await extract(t, server, '123', 'correct horse')
  t.ok(files.has('customers.csv'))
  const other = await boot(t)
  t.not((await download(server, '123')).headers.etag, (await download(other, '123')).headers.etag)
})

t.test('getDisasterRecoveryFile: a database backup is a full export as CSV with consistent references', async t => {
  const server = await boot(t)
  const files = await extract(t, server, '123')
  const names = ['customers', 'invoices', 'calls', 'transactions', 'notes', 'tickets', 'emails', 'users']
  t.same(new Set(files.keys()), new Set([...names.map(name => `${name}.csv`), 'manifest.json']))
  const tables = Object.fromEntries(names.map(name => [name, rowsOf(t, files.get(`${name}.csv`))]))
  const {
    customers = [],
    invoices = [],
    calls = [],
    transactions = [],
    notes = [],
    tickets = [],
    emails = [],
    users = [],
  } = tables
  for (const name of names) t.ok(tables[name]?.length, name)

  const accounts = new Set(customers.map(({ accountNumber }) => accountNumber))
  t.equal(accounts.size, customers.length)
  for (const rows of [invoices, calls, transactions, notes, tickets, emails]) {
    t.ok(rows.every(({ accountNumber }) => accounts.has(accountNumber)))
  }
  const numbers = new Set(invoices.map(({ invoiceNumber }) => invoiceNumber))
  t.equal(numbers.size, invoices.length)
  for (const rows of [transactions, emails]) t.ok(rows.every(({ invoiceNumber }) => numbers.has(invoiceNumber)))
  const usernames = new Set(users.map(({ username }) => username))
  for (const rows of [notes, tickets]) t.ok(rows.every(({ username }) => usernames.has(username)))

  for (const { rental, calls: charges, tax, total } of invoices) {
    t.equal(pounds(rental) + pounds(charges) + pounds(tax), pounds(total))
  }
  const phones = new Map(customers.map(({ accountNumber, phone }) => [accountNumber, phone]))
  t.ok(calls.every(({ accountNumber, source }) => phones.get(accountNumber) === source))
  const dates = Object.values(tables).flatMap(rows => rows.flatMap(row => Object.entries(row)))
  const future = dates.filter(([column, cell]) => column.endsWith('Date') && cell > '2026-06-09T12:00:00Z')
  t.same(future, [], 'no date is later than the file')
})

t.test('getDisasterRecoveryFile: an invoice bundle has PDFs with matching call details', async t => {
  const server = await boot(t)
  for (const cadence of ['daily', 'weekly', 'monthly']) {
    const files = await extract(t, server, await idOf(server, `invoices-${cadence}-2`))
    const numbers = [...files.keys()].flatMap(path => /^invoices\/(.*)\.pdf$/.exec(path)?.[1] ?? [])
    t.ok(numbers.length > 0)
    t.equal(files.size, 2 * numbers.length + 1)
    for (const number of numbers) {
      const page = String(files.get(`invoices/${number}.pdf`)?.toString('latin1'))
      t.match(page, /^%PDF-1\.\d[\s\S]*%%EOF\n$/)
      t.ok(page.includes(`Invoice ${number}`))
      const calls = rowsOf(t, files.get(`call-details/${number}.csv`))
      const charged = calls.reduce((sum, { charge }) => sum + pounds(charge), 0)
      t.ok(page.includes(`Calls \\(${calls.length}\\): £${(charged / 100).toFixed(2)}`), 'the calls it charges')
    }
  }
})

t.test('getDisasterRecoveryFile: a bundle with letterhead has the same invoices with a letterhead', async t => {
  const server = await boot(t)
  const plain = await extract(t, server, await idOf(server, 'invoices-monthly-2'))
  const headed = await extract(t, server, await idOf(server, 'invoices-monthly-letterhead-2'))
  t.same([...headed.keys()], [...plain.keys()])
  for (const [path, bytes] of plain) {
    const [without, within] = [bytes, headed.get(path)].map(page => page?.toString('latin1').includes('HARBOURLINE'))
    if (path.endsWith('.pdf')) t.same([without, within], [false, true], path)
    if (path.endsWith('.csv')) t.ok(headed.get(path)?.equals(bytes), path)
  }
})

t.test('getDisasterRecoveryFile: the invoices of a bundle are in the database backup of the same night', async t => {
  const server = await boot(t)
  const database = await extract(t, server, await idOf(server, 'database-backup-2026-06-10'))
  const bundle = await extract(t, server, await idOf(server, 'invoices-daily-2026-06-10'))
  const known = rowsOf(t, database.get('invoices.csv')).map(({ invoiceNumber }) => `invoices/${invoiceNumber}.pdf`)
  for (const path of bundle.keys()) if (path.endsWith('.pdf')) t.ok(known.includes(path), path)
})

t.test('getDisasterRecoveryFile: a deleted-call archive has the calls that were deleted', async t => {
  const server = await boot(t)
  const files = await extract(t, server, await idOf(server, 'deleted-calls-2026-06'))
  t.same(new Set(files.keys()), new Set(['deleted-calls.csv', 'manifest.json']))
  const calls = rowsOf(t, files.get('deleted-calls.csv'))
  t.ok(calls.length > 20)
  for (const { startedDate = '', deletedDate = '', reason, deletedBy } of calls) {
    t.ok(startedDate.startsWith('2026-05') && deletedDate >= startedDate && reason && deletedBy)
  }
})

t.test('getDisasterRecoveryFile: the manifest lists the contents; nothing contains the password', async t => {
  const server = await boot(t)
  const files = await extract(t, server, '123')
  const manifest = JSON.parse(String(files.get('manifest.json')))
  t.match(manifest, { filename: 'database-backup-2026-06-09.7z', generatedDate: '2026-06-09T12:00:00Z' })
  const listed = manifest.contents.map(({ path, sizeBytes }: { path: string; sizeBytes: number }) => [path, sizeBytes])
  files.delete('manifest.json')
  t.same(new Map(listed), new Map([...files].map(([path, bytes]) => [path, bytes.length])))
  for (const bytes of files.values()) t.notOk(bytes.includes('firedrill'))
})

t.test('getDisasterRecoveryFile: same seed, same bytes; a different seed or file, different bytes', async t => {
  const fetchFrom = async (options: StartOptions) => {
    const server = await boot(t, options)
    return (await download(server, await idOf(server, 'invoices-monthly-2'))).bytes
  }
  const first = await fetchFrom({})
  t.ok(first.equals(await fetchFrom({})))
  t.ok(
    first.equals(await fetchFrom({ clock: 'frozen:2026-06-11T08:00:00Z' })),
    'independent of the time of the request',
  )
  t.notOk(first.equals(await fetchFrom({ seed: 'another' })))
  t.notOk(first.equals(await fetchFrom({ clock: 'frozen:2026-07-10T12:00:00Z' })))
})
