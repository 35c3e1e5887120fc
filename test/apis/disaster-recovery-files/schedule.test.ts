// disaster-recovery-files: generation and expiry of files as the clock advances, and the files of a new sandbox.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import type { Firedrill } from '../../../src/index.ts'
import { DAY_MS } from '../../../src/sandbox/clock/durations.ts'
import { boot, call } from '../../helpers.ts'

const FILES = '/backend/api/v1/disasterRecoveryFiles'
const headers = { authorization: 'Bearer YOUR_API_KEY' }
const MINUTE_MS = 60_000

interface File {
  generatedDate: string
  expiresDate: string
  id: string
  status: string[]
  filename: string
}

const list = async (server: Firedrill): Promise<File[]> => (await call(server, { path: `${FILES}/`, headers })).json
/** All files of the sandbox, including expired ones. */
function rowsOf(server: Firedrill): { id: number; expiresAt: string }[] {
  const { 'disaster-recovery-files': section } = server.default.state.export()
  return (section as { files: { id: number; expiresAt: string }[] }).files
}

const namesOf = (files: File[]) => files.map(({ filename }) => filename)
const isoSeconds = (at: number) => new Date(at).toISOString().replace('.000', '')

const always = () => true
const isMonday = (day: Date) => day.getUTCDay() === 1
const isFirst = (day: Date) => day.getUTCDate() === 1
interface Kind {
  kind: string
  retentionDays: number
  isGeneratedOn: (day: Date) => boolean
}

const KINDS: Kind[] = [
  { kind: 'database-backup', retentionDays: 7, isGeneratedOn: always },
  { kind: 'invoices-daily', retentionDays: 45, isGeneratedOn: always },
  { kind: 'invoices-daily-letterhead', retentionDays: 45, isGeneratedOn: always },
  { kind: 'invoices-weekly', retentionDays: 45, isGeneratedOn: isMonday },
  { kind: 'invoices-weekly-letterhead', retentionDays: 45, isGeneratedOn: isMonday },
  { kind: 'invoices-monthly', retentionDays: 180, isGeneratedOn: isFirst },
  { kind: 'invoices-monthly-letterhead', retentionDays: 180, isGeneratedOn: isFirst },
  { kind: 'deleted-calls', retentionDays: 180, isGeneratedOn: isFirst },
]

/** The files of the kind that exist at `now`, found by checking every day of the year before. */
function expected(now: number, { kind, retentionDays, isGeneratedOn }: Kind, slot: number) {
  const today = now - (now % DAY_MS)
  return Array.from({ length: 365 }, (_, age) => today - (364 - age) * DAY_MS)
    .filter(day => isGeneratedOn(new Date(day)))
    .map(day => day + (120 + slot * 15) * MINUTE_MS)
    .filter(at => at <= now && at + retentionDays * DAY_MS > now)
    .map(at => ({
      generatedDate: isoSeconds(at),
      expiresDate: isoSeconds(at + retentionDays * DAY_MS),
      filename: `${kind}-${isoSeconds(at).slice(0, kind === 'deleted-calls' ? 7 : 10)}.7z`,
    }))
}

const kindOf = ({ filename }: { filename: string }) => filename.replace(/-\d{4}-.*$/, '')

t.test(
  'listDisasterRecoveryFiles: after a year there are as many files of each kind as its retention allows',
  async t => {
    const server = await boot(t)
    server.default.clock.advance({ to: '2027-07-01T12:00:00Z' })
    const files = await list(server)
    for (const [slot, kind] of KINDS.entries()) {
      const actual = files.filter(file => kindOf(file) === kind.kind)
      t.same(
        actual.map(({ generatedDate, expiresDate, filename }) => ({ generatedDate, expiresDate, filename })),
        expected(Date.parse(server.default.clock.get().now), kind, slot),
        kind.kind,
      )
    }
    const counts = KINDS.map(({ kind }) => files.filter(file => kindOf(file) === kind).length)
    t.same(counts, [7, 45, 45, 6, 6, 6, 6, 6])
    t.equal(files.length, 127)
  },
)

t.test('listDisasterRecoveryFiles: ids grow with time and depend only on day and kind', async t => {
  const server = await boot(t)
  server.default.clock.advance({ by: '100d' })
  const late = await boot(t, { clock: 'frozen:2026-09-18T12:00:00Z' })
  const files = (await list(server)).filter(({ id }) => id !== '123')
  const dates = files.map(({ generatedDate }) => generatedDate)
  t.same(dates, dates.toSorted())
  const idOf = new Map(files.map(({ filename, id }) => [filename, id]))
  const shared = (await list(late)).filter(({ id }) => id !== '123')
  t.ok(shared.length > 20)
  for (const { filename, id } of shared) t.equal(id, idOf.get(filename), filename)
})

t.test(
  'listDisasterRecoveryFiles: a new file appears when it is generated, the oldest of its kind disappears when it expires',
  async t => {
    const server = await boot(t)
    server.default.clock.advance({ to: '2026-06-17T02:00:00Z' })
    server.default.clock.advance({ to: Date.parse('2026-06-18T02:00:00Z') - 1 })
    const before = await list(server)
    t.ok(namesOf(before).includes('database-backup-2026-06-11.7z'))
    t.notOk(namesOf(before).includes('database-backup-2026-06-18.7z'))
    const { fired } = server.default.clock.advance({ by: '1ms' })
    const runs = fired.filter(({ api }) => api === 'disaster-recovery-files')
    t.match(runs, [{ kind: 'generation', id: 'database-backup', state: 'ran' }])
    t.equal(runs.length, 1)
    const after = await list(server)
    t.notOk(namesOf(after).includes('database-backup-2026-06-11.7z'))
    t.ok(namesOf(after).includes('database-backup-2026-06-18.7z'))
    t.equal(after.length, before.length)
  },
)

