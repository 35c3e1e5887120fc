// Tests the faults `wrong-password` and `entry-names` with the tools that open archives, and where they are refused.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import incidents from '../../../fixtures/incidents.json' with { type: 'json' }
import plans from '../../../fixtures/plans.json' with { type: 'json' }
import profiles from '../../../fixtures/profiles.json' with { type: 'json' }
import type { Firedrill } from '../../../src/index.ts'
import { tool } from '../../archives/samples.ts'
import { exchange } from '../../fault-requests.ts'
import { boot, type Call, call } from '../../helpers.ts'

const SEVEN_ZIP: Call & { headers: Record<string, string> } = {
  path: '/backend/api/v1/disasterRecoveryFiles/123',
  headers: { authorization: 'Bearer YOUR_API_KEY', accept: 'application/x-7z-compressed' },
}
const ESCAPED = 'firedrill-escaped.txt'

/** The download of a DS Cloud backup, which is a zip. */
async function zipOf(server: Firedrill): Promise<Call> {
  const headers = { authorization: '23457145698959364-demo' }
  const { json } = await call(server, { path: '/v3/apps/7c1f0d9a3b5e4f6882a4c6e8f0b1d3a5/backups', headers })
  const { name, key } = json.response.find((backup: { key: string | null }) => backup.key !== null)
  return { path: `/backups.dscloud.pt/23457145698959364_${encodeURIComponent(name)}.zip?${key}` }
}

t.test('wrong-password: a whole archive, and its parts, that only another password opens', async t => {
  const server = await boot(t)
  const right = await exchange(server, SEVEN_ZIP)
  server.default.faults.arm({ operation: 'getDisasterRecoveryFile', fault: 'wrong-password' })
  const { status, headers, bytes } = await exchange(server, SEVEN_ZIP)
  t.equal(status, 200)
  t.equal(bytes.length, right.bytes.length, 'the size does not show it')
  t.not(headers.etag, right.headers.etag)
  const path = join(t.testdir(), 'backup.7z')
  writeFileSync(path, bytes)
  t.match(tool('7zz', ['t', '-pfiredrill', path]), { status: 2, output: /Wrong password/ })
  t.match(tool('7zz', ['t', '-pfiredrill-other', path]), { status: 0, output: /Everything is Ok/ })
  const part = (ifRange: string | undefined) =>
    exchange(server, {
      ...SEVEN_ZIP,
      headers: { ...SEVEN_ZIP.headers, range: 'bytes=100-', 'if-range': String(ifRange) },
    })
  t.match(await part(headers.etag), { status: 206, bytes: bytes.subarray(100) })
  t.match(await part(right.headers.etag), { status: 200, bytes }, 'it is another version')
})

t.test('wrong-password is refused where no archive is encrypted', async t => {
  const { faults } = (await boot(t)).default
  const refused = (
    operation: 'downloadApplicationBackup' | 'listBackups' | 'prepareDisasterRecovery',
    message: RegExp,
  ) => t.throws(() => faults.arm({ operation, fault: 'wrong-password' }), { kind: 'invalid', message })
  refused(
    'downloadApplicationBackup',
    /^fault wrong-password has no effect: the archives of dscloud are not encrypted$/,
  )
  refused('listBackups', /^fault wrong-password has no effect: arcgis sends no archives$/)
  refused('prepareDisasterRecovery', /^fault wrong-password has no effect: a9s sends no archives$/)
  const { id } = faults.arm({ operation: '*', fault: 'wrong-password' })
  t.match(faults.get(id), { api: null }, 'a rule for all APIs applies to those that have encrypted archives')
})

