// disaster-recovery-files: the contents of the archives as extracted by 7-Zip, and their download.
import { once } from 'node:events'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Firedrill, StartOptions } from '../../src/index.ts'
import { tool } from '../archives/samples.ts'
import { boot, call } from '../helpers.ts'

const FILES = '/backend/api/v1/disasterRecoveryFiles'
const SEVEN_ZIP = 'application/x-7z-compressed'
const KEY = { authorization: 'Bearer YOUR_API_KEY' }

const download = (server: Firedrill, id: string, headers: Record<string, string> = {}, method = 'GET') =>
  call(server, { method, path: `${FILES}/${id}`, headers: { ...KEY, accept: SEVEN_ZIP, ...headers } })
const details = async (server: Firedrill, id: string) =>
  (await call(server, { path: `${FILES}/${id}`, headers: KEY })).json

/** The id of the newest file whose name starts with `start`. */
async function idOf(server: Firedrill, start: string): Promise<string> {
  const { json } = await call(server, { path: `${FILES}/`, headers: KEY })
  return json.findLast(({ filename }: { filename: string }) => filename.startsWith(start)).id
}

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

t.test('getDisasterRecoveryFile: the archive with its headers', async t => {
  const server = await boot(t)
  const answer = await download(server, '123')
  t.equal(answer.status, 200)
  t.match(answer.headers, {
    'content-type': SEVEN_ZIP,
    'content-length': String(answer.bytes.length),
    'content-disposition': 'attachment; filename="database-backup-2026-06-09.7z"',
    'last-modified': 'Tue, 09 Jun 2026 12:00:00 GMT',
    'accept-ranges': 'bytes',
    etag: /^"[\w-]+"$/,
    vary: 'Accept',
  })
  t.equal(answer.bytes.subarray(0, 6).toString('hex'), '377abcaf271c')
  t.ok(answer.bytes.length > 10_000 && answer.bytes.length < 100_000, 'small')
})

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

t.test('getDisasterRecoveryFile: an interrupted download is resumed', async t => {
  const server = await boot(t)
  const whole = await download(server, '123')
  const size = whole.bytes.length
  const etag = String(whole.headers.etag)
  for (const at of [1, 31, 32, 16_384, size - 1]) {
    const head = await download(server, '123', { range: `bytes=0-${at - 1}` })
    const tail = await download(server, '123', { range: `bytes=${at}-`, 'if-range': etag })
    t.match([head.status, tail.status], [206, 206])
    t.match(tail.headers, {
      'content-range': `bytes ${at}-${size - 1}/${size}`,
      'content-length': String(size - at),
      etag,
    })
    t.ok(Buffer.concat([head.bytes, tail.bytes]).equals(whole.bytes), `interrupted at ${at}`)
  }
  const changed = await download(server, '123', { range: 'bytes=5-', 'if-range': '"another"' })
  t.equal(changed.status, 200)
  t.ok(changed.bytes.equals(whole.bytes))
})

t.test('getDisasterRecoveryFile: conditional requests and ranges outside the file', async t => {
  const server = await boot(t)
  const { headers, bytes } = await download(server, '123')
  const etag = String(headers.etag)
  for (const method of ['GET', 'HEAD']) {
    const known = await download(server, '123', { 'if-none-match': etag }, method)
    t.match([known.status, known.bytes.length, known.headers.etag, known.headers.vary], [304, 0, etag, 'Accept'])
    t.notOk(known.headers['content-length'])
  }
  const other = await download(server, '123', { 'if-match': '"another"' })
  t.match(other, { status: 412, json: { error: { code: 412101 } }, headers: { vary: 'Accept' } })
  const outside = await download(server, '123', { range: `bytes=${bytes.length}-` })
  t.match(outside, { status: 416, json: { error: { code: 416101 } } })
  t.equal(outside.headers['content-range'], `bytes */${bytes.length}`)
})

t.test('getDisasterRecoveryFile: a completed download sets the Downloaded flag of that file only', async t => {
  const server = await boot(t)
  const id = await idOf(server, 'database-backup')
  t.same((await details(server, '123')).status, ['Saved'])
  await download(server, '123')
  t.same((await details(server, '123')).status, ['Saved', 'Downloaded'])
  t.same((await details(server, id)).status, ['Saved'])
  const { json } = await call(server, { path: `${FILES}/`, headers: KEY })
  const marked = json.filter(({ status }: { status: string[] }) => status.includes('Downloaded'))
  t.match(marked, [{ id: '123' }])
  t.equal(marked.length, 1)
})

t.test('getDisasterRecoveryFile: an incomplete download sets no flag', async t => {
  const server = await boot(t)
  const { headers } = await download(server, '123', {}, 'HEAD')
  const size = Number(headers['content-length'])
  await download(server, '123', { 'if-none-match': String(headers.etag) })
  await download(server, '123', { range: `bytes=0-${size - 2}` })
  await download(server, '123', { range: `bytes=${size}-` })
  await download(server, '123', { accept: 'application/json' })
  t.same((await details(server, '123')).status, ['Saved'])
  await download(server, '123', { range: `bytes=${size - 1}-` })
  t.same(
    (await details(server, '123')).status,
    ['Saved', 'Downloaded'],
    'a range with the last byte completes the download',
  )
})

const rawRequest = (id: string, accept: string) =>
  `GET ${FILES}/${id} HTTP/1.1\r\nHost: x\r\nAuthorization: ${KEY.authorization}\r\nAccept: ${accept}\r\n\r\n`

for (const how of ['destroy', 'resetAndDestroy', 'end'] as const) {
  t.test(`getDisasterRecoveryFile: a download that the client aborts sets no flag (${how})`, async t => {
    // The server derives the key of the password first; the client disconnects meanwhile.
    const server = await boot(t, { archivePassword: `aborted by ${how}` })
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
    socket.on('error', () => {})
    socket.resume()
    await once(socket, 'connect')
    socket.write(rawRequest('123', SEVEN_ZIP), () => socket[how]())
    await once(socket, 'close')
    await download(server, await idOf(server, 'database-backup'))
    t.same((await details(server, '123')).status, ['Saved'])
  })
}

t.test('getDisasterRecoveryFile: a reset during a download does not interrupt it', async t => {
  const server = await boot(t, { archivePassword: 'reset meanwhile' })
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  await once(socket, 'connect')
  // The second request is being processed when the first response arrives.
  socket.write(rawRequest('123', 'application/json') + rawRequest('123', SEVEN_ZIP))
  await once(socket, 'data')
  server.default.reset()
  let received = 0
  const wanted = Number((await download(server, '123', {}, 'HEAD')).headers['content-length'])
  for await (const chunk of socket) {
    received += chunk.length
    if (received >= wanted) break
  }
  t.ok(received >= wanted)
  t.same((await details(server, '123')).status, ['Saved'])
})
