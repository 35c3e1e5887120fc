// The embedded API: several servers in one process, which share no state, and their clocks.
import { once } from 'node:events'
import { Agent, get, type IncomingMessage, request } from 'node:http'
import t from 'tap'
import * as firedrill from '../src/index.ts'
import { OptionError, Refusal, start } from '../src/index.ts'
import { boot, call } from './helpers.ts'
import { caught } from './sandbox/bakery.ts'

const INSTANCE = '10000000-0000-4000-8000-000000000002'
const BODY = { backup_guid: '3a2e59ee-40cb-472a-91d0-502ab259918c', encryption_key: 'second-encryption-key' }
const authorization = 'bearer demo-token'
const START = '2026-06-10T12:00:00.000Z'

const perform = (server: { url: string }) =>
  call(server, {
    method: 'POST',
    path: `/v1/instances/${INSTANCE}/disaster-recovery/perform`,
    headers: { authorization },
    body: BODY,
  })
const restores = async (server: { url: string }) =>
  (await call(server, { path: `/v1/instances/${INSTANCE}/restores`, headers: { authorization } })).json

t.test('what a program can import', async t => {
  t.same(Object.keys(firedrill).sort(), ['OptionError', 'Refusal', 'StoreError', 'start'])
})

t.test('several servers in one process share no state', async t => {
  const [one, two] = await Promise.all([boot(t), boot(t, { seed: 'another', a9sPerformStatus: 200 })])
  t.not(one.url, two.url)
  t.equal((await perform(one)).status, 202)
  one.default.clock.advance({ by: '5s' })
  t.equal(two.default.clock.get().now, START)
  t.same(await restores(two), [])
  t.match(await perform(two), { status: 200, json: { restore_id: 1 } })
  t.match(await restores(one), [{ id: 1, status: 'running' }])
  await two.close()
  t.match(await restores(one), [{ id: 1 }], 'and stop apart')
})

t.test('by default it takes a free port of this machine alone', async t => {
  const server = await start()
  t.teardown(() => server.close())
  t.match(server.url, /^http:\/\/127\.0\.0\.1:[1-9]\d*$/)
  const shown = Date.parse(server.default.clock.get().now)
  const behind = Date.now() - shown
  t.ok(behind >= 0 && behind < 60_000, 'and goes with its clock')
})

t.test('advance: by a duration or to an instant, and what fired on the way', async t => {
  const server = await boot(t)
  await perform(server)
  t.same(server.default.clock.advance({ by: '500ms' }).fired, [])
  t.equal(server.default.clock.get().now, '2026-06-10T12:00:00.500Z')
  t.match(server.default.clock.advance({ by: '500ms' }).fired, [
    { api: 'a9s', kind: 'restore', at: '2026-06-10T12:00:01.000Z' },
  ])
  t.equal(server.default.clock.advance({ by: 'PT2S' }).now, '2026-06-10T12:00:03.000Z')
  server.default.clock.advance({ to: '2026-06-10T14:00:05+02:00' })
  t.equal(server.default.clock.get().now, '2026-06-10T12:00:05.000Z')
  server.default.clock.advance({ to: Date.parse('2026-06-10T12:00:06Z') })
  server.default.clock.advance({ to: '+3s' })
  t.equal(server.default.clock.get().now, '2026-06-10T12:00:09.000Z')
  t.match(server.default.clock.advance({ by: '1s' }).fired, [{ state: 'completed' }])
  t.match(await restores(server), [{ status: 'done', finished_at: '2026-06-10T12:00:10.000Z' }])
  server.default.clock.advance({ by: '0s' })
  t.equal(server.default.clock.get().now, '2026-06-10T12:00:10.000Z', 'status still is no step back')
})

t.test('advance: a moving clock can be advanced by zero', async t => {
  for (const clock of ['real', 'scaled:1000000'] as const) {
    const server = await boot(t, { clock })
    for (let time = 0; time < 50; time += 1) server.default.clock.advance({ by: '0s' })
  }
})

t.test('advance: what cannot be done says why and changes nothing', async t => {
  const server = await boot(t)
  const cases: [firedrill.Advance, RegExp][] = [
    [
      { to: '2026-06-10T11:59:59Z' },
      /^the clock only moves forward: it is at 2026-06-10T12:00:00.000Z, and .* is earlier$/,
    ],
    [{ to: 0 }, /^the clock only moves forward/],
    [{ to: '-1s' }, /^the clock only moves forward/],
    [{ by: '-1s' }, /^"-1s" is not a duration; use 5m, 1h30m, 250ms or PT5M$/],
    [{ by: 'soon' }, /"soon" is not a duration/],
    [{ to: 'tomorrow' }, /"tomorrow" is not an instant/],
    [{ to: '2026-06-11T00:00:00' }, /is not an instant; use ISO 8601 with an offset/],
    [{ to: Number.NaN }, /to must be a string or a number/],
    [{ to: 0.5 }, /"0.5" is not an instant/],
  ]
  for (const [how, message] of cases)
    t.throws(() => server.default.clock.advance(how), { message }, JSON.stringify(how))
  t.equal(server.default.clock.get().now, START)
  t.equal((await perform(server)).status, 202, 'and the server goes on')
})

t.test('reset: how it was at the start, the time included', async t => {
  for (const clock of ['frozen:2026-06-10T12:00:00Z', 'frozen'] as const) {
    const server = await boot(t, { clock })
    const before = server.default.clock.get().now
    await perform(server)
    server.default.clock.advance({ by: '1d' })
    server.default.reset()
    t.equal(server.default.clock.get().now, before)
    t.same(await restores(server), [])
    t.match(await perform(server), { status: 202, json: { restore_id: 1 } }, 'sequences begin anew')
  }
})