t.test(
  'entry-names: tools refuse or rename the entry, and a careless program writes outside of its folder',
  async t => {
    const server = await boot(t, { allowUnsafeArchives: true })
    for (const operation of ['getDisasterRecoveryFile', 'downloadApplicationBackup'] as const) {
      server.default.faults.arm({ operation, fault: 'entry-names' })
    }
    const outside = t.testdir()
    const inside = (name: string) => {
      const folder = join(outside, name)
      mkdirSync(folder)
      return folder
    }
    const archives = { zip: join(outside, 'backup.zip'), sevenZip: join(outside, 'backup.7z') }
    for (const { path, download } of [
      { path: archives.zip, download: await zipOf(server) },
      { path: archives.sevenZip, download: SEVEN_ZIP },
    ]) {
      const { status, headers, bytes } = await exchange(server, download)
      t.equal(status, 200)
      t.equal(Number(headers['content-length']), bytes.length)
      writeFileSync(path, bytes)
      t.match(tool('7zz', ['t', '-pfiredrill', path]), { status: 0 }, 'the archive is well-formed')
      t.match(tool('7zz', ['l', '-pfiredrill', path]).output, /\.\.\/firedrill-escaped\.txt$/m)
    }
    const script = 'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])'
    const extractions = [
      {
        folder: inside('unzip'),
        command: 'unzip',
        args: (to: string) => [archives.zip, '-d', to],
        status: 1,
        says: /skipped "\.\.\/"/,
      },
      {
        folder: inside('bsdtar'),
        command: 'bsdtar',
        args: (to: string) => ['-xf', archives.zip, '-C', to],
        status: 1,
        says: /Path contains '\.\.'/,
      },
      {
        folder: inside('python'),
        command: 'python3',
        args: (to: string) => ['-c', script, archives.zip, to],
        status: 0,
        says: /^$/,
      },
      {
        folder: inside('7zz'),
        command: '7zz',
        args: (to: string) => ['x', `-o${to}`, archives.zip],
        status: 0,
        says: /Ok/,
      },
      {
        folder: inside('7zz-7z'),
        command: '7zz',
        args: (to: string) => ['x', '-pfiredrill', `-o${to}`, archives.sevenZip],
        status: 0,
        says: /Ok/,
      },
    ]
    for (const { folder, command, args, status, says } of extractions) {
      t.match(tool(command, args(folder)), { status, output: says }, command)
      t.ok(readdirSync(folder).length > 1, `${command} extracts the other entries`)
      t.notOk(existsSync(join(outside, ESCAPED)), `${command} writes nothing outside`)
    }
    for (const archive of Object.values(archives)) {
      const escaped = join(outside, ESCAPED)
      extractCarelessly(archive, inside(`careless-${archive.slice(-3)}`))
      t.match(readFileSync(escaped, 'utf8'), /wrote outside of its folder/)
      writeFileSync(escaped, '')
    }
  },
)

/** Joins each name to the folder without looking at it. */
function extractCarelessly(archive: string, folder: string): void {
  const { output } = tool('7zz', ['l', '-slt', '-ba', '-pfiredrill', archive])
  const names = [...output.matchAll(/^Path = (.+)$/gm)].map(([, name = '']) => name)
  for (const name of names) {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, tool('7zz', ['x', '-so', '-pfiredrill', archive, name]).stdout)
  }
}

t.test('entry-names needs the option, and is part of no plan, profile, search or drill', async t => {
  const rule = { operation: 'getDisasterRecoveryFile', fault: 'entry-names' } as const
  const unsafe = await boot(t, { allowUnsafeArchives: true })
  const { default: safe } = await boot(t)
  const message = 'fault entry-names is only armed on a server that was started with --allow-unsafe-archives'
  t.throws(() => safe.faults.arm(rule), { kind: 'invalid', message })
  t.throws(() => safe.faults.arm({ operation: rule.operation, sequence: [{ fault: 'entry-names' }] }), { message })
  unsafe.default.faults.arm(rule)
  t.throws(() => safe.state.import(unsafe.default.state.export()), { message: /--allow-unsafe-archives/ })
  t.throws(() => unsafe.default.faults.armPlan({ name: 'mine', stages: [{ from: '0s', faults: [rule] }] }), {
    kind: 'invalid',
    message: 'fault entry-names cannot be part of a plan; arm it by itself',
  })
  const drill = { ...unsafe.drills.get('archive-not-details'), id: 'mine', faults: [rule] }
  t.throws(() => unsafe.certifications.create({ documents: [drill] }), {
    message: /fault entry-names cannot be part of a drill/,
  })
  t.notMatch(JSON.stringify([incidents, plans, profiles]), /entry-names/)
})
