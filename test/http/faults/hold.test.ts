// Tests the fault kind hold over real connections: where requests are held, and everything that ends a hold.
import t from 'tap'
import type { Firedrill } from '../../../src/index.ts'
import { FILES, idOf, KEY, SEVEN_ZIP } from '../../apis/disaster-recovery-files/client.ts'
import { type Exchange, exchange, OPERATIONS, type Outcome, REQUESTS, startExchange } from '../../fault-requests.ts'
import { boot, call } from '../../helpers.ts'

const parsed = ({ bytes }: Outcome) => JSON.parse(bytes.toString())
const PERFORM = {
  method: 'POST',
  path: REQUESTS.prepareDisasterRecovery.path.replace('prepare', 'perform'),
  headers: { ...REQUESTS.prepareDisasterRecovery.headers, 'content-type': 'application/json' },
  body: '{"backup_guid":"3a2e59ee-40cb-472a-91d0-502ab259918c","encryption_key":"second-encryption-key"}',
}
const RESTORES = {
  path: PERFORM.path.replace('disaster-recovery/perform', 'restores'),
  headers: REQUESTS.prepareDisasterRecovery.headers,
}
const restores = async (server: Firedrill) => (await call(server, RESTORES)).json.length

const CUT = { status: undefined, error: 'ECONNRESET' }

t.test('hold: each API, before the operation, before the response, and within its body', async t => {
  const server = await boot(t)
  const { faults } = server.default
  for (const operation of OPERATIONS) {
    for (const at of ['request', 'response', 'body'] as const) {
      const { id } = faults.arm({ operation, fault: 'hold', at, times: 1 })
      const { outcome } = startExchange(server, REQUESTS[operation])
      const { requests } = await faults.held(id)
      t.match(requests, [{ id: String, operation, at, since: '2026-06-10T12:00:00.000Z' }])
      t.same(faults.release(id), { released: 1 })
      const { status, headers, bytes, error } = await outcome
      t.same([status, error, bytes.length], [200, undefined, Number(headers['content-length'])], `${operation} ${at}`)
      t.doesNotThrow(() => JSON.parse(bytes.toString()))
    }
  }
})

t.test('hold: at the request the operation has not happened, at the response and in the body it has', async t => {
  const server = await boot(t)
  const { faults } = server.default
  for (const { at, before } of [
    { at: 'request', before: 0 },
    { at: 'response', before: 1 },
    { at: 'body', before: 1 },
  ] as const) {
    server.default.reset()
    const { id } = faults.arm({ operation: 'performDisasterRecovery', fault: 'hold', at })
    const { outcome } = startExchange(server, PERFORM)
    await faults.held(id)
    t.equal(await restores(server), before, at)
    faults.release(id)
    t.equal((await outcome).status, 202)
    t.equal(await restores(server), 1)
  }
})

t.test('hold: a request that is released late sees the state and the time of then', async t => {
  const server = await boot(t)
  const body = `${REQUESTS.generateToken.body}&expiration=1`
  const { token } = (await call(server, { ...REQUESTS.generateToken, body })).json
  const { id } = server.default.faults.arm({ operation: 'listJobs', fault: 'hold', at: 'request' })
  const { outcome } = startExchange(server, { path: `/arcgis/admin/jobs?f=json&token=${token}` })
  await server.default.faults.held(id)
  server.default.clock.advance({ by: '2m' })
  server.default.faults.release(id)
  const late = await outcome
  t.match(parsed(late), { error: { code: 498 } }, 'its token has expired')
  t.equal(late.headers.date, 'Wed, 10 Jun 2026 12:02:00 GMT')
})

t.test('hold: in the body, after so many bytes; a client that stops reading may cancel', async t => {
  const server = await boot(t)
  const { faults } = server.default
  const whole = await exchange(server, REQUESTS.listApplicationBackups)
  for (const afterBytes of [0, 5, whole.bytes.length, whole.bytes.length + 1]) {
    const { id } = faults.arm({ operation: 'listApplicationBackups', fault: 'hold', at: 'body', afterBytes, times: 1 })
    const { outgoing, outcome } = startExchange(server, REQUESTS.listApplicationBackups)
    const arrived = await received(outgoing, Math.min(afterBytes, whole.bytes.length))
    await faults.held(id)
    t.equal(arrived, whole.bytes.subarray(0, afterBytes).toString(), `${afterBytes} bytes have arrived`)
    faults.release(id)
    t.equal((await outcome).bytes.length, whole.bytes.length)
  }
})

