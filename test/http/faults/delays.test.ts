import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import type { start } from '../../../src/index.ts'
import {
  exchange,
  OPERATIONS,
  type Operation,
  type Outcome,
  REQUESTS,
  startExchange,
  waitForHits,
} from '../../fault-requests.ts'
import { boot, call } from '../../helpers.ts'

const parsed = ({ bytes }: Outcome) => JSON.parse(bytes.toString())

t.test("delay: on this machine's clock, fixed or random", async t => {
  const server = await boot(t)
  for (const parameters of [
    { ms: 30 },
    { distribution: 'uniform', minMs: 30, maxMs: 40 },
    { distribution: 'lognormal', medianMs: 30, sigma: 0 },
  ] as const) {
    for (const operation of ['prepareDisasterRecovery', 'generateToken'] as const) {
      server.default.faults.arm({ operation, fault: 'delay', ...parameters, times: 1 })
      const before = performance.now()
      t.equal((await call(server, REQUESTS[operation])).status, 200)
      // Timers count whole milliseconds.
      t.ok(performance.now() - before >= 29, JSON.stringify(parameters))
    }
  }
})

t.test("delay: on the sandbox's clock, ends exactly at its time", async t => {
  const server = await boot(t)
  for (const operation of OPERATIONS) {
    const { id } = server.default.faults.arm({ operation, fault: 'delay', ms: 60_000, clock: 'virtual', times: 1 })
    const { outcome } = startExchange(server, REQUESTS[operation])
    let answered = false
    outcome.then(() => {
      answered = true
    })
    await waitForHits(server, id)
    const begun = server.default.clock.get().now
    server.default.clock.advance({ by: '59999ms' })
    // Other requests are answered meanwhile: if this one had been released, it would have been answered by now.
    for (let count = 0; count < 3; count++) await call(server, { path: '/__admin/health' })
    t.notOk(answered, operation)
    server.default.clock.advance({ by: '1ms' })
    const { status, headers } = await outcome
    t.equal(status, 200)
    t.equal(Date.parse(headers.date ?? ''), Date.parse(begun) + 60_000, 'the operation happens at the end of the delay')
  }
})

t.test('delay: a running clock ends a virtual delay', async t => {
  for (const [clock, ms] of [
    ['real', 20],
    ['scaled:100000', 3_600_000],
  ] as const) {
    const server = await boot(t, { clock })
    server.default.faults.arm({ operation: '*', fault: 'delay', ms, clock: 'virtual', times: 1 })
    t.equal((await exchange(server, REQUESTS.prepareDisasterRecovery)).status, 200, clock)
  }
})

t.test('delay and hang: a client that goes away ends them, and nothing happens after', async t => {
  const server = await boot(t, { jobProgression: 'polls:2' })
  const { path, headers } = REQUESTS.prepareDisasterRecovery
  const body = { backup_guid: '3a2e59ee-40cb-472a-91d0-502ab259918c', encryption_key: 'second-encryption-key' }
  await call(server, { method: 'POST', path: path.replace('prepare', 'perform'), headers, body })
  const poll = { path: path.replace('disaster-recovery/prepare', 'restores'), headers }
  for (const parameters of [{ fault: 'hang' }, { fault: 'delay', ms: 10, clock: 'virtual' }] as const) {
    const { id } = server.default.faults.arm({ operation: 'listRestores', ...parameters, times: 1 })
    const { outgoing, outcome } = startExchange(server, poll)
    await waitForHits(server, id)
    outgoing.destroy()
    t.match(await outcome, { error: 'ECONNRESET' })
    // The journal entry ends when the server notices that the client has disconnected.
    while (server.default.requests.list().requests[0]?.firedrill.durationMs === null) await setImmediate()
    server.default.clock.advance({ by: '1m' })
  }
  t.match((await call(server, poll)).json, [{ status: 'running' }], 'no poll before this one counted')
})

t.test('delay: the operation sees the state at the end of the delay', async t => {
  const server = await boot(t)
  const body = `${REQUESTS.generateToken.body}&expiration=1`
  const { token } = (await call(server, { ...REQUESTS.generateToken, body })).json
  const { id } = server.default.faults.arm({ operation: 'listJobs', fault: 'delay', ms: 120_000, clock: 'virtual' })
  const { outcome } = startExchange(server, { path: `/arcgis/admin/jobs?f=json&token=${token}` })
  await waitForHits(server, id)
  server.default.clock.advance({ by: '2m' })
  t.match(parsed(await outcome), { error: { code: 498 } }, 'its token has expired')
})

t.test('delay: a reset at the instant at which the delay ends cuts the connection', async t => {
  const server = await boot(t)
  const { id } = server.default.faults.arm({ operation: '*', fault: 'delay', ms: 1000, clock: 'virtual' })
  const { outcome } = startExchange(server, REQUESTS.listApplicationBackups)
  await waitForHits(server, id)
  server.default.clock.advance({ by: '1s' })
  server.default.reset()
  t.match(await outcome, { status: undefined, error: 'ECONNRESET' })
})

for (const [name, end] of [
  ['closing the server', server => server.close()],
  ['resetting the sandbox', server => server.default.reset()],
] as [string, (server: Awaited<ReturnType<typeof start>>) => unknown][]) {
  t.test(`delay and hang: ${name} cuts the connections at once`, async t => {
    const server = await boot(t)
    const faults = [
      { fault: 'hang' },
      { fault: 'delay', ms: 5, clock: 'virtual' },
      { fault: 'delay', ms: 86_400_000 },
    ] as const
    const ids = faults.map(fault => server.default.faults.arm({ operation: '*', ...fault, times: 2 }).id)
    const operations: Operation[] = [...OPERATIONS, ...OPERATIONS].slice(0, 6)
    const waiting = operations.map(operation => startExchange(server, REQUESTS[operation]).outcome)
    for (const id of ids) await waitForHits(server, id, 2)
    await end(server)
    for (const outcome of await Promise.all(waiting)) t.match(outcome, { status: undefined, error: 'ECONNRESET' })
  })
}
