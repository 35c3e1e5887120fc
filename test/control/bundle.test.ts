// The zip with state, journal and explanations of a sandbox: what it holds, that it has no secrets, and that it is repeatable.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Firedrill } from '../../src/index.ts'
import { bytesIn, tool } from '../archives/samples.ts'
import { boot, call } from '../helpers.ts'

const CLOCK = 'frozen:2026-06-10T12:00:00Z'
const SECRETS = [
  'YOUR_API_KEY',
  'primary.pass1',
  'FIREDRILLDEMOSECRETOFPRIMARYUSER',
  'siteadmin.pass1',
  'second-encryption-key',
  '23457145698959364-demo',
]

function textsIn(t: Test, bytes: Buffer): Map<string, string> {
  const path = join(t.testdir(), 'bundle.zip')
  writeFileSync(path, bytes)
  const names = String(tool('unzip', ['-Z1', path]).stdout)
    .trim()
    .split('\n')
  return new Map(names.map(name => [name, String(tool('unzip', ['-p', path, name]).stdout)]))
}

async function use(server: Firedrill): Promise<void> {
  await call(server, {
    path: '/backend/api/v1/disasterRecoveryFiles/',
    headers: { authorization: 'Bearer YOUR_API_KEY' },
  })
  await call(server, { path: '/arcgis/sharing/rest/generateToken?password=siteadmin.pass1', contract: false })
  await call(server, { path: '/no/such/path', contract: false })
}

t.test('GET /__admin/bundle: state, journal and explanations without secrets', async t => {
  const server = await boot(t, { clock: CLOCK })
  await use(server)
  const { status, headers, bytes } = await call(server, { path: '/__admin/bundle' })
  t.equal(status, 200)
  t.equal(headers['content-type'], 'application/zip')
  t.equal(headers['content-disposition'], 'attachment; filename="default.zip"')
  const texts = textsIn(t, bytes)
  t.same([...texts.keys()], ['state.json', 'requests.har', 'explanations.json'])
  const [state, har, explanations] = [...texts.values()].map(text => JSON.parse(text))
  t.ok(state['disaster-recovery-files'].files.length > 0)
  t.equal(har.log.entries.length, 3)
  t.same(
    explanations.map(({ verdict }: { verdict: string }) => typeof verdict),
    ['string', 'string', 'string'],
  )
  const document = JSON.stringify(server.default.state.export())
  for (const secret of SECRETS) t.ok(document.includes(secret), `${secret} in the state document`)
  for (const [name, text] of texts) for (const secret of SECRETS) t.notOk(text.includes(secret), `${secret} in ${name}`)
})

t.test('the embedded API exports the same zip, and a sandbox of its own name', async t => {
  const server = await boot(t, { clock: CLOCK })
  server.sandboxes.create({ name: 'other' })
  const archive = await server.sandbox('other').state.bundle()
  t.equal(archive.fileName, 'other.zip')
  const texts = textsIn(t, await bytesIn(archive))
  t.equal(texts.get('explanations.json'), '[]\n')
  const again = await bytesIn(await server.sandbox('other').state.bundle())
  t.ok(again.equals(await bytesIn(archive)), 'the same state at the same time gives the same bytes')
})
