// Tests drills over every interface: starting, judging, and what is refused.
import { readdirSync } from 'node:fs'
import t from 'tap'
import { type Client, clientsByDrill, type DrillClients } from '../../../examples/certify-typescript/clients/index.ts'
import { ServerSession } from '../../drillsession.ts'
import { REQUESTS } from '../../fault-requests.ts'
import { boot, call } from '../../helpers.ts'
import { run } from '../../program.ts'
import { DRILLS, drill } from './performing.ts'

const ids = readdirSync(new URL('../../../fixtures/drills/', import.meta.url)).map(file => file.replace('.json', ''))

t.test('there are clients for every drill', async t => {
  t.same(ids.sort(), Object.keys(clientsByDrill).sort())
  const server = await boot(t)
  const { json } = await call(server, { path: DRILLS })
  t.same(
    json.map(({ id }: { id: string }) => id),
    ids,
  )
  const drillsByApi = Map.groupBy(server.drills.list(), ({ api }) => api)
  t.equal(drillsByApi.size, 4)
  for (const [api, drills] of drillsByApi) t.ok(drills.length >= 8, `${api} has at least eight`)
  t.ok(ids.length >= 40)
  t.same(json, server.drills.list(), 'the embedded API lists the same')
  for (const id of ids) t.match((await call(server, { path: `${DRILLS}/${id}` })).json, server.drills.get(id))
})

t.test('runs of one drill do not affect each other', async t => {
  const server = await boot(t)
  const { correct, wrong } = clientsByDrill['retry-502'] as DrillClients
  const mistakes = Object.values(wrong).map(({ client }) => client)
  const clients = Array.from({ length: 12 }, (_, index) =>
    index % 3 === 0 ? correct : (mistakes[(index % 3) - 1] as Client),
  )
  const verdicts = await Promise.all(clients.map(client => drill(server, 'retry-502', client)))
  t.same(
    verdicts.map(({ verdict }) => verdict),
    clients.map(client => (client === correct ? 'passed' : 'failed')),
  )
  t.equal(new Set(verdicts.map(({ sandbox }) => sandbox)).size, clients.length)
  t.same(server.default.faults.list(), [], 'nor the default sandbox')
})

t.test('what a client does at another API is not judged', async t => {
  const server = await boot(t)
  const { correct } = clientsByDrill['no-retry-403'] as DrillClients
  const { verdict } = await drill(server, 'no-retry-403', async session => {
    const report = await correct(session)
    const { path, ...more } = REQUESTS.prepareDisasterRecovery
    await session.send({ ...more, path: path.slice(1) })
    return report
  })
  t.equal(verdict, 'passed')
})

t.test('a run has a sandbox, a task and a URL for the verdict, over every interface', async t => {
  const server = await boot(t, { publicUrl: 'https://drills.example' })
  const { json } = await call(server, { method: 'POST', path: `${DRILLS}/wrong-key/start` })
  t.match(json, {
    drill: 'wrong-key',
    sandbox: 'drill-wrong-key-1',
    url: 'https://drills.example/@drill-wrong-key-1',
    version: 1,
    clockUrl: 'https://drills.example/@drill-wrong-key-1/__admin/clock/advance',
    task: server.drills.get('wrong-key').task,
    inputs: server.drills.get('wrong-key').inputs,
    credentials: { token: 'demo-token', encryptionKey: 'first-encryption-key' },
    verdictUrl: 'https://drills.example/__admin/drills/wrong-key/verdict?sandbox=drill-wrong-key-1',
  })
  t.match(server.sandbox(json.sandbox).clock.get(), { mode: 'real', now: /^2026-06-10T12:00/ }, 'a client may sleep')
  const second = server.drills.start('wrong-key')
  t.match(second, { sandbox: 'drill-wrong-key-2', url: `${server.url}/@drill-wrong-key-2` })
  t.equal((await server.drills.verdict('wrong-key')).sandbox, second.sandbox, 'the latest')
  t.equal((await server.drills.verdict('wrong-key', { sandbox: json.sandbox })).sandbox, json.sandbox)
  server.sandboxes.drop(second.sandbox)
  t.equal((await server.drills.verdict('wrong-key')).sandbox, json.sandbox, 'of those that are left')
})