t.test('reset: a request that is still being sent sees what is there when it has arrived', async t => {
  const server = await boot(t)
  const path = `/v1/instances/${INSTANCE}/disaster-recovery/perform`
  const headers = { authorization, 'content-type': 'application/json', expect: '100-continue' }
  const upload = request(server.url + path, { method: 'POST', headers })
  upload.flushHeaders()
  await once(upload, 'continue')
  server.default.reset()
  upload.end(JSON.stringify(BODY))
  const [response] = await once(upload, 'response')
  t.equal(response.statusCode, 202)
  response.resume()
  t.match(await restores(server), [{ id: 1 }])
})

t.test('a server closes itself at the end of its block', async t => {
  let url: string
  {
    await using server = await start()
    url = server.url
    t.equal((await fetch(`${url}/nothing`)).status, 404)
  }
  await t.rejects(fetch(url))
})

t.test('closing twice is closing once', async t => {
  const server = await start()
  await Promise.all([server.close(), server.close()])
  await server.close()
  t.pass()
})

t.test('a connection that is idle is kept until the client lets it go', async t => {
  const server = await boot(t)
  const { headers } = await call(server, { path: '/__admin/health', contract: false })
  t.equal(headers.connection, 'keep-alive')
  t.notOk('keep-alive' in headers, 'there is no time after which it is closed')
})

t.test('closing lets what is being sent come to its end, and then ends connections that would be kept', async t => {
  const server = await start({ shutdownTimeout: '1m' })
  const { origin } = new URL(server.url)
  const row = '/backups.dscloud.pt/23457145698959364_Backup%20at%202024-12-07%2022:07:11.zip'
  const url = `${origin}${row}?85592d2b15ff867407964790224dcbb3a95ce82b`
  const agent = new Agent({ keepAlive: true })
  t.teardown(() => agent.destroy())
  const download = await new Promise<IncomingMessage>(resolve => get(url, { agent }, resolve))
  const closing = server.close()
  let sizeBytes = 0
  for await (const chunk of download) sizeBytes += chunk.length
  t.equal(sizeBytes, 81_865_653)
  await closing
})

t.test('options that cannot be used throw an OptionError that names them', async t => {
  const cases: [object, string][] = [
    [{ clock: 'fast' }, 'clock must be real, frozen, '],
    [{ port: -1 }, 'port must be a whole number from 0 to 65535, not "-1"'],
    [{ jobSpeed: 0 }, 'jobSpeed must be a number '],
    [{ seed: '' }, 'seed must be a text that is not empty'],
    [{ a9sPerformStatus: 201 }, 'a9sPerformStatus must be 200 or 202, not "201"'],
    [{ fixtures: '/nowhere.json' }, 'fixtures /nowhere.json: ENOENT'],
    [{ data: '' }, 'data must be a text that is not empty'],
    [{ data: import.meta.filename }, `data ${import.meta.filename}: `],
    [{ host: '192.0.2.1' }, 'host 192.0.2.1 is not an address of this machine'],
    [{ prot: 80 }, 'unknown option "prot"; the options are port, host, '],
    [{ toString: 'x' }, 'unknown option "toString"'],
  ]
  for (const [options, message] of cases) {
    const error = await start(options).then(
      server => server.close(),
      (thrown: unknown) => thrown,
    )
    t.type(error, OptionError, JSON.stringify(options))
    t.match(error, { message })
  }
  t.doesNotThrow(async () => (await start({ seed: undefined })).close(), 'undefined is as good as left out')
})

t.test('the OpenAPI document of the control API is made once for each server', async t => {
  const server = await boot(t)
  const [first, second] = [await server.describeControl(), await server.describeControl()]
  t.type((first as { paths: object }).paths, 'object')
  t.equal((second as { paths: object }).paths, (first as { paths: object }).paths, 'the same object, not an equal one')
})

t.test('a port in use is named', async t => {
  const { port } = new URL((await boot(t)).url)
  const asText: object = { port }
  await t.rejects(start(asText), { message: `port ${port} on 127.0.0.1 is in use by another program` })
  await t.rejects(start({ port: Number(port) }), { message: / is in use by another program$/ })
})

t.test('what is refused of a sandbox is a Refusal', async t => {
  const server = await boot(t)
  t.type(
    caught(() => server.sandboxes.drop('unknown')),
    Refusal,
  )
})

t.test('two servers on one data directory: the second is refused and the first does not mind', async t => {
  const data = t.testdir({})
  const first = await boot(t, { data })
  await t.rejects(start({ data }), { message: /^data .*: another server uses this data directory$/ })
  t.equal((await perform(first)).status, 202)
  await first.close()
  const second = await boot(t, { data })
  t.match(await restores(second), [{ id: 1 }])
})

t.test('same seed, same requests, same times: same bytes', async t => {
  const story = async () => {
    const server = await boot(t)
    const answers = [await perform(server)]
    server.default.clock.advance({ by: '3s' })
    for (const path of ['/restores', '/restores/1', '/nope']) {
      answers.push(
        await call(server, { path: `/v1/instances/${INSTANCE}${path}`, headers: { authorization }, contract: false }),
      )
    }
    return answers.map(({ status, text }) => ({ status, text }))
  }
  t.same(await story(), await story())
})
