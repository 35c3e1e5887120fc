// Builds the container image of a packed tarball and runs it: node test/container/run.ts firedrill-1.0.0.tgz
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'
import { asRoot } from './commands.ts'
import { type Container, runIn } from './container.ts'
import { Images } from './images.ts'

const MAX_COMPRESSED_BYTES = 80_000_000
const LABELS = ['title', 'description', 'licenses', 'version', 'revision', 'source']
const USER = '65532:65532'

const [tarball] = process.argv.slice(2)
if (tarball === undefined) throw new Error('say which tarball: node test/container/run.ts firedrill-1.0.0.tgz')
const { firedrill: service } = parse(readFileSync(join(import.meta.dirname, '../../compose.yaml'), 'utf8'))
  .services as {
  firedrill: { environment: Record<string, string | null>; healthcheck: { test: string[] } }
}
const folder = mkdtempSync(join(tmpdir(), 'firedrill-container-'))

try {
  const images = new Images(folder, resolve(tarball))
  images.makeRuntimeBase('base')
  images.makeBuilderBase('builder')
  const names = { BASE: 'localhost/base', BUILDER: 'localhost/builder' }
  images.build('firedrill', { ...names, VERSION: '1.2.3' })
  images.build('arm64', { ...names, TARGETARCH: 'arm64' }, '--target', 'files')

  const { config } = images.inspect('firedrill').Docker
  for (const name of LABELS) assert.ok(`org.opencontainers.image.${name}` in config.Labels, `label ${name}`)
  assert.equal(config.Labels['org.opencontainers.image.version'], '1.2.3')
  assert.equal(config.User, USER)
  assert.equal(config.StopSignal, 'SIGTERM')
  assert.deepEqual(Object.keys(config.ExposedPorts), ['8420/tcp'])
  const [kind, ...healthCheck] = config.Healthcheck.Test
  assert.equal(kind, 'CMD', 'the health check needs no shell')
  assert.deepEqual(
    service.healthcheck.test,
    [kind, ...healthCheck],
    'compose.yaml asks as often as it wants, but the same',
  )

  const bytes = images.compressedBytes('firedrill')
  console.log(`${Math.round(bytes / 1e6)} MB compressed`)
  assert.ok(bytes <= MAX_COMPRESSED_BYTES, `${bytes} bytes`)

  const root = images.mount('firedrill')
  assert.equal(nativeModules(root), 'linux-x64.node\nlinuxmusl-x64.node')
  assert.equal(nativeModules(images.mount('arm64')), 'linux-arm64.node\nlinuxmusl-arm64.node')
  assert.equal(asRoot(['find', `${root}/app`, '-name', '*.d.ts', '-o', '-name', '*.ts']), '', 'no sources and types')

  assert.equal(asRoot(['stat', '--format', '%u:%g', join(root, 'data')]), USER, 'as is a new volume there')
  const data = join(folder, 'data')
  mkdirSync(data)
  asRoot(['chown', USER, data])
  const container = { root, user: config.User, env: [...config.Env, `FIREDRILL_PORT=${await freePort()}`] }
  await serves(container, config.Entrypoint, healthCheck)
  const onVolume = { ...container, env: [...container.env, ...composeEnvironment()], data }
  await serves(onVolume, config.Entrypoint, healthCheck)
  assert.match(asRoot(['find', data, '-user', '65532', '-type', 'f']), /\S/, 'files on the volume')
} finally {
  asRoot(['rm', '-rf', folder])
}

/** Starts the server as the image says, asks its health check before, while and after it runs, and stops it. */
async function serves(container: Container, entrypoint: string[], healthCheck: string[]): Promise<void> {
  const health = async () => (await runIn(container, healthCheck).ended).code
  assert.equal(await health(), 1, 'not healthy before the start')
  const { child, firstLine, ended } = runIn(container, [...entrypoint, '--json'])
  const { url, adminToken, pid } = JSON.parse(await firstLine())
  assert.ok(adminToken, 'reachable from other machines, and so with a token')
  const uids = /^Uid:\s+(\d+)\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  assert.deepEqual(uids?.slice(1), ['65532', '65532'])
  const address = url.replace('0.0.0.0', '127.0.0.1')
  const headers = { authorization: `Bearer ${adminToken}` }
  assert.equal((await fetch(`${address}/__admin/readyz`)).status, 200)
  assert.equal((await fetch(`${address}/__admin/sandboxes`, { headers })).status, 200)
  assert.equal((await fetch(`${address}/@other/openapi.yaml`)).status, 200)
  assert.equal(await health(), 0, 'healthy')
  const command = ['node', '/app/firedrill', 'advance', '1h', '--url', address, '--admin-token', adminToken]
  const commanded = await runIn(container, command).ended
  assert.equal(commanded.code, 0, `a command, as in \`docker exec\`: ${commanded.output}`)
  child.kill('SIGTERM')
  const { code, output } = await ended
  assert.equal(code, 0, output)
  assert.equal(await health(), 1, 'not healthy after the end')
}

/** The variables of the service in compose.yaml, as `NAME=value`, without those that its user sets. */
function composeEnvironment(): string[] {
  const variables = Object.entries(service.environment)
  return variables.filter(([, value]) => value !== null).map(([name, value]) => `${name}=${value}`)
}

function nativeModules(root: string): string {
  return asRoot(['ls', join(root, 'app/node_modules/better-sqlite3/prebuilds')])
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0)
  const { port } = server.address() as AddressInfo
  await new Promise(done => server.close(done))
  return port
}