/** Resolves with the text of the body when this many bytes have arrived, and the head of the response. */
function received(outgoing: Exchange['outgoing'], count: number): Promise<string> {
  return new Promise(resolve => {
    outgoing.on('response', response => {
      let text = ''
      if (count === 0) resolve(text)
      response.on('data', chunk => {
        text += chunk
        if (text.length >= count) resolve(text)
      })
    })
  })
}

t.test('hold: a download is held in its body, and a response without a body is not', async t => {
  const server = await boot(t)
  const { faults } = server.default
  const path = `${FILES}/${await idOf(server, 'database-backup')}`
  const download = { path, headers: { ...KEY, accept: SEVEN_ZIP } }
  const whole = await exchange(server, download)
  const { id } = faults.arm({ operation: '*', fault: 'hold', at: 'body', times: 2 })
  const { outcome } = startExchange(server, download)
  await faults.held(id)
  faults.release(id)
  t.ok((await outcome).bytes.equals(whole.bytes))
  t.match(await exchange(server, { ...download, method: 'HEAD' }), { status: 200 })
})

/** Everything that ends a hold, and whether the request then continues. */
const ENDS: {
  what: string
  ended: string
  continues: boolean
  end(server: Firedrill, id: string, held: Exchange): unknown
}[] = [
  { what: 'release', ended: 'released', continues: true, end: ({ default: { faults } }, id) => faults.release(id) },
  { what: 'disarm', ended: 'disarmed', continues: true, end: ({ default: { faults } }, id) => faults.disarm(id) },
  { what: 'clear', ended: 'disarmed', continues: true, end: ({ default: { faults } }) => faults.clear() },
  {
    what: 'release with fail',
    ended: 'failed',
    continues: false,
    end: ({ default: { faults } }, id) => faults.release(id, { fail: true }),
  },
  {
    what: 'a client that disconnects',
    ended: 'client disconnected',
    continues: false,
    end: (_server, _id, { outgoing }) => outgoing.destroy(),
  },
]

for (const { what, ended, continues, end } of ENDS) {
  t.test(`hold: ends at ${what}, and the journal shows it`, async t => {
    const server = await boot(t)
    const { faults, requests } = server.default
    for (const at of ['request', 'response', 'body'] as const) {
      const { id } = faults.arm({ operation: 'performDisasterRecovery', fault: 'hold', at })
      const held = startExchange(server, PERFORM)
      const [{ id: requestId = '' } = {}] = (await faults.held(id)).requests
      t.match(requests.get(`${requestId}`).firedrill, { fault: { id, fault: 'hold', hold: { at, ended: null } } })
      t.match(requests.explain(`${requestId}`).verdict, new RegExp(`is held by the fault ${id}`))
      await end(server, id, held)
      const { status, error } = await held.outcome
      if (continues) t.same([status, error], [202, undefined], at)
      else t.equal(error, 'ECONNRESET', at)
      while (requests.get(`${requestId}`).firedrill.fault?.hold?.ended === null) await call(server, RESTORES)
      t.equal(requests.get(`${requestId}`).firedrill.fault?.hold?.ended, ended)
      const [detail] = requests
        .explain(`${requestId}`)
        .checks.flatMap(each => (each.check === 'fault' ? each.detail : []))
      t.match(detail, new RegExp(`held it .*: ${ended}$`))
      const happened = at !== 'request' || continues ? 1 : 0
      t.equal(await restores(server), happened, `${at}: the operation ${happened ? 'happened' : 'did not happen'}`)
      server.default.reset()
    }
  })
}