t.test('a drill that cannot be started or judged is refused with the reason', async t => {
  const server = await boot(t)
  const refused = async (status: number, detail: RegExp, path: string, method = 'GET') =>
    t.match(await call(server, { method, path: DRILLS + path }), { status, json: { detail } })
  await refused(404, /There is no drill "nope"; there are .*file-expired, /, '/nope')
  await refused(404, /There is no drill "nope"/, '/nope/start', 'POST')
  await refused(404, /There is no run of drill "retry-502"; start one/, '/retry-502/verdict')
  const { sandbox } = server.drills.start('retry-502')
  await refused(404, /"default" is not a run of drill "retry-502"/, '/retry-502/verdict?sandbox=default')
  await refused(404, /is not a run of drill "wrong-key"/, `/wrong-key/verdict?sandbox=${sandbox}`)
  await refused(400, /sha256/, '/retry-502/verdict?sha256=abc')
  await refused(400, /outcome must be one of success, failure/, '/retry-502/verdict?outcome=maybe')
  await refused(400, /answer must be a JSON object/, '/retry-502/verdict?answer=[]')
  await refused(400, /answer must be a JSON object/, '/retry-502/verdict?answer={')
  const { path, headers } = REQUESTS.prepareDisasterRecovery
  await call(server, { method: 'POST', path: `/@${sandbox}${path}`, headers })
  await call(server, { method: 'POST', path: `/@${sandbox}${path}`, headers })
  const [first] = server.sandbox(sandbox).requests.list({}).requests.toReversed()
  server.sandbox(sandbox).requests.drop(first?.id ?? '')
  const { verdict, reasons, requirements } = await server.drills.verdict('retry-502', { outcome: 'success' })
  t.equal(verdict, 'error')
  t.match(reasons, [/^The journal no longer holds all requests of the run/])
  t.ok(requirements.every(each => each.verdict === 'error' && each.expected === each.text))
  const unwritten = await boot(t, { journalEntries: 0 })
  t.throws(() => unwritten.drills.start('retry-502'), { kind: 'conflict', message: /--journal-entries/ })
  t.equal(unwritten.drills.list().length, ids.length)
  t.throws(
    () => unwritten.sandboxes.drop('drill-retry-502-1'),
    { message: /no sandbox/ },
    'the sandbox of the refused run is dropped',
  )
})

t.test('after a reset of its sandbox a run has no faults, and the verdict says so', async t => {
  const server = await boot(t)
  const { sandbox } = server.drills.start('retry-502')
  server.sandbox(sandbox).reset()
  const { verdict, reasons } = await server.drills.verdict('retry-502')
  t.equal(verdict, 'inconclusive')
  t.match(reasons, [
    'The client sent no request to the API.',
    /^Expected fault 1 to fire once; it is no longer armed\.$/,
  ])
})

t.test('the command line lists, starts and judges', async t => {
  const server = await boot(t)
  const command = (...args: string[]) => run(t, { args: ['drill', ...args, '--url', server.url] })
  const list = await command('list')
  t.match(list.stdout, /^retry-502 +a9s +Retry once after a bad gateway$/m)
  const started = await command('start', 'no-retry-403')
  t.match(
    started.stdout,
    /^List the backups .*\n\nsandbox +drill-no-retry-403-1\nurl .*\napiKey +98765432109876543-free\n$/,
  )
  const early = await command('verdict', 'no-retry-403')
  t.match(early, {
    code: 1,
    stderr:
      /^firedrill: inconclusive: The client sent no request to the API\. Expected exactly 1 call of listApplicationBackups answered UPGRADE_REQUIRED; found 0\./,
  })
  const { correct } = clientsByDrill['no-retry-403'] as DrillClients
  await correct(new ServerSession(server, server.drills.start('no-retry-403')))
  const late = await command('verdict', 'no-retry-403', '--outcome', 'failure', '--sandbox', 'drill-no-retry-403-2')
  t.match(late, {
    code: 0,
    stdout: /^drill-no-retry-403-2 passed\n.*\npassed +the client to report failure +it reported failure\n$/s,
  })
})
