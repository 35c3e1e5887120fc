// The benchmark's load generator, and its figures: ratios of rounds, verdicts, and the rows that miss their goal.
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { type Figure, median, misses, quantile, ratios, table, verdictOf } from '../bench/figures.ts'
import { Generator } from '../bench/load.ts'

/** The second round was slow for both servers: the ratio is the same. */
const SLOW_ROUND: Figure = {
  what: 'list: requests',
  unit: 'req/s',
  firedrill: [900, 90, 900],
  other: { name: 'bare', values: [1000, 100, 1000] },
  goal: { of: 'ratio', atLeast: 1, accepted: 0.8 },
}
const START: Figure = { what: 'start', unit: 'ms', firedrill: [40, 80, 60], goal: { of: 'value', atMost: 50 } }
const REACHED: Figure = { what: 'idle', unit: 'MiB', firedrill: [90], goal: { of: 'value', atMost: 100 } }

t.test('median and quartiles are interpolated', async t => {
  t.equal(median([3, 1, 2]), 2)
  t.equal(median([4, 1, 2, 3]), 2.5)
  t.equal(quantile([0, 10, 20, 30, 40], 0.25), 10)
  t.equal(quantile([0, 10], 0.75), 7.5)
  t.ok(Number.isNaN(median([])))
})

t.test('a ratio is computed within each round', async t => {
  t.strictSame(ratios(SLOW_ROUND), [0.9, 0.9, 0.9])
  t.strictSame(ratios(START), [])
  t.throws(() => ratios({ ...SLOW_ROUND, firedrill: [1] }), { message: /the numbers of rounds differ/ })
})

t.test('a figure reaches its goal, is accepted, or misses it', async t => {
  const withRatio = (ratio: number): Figure => ({ ...SLOW_ROUND, firedrill: [1000 * ratio, 100 * ratio, 1000 * ratio] })
  t.equal(verdictOf(withRatio(1)), 'ok')
  t.equal(verdictOf(withRatio(0.8)), 'accepted')
  t.equal(verdictOf(withRatio(0.79)), 'missed')
  t.equal(verdictOf(START), 'missed')
  t.equal(verdictOf({ ...START, goal: { of: 'value', atMost: 50, accepted: 60 } }), 'accepted')
  t.equal(verdictOf(REACHED), 'ok')
})

t.test('there is no verdict without a goal or without a measurement', async t => {
  t.equal(verdictOf({ what: 'start', unit: 'ms', firedrill: [40] }), undefined)
  t.equal(verdictOf({ ...REACHED, firedrill: [Number.NaN] }), undefined)
})

t.test('the table has a row for each figure, with goals only if it is judged', async t => {
  const lines = table([SLOW_ROUND, START, REACHED], { judged: true })
  t.equal(lines.length, 4)
  t.match(lines[1], /^list: requests +900 req\/s +1,000 req\/s +bare +0\.90× +0\.90 – 0\.90 +≥ 1× +accepted$/)
  t.match(lines[2], /^start +60\.0 ms +50\.0 – 70\.0 +≤ 50 ms +missed$/)
  t.notMatch(table([SLOW_ROUND, START], { judged: false }).join('\n'), /goal|missed|≤/)
})

t.test('the rows that miss their goal are listed', async t => {
  t.strictSame(misses([SLOW_ROUND, START, REACHED]), [
    'list: requests: 0.90× of bare, goal ≥ 1×, which is accepted for now',
    'start: 60.0 ms, goal ≤ 50 ms',
  ])
})

/** A load generator, and a server that answers with `listener`; both stop with the test. */
async function generatorFor(t: Test, listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1')
  const generator = new Generator()
  t.teardown(async () => {
    await generator[Symbol.asyncDispose]()
    server.close()
  })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { generator, target: { url: `http://127.0.0.1:${port}`, process } }
}

t.test('the load generator sends as many requests as asked for, in turn, with different numbers', async t => {
  const received: string[] = []
  const { generator, target } = await generatorFor(t, async (request, response) => {
    const body = await text(request)
    received.push(`${request.method} ${request.headers.authorization} ${body}`)
    if (request.method === 'DELETE') return response.writeHead(204).end()
    // In two parts, so that the response does not arrive at once.
    response.writeHead(201, { 'content-length': 6 }).write('abc')
    return setImmediate(() => response.end('def'))
  })
  const requests = [
    { path: '/', method: 'POST', headers: { authorization: 'key' }, body: 'name={n}' },
    { path: '/', method: 'DELETE' },
  ] as const
  const load = await generator.send(target, requests, { count: 100 })
  t.equal(load.requests, 100)
  t.equal(received.length, 100)
  const posted = received.filter(each => /^POST key name=\d{8}$/.test(each))
  t.equal(new Set(posted).size, 50)
  t.equal(received.filter(each => each === 'DELETE undefined ').length, 50)
  t.ok(load.p99Ms > 0)
  t.ok(load.requestsPerSecond > 0)
})

t.test('the load generator refuses responses that are no success, and connections that end', async t => {
  const { generator, target } = await generatorFor(t, (request, response) => {
    if (request.url === '/closed') request.socket.destroy()
    else response.writeHead(404).end('no such path')
  })
  await t.rejects(generator.send(target, [{ path: '/missing' }], { count: 1 }), { message: /404 Not Found/ })
  await t.rejects(generator.send(target, [{ path: '/closed' }], { count: 1 }), { message: /\/closed/ })
})