for (const { what, end } of [
  { what: 'a reset', end: server => server.default.reset() },
  { what: 'an import', end: server => server.default.state.import({}) },
  { what: 'closing the server', end: server => server.close() },
] as { what: string; end(server: Firedrill): unknown }[]) {
  t.test(`hold: ${what} cuts the connections at once and ends waiting for more`, async t => {
    const server = await boot(t)
    const { faults } = server.default
    const outcomes = []
    for (const at of ['request', 'response', 'body'] as const) {
      const { id } = faults.arm({ operation: '*', fault: 'hold', at, times: 1 })
      outcomes.push(startExchange(server, REQUESTS.prepareDisasterRecovery).outcome)
      await faults.held(id)
    }
    const { id } = faults.arm({ operation: '*', fault: 'hold', at: 'request' })
    const wait = faults.held(id, { timeoutMs: 60_000 })
    await Promise.all([t.rejects(wait, /dropped or reset, or the server was closed/), end(server)])
    for (const outcome of await Promise.all(outcomes)) t.match(outcome, { error: 'ECONNRESET' })
  })
}

t.test('hold: a reset right after a release cuts the connection', async t => {
  const server = await boot(t)
  const { id } = server.default.faults.arm({ operation: '*', fault: 'hold', at: 'request' })
  const { outcome } = startExchange(server, REQUESTS.prepareDisasterRecovery)
  await server.default.faults.held(id)
  server.default.faults.release(id)
  server.default.reset()
  t.match(await outcome, CUT)
})

t.test('hold: ends after its maximum, and fails', async t => {
  const server = await boot(t)
  const { faults } = server.default
  const { id } = faults.arm({ operation: '*', fault: 'hold', at: 'request', maxMs: 1, times: 1 })
  t.match(await exchange(server, REQUESTS.prepareDisasterRecovery), CUT)
  t.match(server.default.requests.list().requests[0]?.firedrill.fault?.hold, { at: 'request', ended: 'timed out' })
  t.throws(() => faults.release(id), /holds no request now/)
  t.throws(() => faults.arm({ operation: '*', fault: 'hold', at: 'request', maxMs: 60_001 }), /maxMs/)
})

t.test('held: waits for so many requests, and fails when they do not come', async t => {
  const server = await boot(t)
  const { faults } = server.default
  const { id } = faults.arm({ operation: '*', fault: 'hold', at: 'request' })
  const wait = faults.held(id, { count: 2, timeoutMs: 60_000 })
  const outcomes = OPERATIONS.slice(0, 2).map(operation => startExchange(server, REQUESTS[operation]).outcome)
  t.equal((await wait).requests.length, 2)
  await t.rejects(faults.held(id, { count: 3, timeoutMs: 1 }), /Timed out after 1 ms. The fault holds 2 of 3 requests/)
  const aborted = faults.held(id, { count: 3, timeoutMs: 60_000 }, { signal: AbortSignal.timeout(1) })
  await t.rejects(aborted, /aborted/)
  const disarmed = faults.held(id, { count: 3, timeoutMs: 60_000 })
  faults.disarm(id)
  await t.rejects(disarmed, /The fault was disarmed/)
  for (const { status } of await Promise.all(outcomes)) t.equal(status, 200)
})

t.test('held and release: refuse faults of other kinds and unknown ones', async t => {
  const server = await boot(t)
  const { faults } = server.default
  const { id } = faults.arm({ operation: '*', fault: 'hang' })
  await t.rejects(faults.held(id), /is of the kind hang, which holds no requests/)
  t.throws(() => faults.release(id), /is of the kind hang/)
  t.throws(() => faults.release('nope'), /there is no fault "nope"/)
  await t.rejects(faults.held('nope'), /there is no fault "nope"/)
})

t.test('held and release: over HTTP, of a sequence', async t => {
  const server = await boot(t)
  const { id } = server.default.faults.arm({
    operation: 'listApplicationBackups',
    sequence: [{ fault: 'none' }, { fault: 'hold', at: 'response' }],
  })
  t.equal((await exchange(server, REQUESTS.listApplicationBackups)).status, 200)
  const { outcome } = startExchange(server, REQUESTS.listApplicationBackups)
  const control = (action: string, body: object) =>
    call(server, { method: 'POST', path: `/__admin/faults/${id}/${action}`, body, contract: false })
  t.match((await control('held', { timeoutMs: 5000 })).json, { requests: [{ at: 'response' }] })
  t.match(await control('release', {}), { status: 200, json: { released: 1 } })
  t.equal((await outcome).status, 200)
  t.match(await control('release', {}), { status: 409, json: { detail: /holds no request now/ } })
})
