// Processes behind HAProxy that crash, stop and are added: what their sandboxes contain is kept, and nobody else answers for them.
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { countsOf, eightAtATime, startCluster } from './cluster.ts'

const TOKEN = 'token-of-the-cluster'
const PROCESSES = ['firedrill-0', 'firedrill-1', 'firedrill-2']
const MOVE = fileURLToPath(new URL('../../deploy/move-sandboxes.sh', import.meta.url))
const BACKUPS = '/v1/instances/10000000-0000-4000-8000-000000000001/backups'
const A9S = { authorization: 'bearer demo-token' }
/** 82 MB. */
const DOWNLOAD =
  '/backups.dscloud.pt/23457145698959364_Backup%20at%202024-12-07%2022:07:11.zip?85592d2b15ff867407964790224dcbb3a95ce82b'

const cluster = await startCluster(t, {
  processes: 3,
  argsOf: folder => ['--data', folder, '--admin-token', TOKEN, '--shutdown-timeout', '1m'],
})
const names = Array.from({ length: 60 }, (_, index) => `kept-${index}`)
/** The id of the backup that each sandbox has acknowledged. */
const acknowledged = new Map<string, number>()
await eightAtATime(names, async name => {
  const { text } = await cluster.ask(`/@${name}${BACKUPS}`, { method: 'POST', headers: A9S })
  acknowledged.set(name, JSON.parse(text).id)
})

const hasBackup = async (name: string) => {
  const { status } = await cluster.ask(`/@${name}${BACKUPS}/${acknowledged.get(name)}`, { headers: A9S })
  return status === 200
}

/** The sandboxes that the process has, which need not be those that the proxy asks it for. */
async function sandboxesIn(process: string): Promise<string[]> {
  const headers = { 'x-firedrill-process': process, authorization: `Bearer ${TOKEN}` }
  const { text } = await cluster.ask('/__admin/sandboxes', { headers })
  return JSON.parse(text).flatMap(({ name }: { name: string }) => (name === 'default' ? [] : [name]))
}

async function ownersOf(sandboxes: readonly string[]): Promise<string[]> {
  return eightAtATime(sandboxes, name => cluster.processOf(name))
}

t.test('a killed process loses nothing that it acknowledged, and no other process answers for it', async t => {
  const owners = await ownersOf(names)
  const [lost = ''] = names.filter((_, index) => owners[index] === 'firedrill-1')
  const [other = ''] = names.filter((_, index) => owners[index] === 'firedrill-2')
  await cluster.kill('firedrill-1')
  const [refused, served] = await Promise.all([
    cluster.ask(`/@${lost}${BACKUPS}`, { method: 'POST', headers: A9S, onNewConnection: true }),
    hasBackup(other),
  ])
  t.match(refused, { status: 503, process: undefined, text: /process that keeps this sandbox is not running/ })
  t.ok(served, 'the other processes go on')
  await cluster.startProcess('firedrill-1')
  await cluster.until(
    async () => (await cluster.ask(`/@${lost}/__admin/readyz`, { onNewConnection: true })).status === 200,
  )
  const kept = await eightAtATime(names, hasBackup)
  t.same(countsOf(kept.map(String)), { true: names.length }, 'every acknowledged backup is there')
  t.same(await ownersOf(names), owners, 'the sandboxes are where they were')
})

t.test('a process that stops lets a running download end', async t => {
  const [name = ''] = await sandboxesIn('firedrill-2')
  const download = get(`${cluster.url}/@${name}${DOWNLOAD}`)
  const [response] = (await once(download, 'response')) as [IncomingMessage]
  await once(response, 'readable')
  const stopping = cluster.stop('firedrill-2')
  const readiness = { headers: { 'x-firedrill-process': 'firedrill-2' }, onNewConnection: true }
  const isReady = () => cluster.ask('/__admin/readyz', readiness).then(({ status }) => status === 200)
  await cluster.until(async () => !(await isReady()))
  let bytes = 0
  for await (const chunk of response) bytes += chunk.length
  t.equal(bytes, Number(response.headers['content-length']))
  t.match(await stopping.ended, { code: 0, stderr: '' })
  await cluster.startProcess('firedrill-2')
  await cluster.until(isReady)
})

t.test('an added process takes a quarter of the names, and a script moves their sandboxes to it', async t => {
  const all = [...names, ...Array.from({ length: 3000 }, (_, index) => `client-test-${index}`)]
  const before = await ownersOf(all)
  await cluster.startProcess('firedrill-3')
  await cluster.startProxy(4)
  const after = await ownersOf(all)
  const moved = all.filter((_, index) => before[index] !== after[index])
  const taken = all.filter((_, index) => after[index] === 'firedrill-3')
  t.same(moved, taken, 'only the new process gets other names')
  t.ok(moved.length > all.length * 0.19 && moved.length < all.length * 0.31, `${moved.length} of ${all.length}`)

  const withState = moved.filter(name => acknowledged.has(name))
  const move = (token: string) =>
    promisify(execFile)('sh', [MOVE, cluster.url, ...PROCESSES], {
      env: { ...process.env, FIREDRILL_ADMIN_TOKEN: token },
    })
  await t.rejects(
    move('wrong'),
    { code: 22, stderr: /401/ },
    'processes that refuse the script are not taken for empty ones',
  )
  const { stdout } = await move(TOKEN)
  t.match(stdout, `\n${withState.length} sandboxes moved\n`)
  const kept = await eightAtATime(names, hasBackup)
  t.same(countsOf(kept.map(String)), { true: names.length }, 'every acknowledged backup is there')
  t.same((await sandboxesIn('firedrill-3')).sort(), withState.sort(), 'the new process has them')
  for (const old of PROCESSES) {
    const left = await sandboxesIn(old)
    t.same(
      left.filter(name => withState.includes(name)),
      [],
      `${old} has none of them any more`,
    )
  }
})
