// Sends 20,000 fuzzed requests, the same in every run: each is answered as documented, with the error body of its API.
import t from 'tap'
import { fuzz } from './fuzz/session.ts'

const SEED = 20_260_610
const REQUESTS = 20_000

t.test('fuzzed requests over both OpenAPI documents and raw sockets', async t => {
  const { sent, problems, stderr, isAlive, statuses } = await fuzz(t, { seed: SEED, requests: REQUESTS })
  const again = `npm run fuzz -- --seed ${SEED} --requests ${REQUESTS}`
  for (const { index, name, problem, command } of problems) {
    t.fail(`request ${index}, ${name}: ${problem}`, { command, again })
  }
  t.equal(stderr, '', `the server reported nothing; ${again}`)
  t.ok(isAlive, 'the server still answers')
  t.equal(sent, REQUESTS)
  for (const status of [200, 201, 202, 204, 206, 304, 400, 401, 403, 404, 405, 406, 409, 415, 417, 431]) {
    t.ok(statuses[status], `some requests were answered ${status}`)
  }
})
