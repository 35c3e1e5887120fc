// Options limit what a server keeps in memory: what exceeds a limit is refused with the reason, or the oldest is dropped.
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import type { Firedrill } from '../../src/index.ts'
import { boot, call, createSandbox } from '../helpers.ts'

const FAULT = { operation: 'listApplicationBackups', fault: 'status', status: 418, times: 1 } as const

const send = (server: Firedrill, method: string, path: string, body?: unknown) =>
  call(server, { method, path: `/__admin${path}`, ...(body === undefined ? {} : { body }) })

const PREPARE = '/v1/instances/10000000-0000-4000-8000-000000000001/disaster-recovery/prepare'

/** A request whose whole body is in the journal when it is answered. */
const prepare = (name: string, text: string) => ({
  method: 'POST',
  path: PREPARE,
  headers: { authorization: 'Bearer demo-token', 'x-name': name },
  body: { text },
})

t.test('fault rules of a sandbox', async t => {
  const server = await boot(t, { maxFaults: 3 })
  const limit = {
    status: 429,
    json: { title: 'Limit Reached', detail: /^a sandbox holds up to 3 fault rules.*--max-faults/i },
  }
  const { faults } = server.default
  faults.arm(FAULT)
  t.match(
    await send(server, 'POST', '/faults/profiles/flaky-network'),
    limit,
    'a profile is armed completely or not at all',
  )
  t.equal(faults.list().length, 1)
  for (const status of [201, 201]) t.equal((await send(server, 'POST', '/faults', FAULT)).status, status)
  t.match(await send(server, 'POST', '/faults', FAULT), limit)
  await call(server, { path: '/v3/apps/64d0c750212742ca8704fb458c9771af/backups', contract: false })
  t.throws(() => faults.arm(FAULT), { message: /up to 3 fault rules, including those that are used up/ })
  t.equal(
    (await send(server, 'POST', '/sandboxes/other/faults', FAULT)).status,
    201,
    'another sandbox has its own limit',
  )
  const document = server.default.state.export() as { faults: { id: string }[] }
  faults.disarm(document.faults[0]?.id ?? '')
  faults.arm(FAULT)
  const four = { ...document, faults: [...document.faults, { ...document.faults[0], id: 'fourth' }] }
  t.match(await send(server, 'PUT', '/state', four), {
    status: 400,
    json: { detail: /faults: 4 rules are too many; the limit is 3/ },
  })
  faults.clear()
  faults.arm(FAULT)
  server.default.state.import(document)
  t.throws(() => faults.arm(FAULT), { message: /up to 3/ }, 'the faults of a document count')
})

t.test('snapshots of a server', async t => {
  const data = mkdtempSync(join(tmpdir(), 'firedrill-'))
  t.teardown(() => rmSync(data, { recursive: true }))
  for (const options of [{}, { data }]) {
    const server = await boot(t, { maxSnapshots: 2, ...options })
    createSandbox(server, { name: 'other' })
    server.default.snapshots.take({ name: 'a' })
    server.sandbox('other').snapshots.take({ name: 'b' })
    const detail = 'There are already 2 snapshots; drop some, or raise --max-snapshots.'
    t.match(await send(server, 'POST', '/snapshots', { name: 'c' }), { status: 429, json: { detail } })
    t.equal((await send(server, 'POST', '/snapshots', { name: 'b' })).status, 201, 'a snapshot can be replaced')
    await send(server, 'DELETE', '/snapshots/a')
    t.equal((await send(server, 'POST', '/snapshots', { name: 'c' })).status, 201)
  }
})

t.test('journals of all sandboxes: the oldest requests are dropped first', async t => {
  const server = await boot(t, { journalTotalBytes: 60_000 })
  createSandbox(server, { name: 'other' })
  for (const { prefix, name } of [
    { prefix: '', name: 'first' },
    { prefix: '/@other', name: 'second' },
    { prefix: '', name: 'third' },
    { prefix: '/@other', name: 'fourth' },
  ]) {
    await call(server, { ...prepare(name, 'x'.repeat(20_000)), path: prefix + PREPARE })
  }
  const seen = ({ requests }: Firedrill['default']) =>
    requests.list().requests.map(({ request }) => request.headers['x-name'])
  t.same([seen(server.default), seen(server.sandbox('other'))], [['third'], ['fourth']])
})

/** A client of the live requests whose socket is paused after the head of the response. */
function listen(t: Tap, { url }: Firedrill, path = '/__admin/requests/live') {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  t.teardown(() => socket.destroy())
  socket.on('error', () => {})
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
  const status = new Promise<number>(resolve =>
    socket.once('data', head => {
      socket.pause()
      resolve(Number(String(head).split(' ')[1]))
    }),
  )
  const closed = new Promise<void>(resolve => socket.once('close', () => resolve()))
  return { socket, status, closed }
}
type Tap = Parameters<typeof boot>[0]

t.test('live listeners of a server', async t => {
  const server = await boot(t, { maxListeners: 2 })
  createSandbox(server, { name: 'other' })
  const stopWatching = server.default.requests.watch({ event: () => {} })
  t.equal(await listen(t, server, '/@other/__admin/requests/live').status, 200)
  const detail = 'The limit of 2 live listeners is reached; close some, or raise --max-listeners.'
  t.match(await send(server, 'GET', '/requests/live'), { status: 429, json: { detail } })
  t.throws(() => server.default.requests.watch({ event: () => {} }), { message: /limit of 2 live listeners/ })
  stopWatching()
  stopWatching()
  const again = server.default.requests.watch({ event: () => {} })
  t.throws(() => server.default.requests.watch({ event: () => {} }), { message: /limit of 2 live listeners/ })
  server.sandboxes.drop('other')
  t.equal(await listen(t, server).status, 200, 'listeners of a dropped sandbox do not count')
  again()
})

t.test('live listeners: each event is rendered once, and a client that does not read is disconnected', async t => {
  const server = await boot(t, { maxListeners: 3 })
  const received: unknown[][] = [[], []]
  for (const events of received) server.default.requests.watch({ event: event => events.push(event) })
  const slow = listen(t, server)
  t.equal(await slow.status, 200)
  const isBelowLimit = () => {
    try {
      server.default.requests.watch({ event: () => {} })()
      return true
    } catch {
      return false
    }
  }
  let sent = 0
  for (; !isBelowLimit() && sent < 500; sent += 1) {
    await call(server, prepare('live', 'x'.repeat(60_000)))
  }
  t.ok(sent > 5 && sent < 500, `${sent} requests`)
  slow.socket.resume()
  await slow.closed
  t.equal(received[0]?.length, sent)
  for (const [index, event] of (received[0] ?? []).entries()) t.equal(received[1]?.[index], event)
})