t.test('listDisasterRecoveryFiles: the generation of a kind deletes its expired files, except pinned ones', async t => {
  const server = await boot(t)
  server.default.clock.advance({ to: '2027-06-30T12:00:00Z' })
  const status = (await list(server)).length
  const expired = rowsOf(server).filter(({ expiresAt }) => expiresAt <= server.default.clock.get().now)
  t.match(expired[0], { id: 7 })
  t.ok(
    expired.length <= KINDS.length,
    `at most one of each kind has expired since its last generation: ${expired.length}`,
  )
  t.equal(rowsOf(server).length, status + expired.length)
})

t.test('listDisasterRecoveryFiles: advancing in steps has the same result as advancing at once', async t => {
  const once = await boot(t)
  const steps = await boot(t)
  const day = fc.integer({ min: 0, max: 60 * 24 * 60 }).map(minutes => minutes * MINUTE_MS)
  const property = fc.asyncProperty(fc.array(day, { minLength: 2, maxLength: 8 }), async spans => {
    once.default.reset()
    steps.default.reset()
    for (const by of spans) {
      steps.default.clock.advance({ by: `${by}ms` })
      await list(steps)
    }
    once.default.clock.advance({ by: `${spans.reduce((sum, by) => sum + by, 0)}ms` })
    t.equal(once.default.clock.get().now, steps.default.clock.get().now)
    t.strictSame(await list(steps), await list(once))
    t.strictSame(rowsOf(steps), rowsOf(once))
  })
  await fc.assert(property, { numRuns: 40, seed: 7, endOnFailure: true })
})

t.test('listDisasterRecoveryFiles: a new sandbox has files of every kind at any start of the clock', async t => {
  for (const now of [
    '2026-03-01T00:00:00Z',
    '2026-03-01T12:00:00Z',
    '2024-02-29T23:59:59.999Z',
    '1999-12-31T02:00:00Z',
  ]) {
    const server = await boot(t, { clock: `frozen:${now}` })
    const files = await list(server)
    t.same(new Set(files.map(kindOf)), new Set(KINDS.map(({ kind }) => kind)), now)
    t.equal(new Set(namesOf(files)).size, files.length, 'names are unique')
    t.ok(files.every(({ id }) => Number(id) > 0))
    t.ok(files.every(({ generatedDate, expiresDate }) => generatedDate <= now && expiresDate > now))
  }
})

t.test('listDisasterRecoveryFiles: a reset restores the initial files', async t => {
  const server = await boot(t)
  const first = await list(server)
  await call(server, { path: `${FILES}/123`, headers: { ...headers, accept: 'application/x-7z-compressed' } })
  server.default.clock.advance({ by: '400d' })
  t.notSame(await list(server), first)
  server.default.reset()
  t.strictSame(await list(server), first)
})

t.test('getDisasterRecoveryFile: a data directory keeps the Downloaded flag and the generation schedule', async t => {
  const data = t.testdir()
  const before = await boot(t, { data })
  await call(before, { path: `${FILES}/123`, headers: { ...headers, accept: 'application/x-7z-compressed' } })
  before.default.clock.advance({ by: '1d' })
  const files = await list(before)
  await before.close()
  const after = await boot(t, { data, clock: 'frozen' })
  t.strictSame(await list(after), files)
  t.match(files[0], { id: '123', status: ['Saved', 'Downloaded'] })
  after.default.clock.advance({ by: '1d' })
  t.ok(namesOf(await list(after)).includes('database-backup-2026-06-12.7z'))
})

const fixtureOf = (t: Test, files: object[]): string => {
  const path = join(t.testdir(), 'fixture.json')
  writeFileSync(path, JSON.stringify({ 'disaster-recovery-files': { keys: [{ key: 'YOUR_API_KEY' }], files } }))
  return path
}

t.test(
  'listDisasterRecoveryFiles: a file of the fixture replaces the one generated on the same day or with the same id',
  async t => {
    const nextId = ((Date.UTC(2026, 5, 11) - Date.UTC(1900, 0, 1)) / DAY_MS) * 10
    const fixtures = fixtureOf(t, [
      { id: nextId, kind: 'deleted-calls', generatedAt: '2026-06-01T00:00:00Z', expiresAt: '+60d' },
      { id: 5, kind: 'database-backup', generatedAt: '2026-06-10T00:00:00Z', expiresAt: '+30d' },
    ])
    const server = await boot(t, { fixtures })
    server.default.clock.advance({ by: '3d' })
    const files = await list(server)
    t.match(files[0], { id: '5', filename: 'database-backup-2026-06-10.7z', status: [] })
    t.equal(files.filter(({ filename }) => filename === 'database-backup-2026-06-10.7z').length, 1)
    t.same(
      files.filter(file => kindOf(file) === 'deleted-calls').map(({ id }) => id),
      [String(nextId)],
    )
    t.notOk(namesOf(files).includes('database-backup-2026-06-11.7z'), 'its id is taken')
  },
)

t.test('listDisasterRecoveryFiles: an invalid fixture prevents the start', async t => {
  const file = { id: 5, kind: 'database-backup', generatedAt: '-1d', expiresAt: '+1d' }
  for (const bad of [{ kind: 'tapes' }, { password: 'x' }, { id: 0 }, { generatedAt: 'yesterday' }]) {
    await t.rejects(boot(t, { fixtures: fixtureOf(t, [{ ...file, ...bad }]) }), /disaster-recovery-files/)
  }
})
