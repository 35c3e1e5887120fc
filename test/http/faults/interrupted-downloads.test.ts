// Tests of the fault kinds that end, stop or slow down a download.
import { Agent, get } from 'node:http'
import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { exchange, startExchange, waitForHits } from '../../fault-requests.ts'
import { boot, type Call } from '../../helpers.ts'

const operation = 'getDisasterRecoveryFile'
const DOWNLOAD: Call & { headers: Record<string, string> } = {
  path: '/backend/api/v1/disasterRecoveryFiles/123',
  headers: { authorization: 'Bearer YOUR_API_KEY', accept: 'application/x-7z-compressed' },
}

t.test('cut: the response before an entry of the archive, and the one after that', async t => {
  const server = await boot(t)
  const { bytes: file } = await exchange(server, DOWNLOAD)
  server.default.faults.arm({ operation, fault: 'cut', where: 'entry', times: 2 })
  const first = (await exchange(server, DOWNLOAD)).bytes
  t.equal(first.length, 32, 'the signature header of 7z')
  const second = (
    await exchange(server, {
      ...DOWNLOAD,
      headers: { ...DOWNLOAD.headers, range: `bytes=${first.length}-` },
    })
  ).bytes
  t.ok(second.length > 0 && second.length < file.length - first.length)
  t.ok(Buffer.concat([first, second]).equals(file.subarray(0, first.length + second.length)))
})

t.test('cut: a connection that would be used again', async t => {
  const server = await boot(t)
  const agent = new Agent({ keepAlive: true })
  t.teardown(() => agent.destroy())
  for (const how of ['fin', 'rst'] as const) {
    server.default.faults.arm({ operation, fault: 'cut', afterBytes: 1000, how, times: 1 })
    const end = new Promise<string>(resolve => {
      const outgoing = get(server.url + DOWNLOAD.path, { agent, headers: DOWNLOAD.headers }, response => {
        response.resume().on('error', ({ message }) => resolve(message))
      })
      outgoing.on('error', ({ message }) => resolve(message))
    })
    t.match(await end, how === 'fin' ? /^aborted$/ : /^(aborted|read ECONNRESET)$/, how)
  }
})

t.test('cut: a connection that stays open', async t => {
  const server = await boot(t)
  server.default.faults.arm({ operation, fault: 'cut', afterBytes: 1000, how: 'keep-alive', times: 1 })
  const { outgoing, outcome } = startExchange(server, DOWNLOAD)
  const received = await new Promise<number>(resolve =>
    outgoing.on('response', response => response.once('data', chunk => resolve(chunk.length))),
  )
  t.equal(received, 1000)
  t.equal(outgoing.socket?.readyState, 'open', 'the client waits for the rest')
  outgoing.destroy()
  t.match(await outcome, { error: /ECONNRESET/ })
})

t.test('stall: the body continues when the virtual time has come', async t => {
  const server = await boot(t)
  const { bytes: file } = await exchange(server, DOWNLOAD)
  const stalled = { fault: 'stall', afterBytes: 1000, ms: 60_000, clock: 'virtual', times: 1 } as const
  const { id } = server.default.faults.arm({ operation, ...stalled })
  const { outgoing, outcome } = startExchange(server, DOWNLOAD)
  let received = 0
  outgoing.on('response', response =>
    response.on('data', chunk => {
      received += chunk.length
    }),
  )
  await waitForHits(server, id)
  while (received < 1000) await setImmediate()
  server.default.clock.advance({ by: '59s' })
  for (let turns = 0; turns < 20; turns++) await setImmediate()
  t.equal(received, 1000)
  server.default.clock.advance({ by: '1s' })
  t.ok((await outcome).bytes.equals(file))
})

t.test('stall: for ever, until the client disconnects or the server closes', async t => {
  const server = await boot(t)
  server.default.faults.arm({ operation, fault: 'stall', afterBytes: 0, times: 2 })
  const first = startExchange(server, DOWNLOAD)
  await new Promise(resolve => first.outgoing.on('response', resolve))
  first.outgoing.destroy()
  const second = startExchange(server, DOWNLOAD)
  await new Promise(resolve => second.outgoing.on('response', resolve))
  await server.close()
  t.match(await second.outcome, { status: 200, error: 'ECONNRESET' })
})

t.test('dribble: as many bytes as the virtual time allows', async t => {
  const server = await boot(t)
  const { bytes: file } = await exchange(server, DOWNLOAD)
  server.default.faults.arm({ operation, fault: 'dribble', bytesPerSecond: 1000, clock: 'virtual', times: 1 })
  const { outgoing, outcome } = startExchange(server, DOWNLOAD)
  let received = 0
  outgoing.on('response', response =>
    response.on('data', chunk => {
      received += chunk.length
    }),
  )
  await new Promise(resolve => outgoing.on('response', resolve))
  server.default.clock.advance({ by: '5s' })
  while (received < 5000) await setImmediate()
  for (let turns = 0; turns < 20; turns++) await setImmediate()
  t.equal(received, 5000)
  server.default.clock.advance({ by: '1m' })
  t.ok((await outcome).bytes.equals(file))
})
