// DS Cloud: 429 to too many requests and backups, when the limits are on.
import t from 'tap'
import type { Firedrill } from '../../../src/index.ts'
import { type Answer, boot, call } from '../../helpers.ts'
import { APP, isError, KEY, list, OWN_APP } from './client.ts'

const FREE_KEY = '98765432109876543-free'
const user = (server: Firedrill, authorization = KEY) =>
  call(server, { path: '/v3/users/me', headers: { authorization } })
const create = (server: Firedrill, app = OWN_APP) =>
  call(server, { method: 'POST', path: `/v3/apps/${app}/backups`, headers: { authorization: KEY } })
const isLimited = (t: Tap, answer: Answer, code: string, seconds: number) => {
  isError(t, answer, 429, code)
  t.equal(answer.headers['retry-after'], String(seconds))
}
type Tap = Parameters<typeof isError>[0]

async function requests(server: Firedrill, count: number): Promise<Set<number>> {
  const statuses = new Set<number>()
  for (let sent = 0; sent < count; sent++) statuses.add((await user(server)).status)
  return statuses
}

t.test('limits: off unless they are asked for', async t => {
  const server = await boot(t)
  t.same(await requests(server, 100), new Set([200]))
  for (let created = 0; created < 13; created++) t.equal((await create(server)).status, 200)
})

t.test('limits: the 61st request in a minute is refused, and all others for 30 minutes', async t => {
  const server = await boot(t, { dscloudLimits: true })
  t.same(await requests(server, 30), new Set([200]))
  server.default.clock.advance({ by: '59s' })
  t.same(await requests(server, 30), new Set([200]))
  isLimited(t, await user(server), 'RATE_LIMIT_EXCEEDED', 1800)
  t.equal((await user(server, FREE_KEY)).status, 200, 'other accounts are not')
  isError(t, await user(server, 'nobody'), 401, 'ACCESS_DENIED')
  server.default.clock.advance({ by: '29m30s' })
  isLimited(t, await list(server, APP), 'RATE_LIMIT_EXCEEDED', 30)
  server.default.clock.advance({ by: '30s' })
  t.same(await requests(server, 60), new Set([200]))
  isLimited(t, await user(server), 'RATE_LIMIT_EXCEEDED', 1800)
  server.default.clock.advance({ by: '90d' })
  t.equal((await user(server)).status, 200)
})

t.test('limits: a minute later the requests are counted anew', async t => {
  const server = await boot(t, { dscloudLimits: true })
  t.same(await requests(server, 60), new Set([200]))
  server.default.clock.advance({ by: '1m' })
  t.same(await requests(server, 60), new Set([200]))
})

t.test('limits: one backup of an app per minute, twelve in 24 hours', async t => {
  const server = await boot(t, { dscloudLimits: true })
  t.equal((await create(server)).status, 200)
  server.default.clock.advance({ by: '20s' })
  isLimited(t, await create(server), 'KEEP_CALM', 40)
  t.equal((await create(server, APP)).status, 200, 'other apps have limits of their own')
  server.default.clock.advance({ by: '40s' })
  for (let created = 1; created < 12; created++) {
    t.equal((await create(server)).status, 200)
    server.default.clock.advance({ by: '1h' })
  }
  isLimited(t, await create(server), 'DAILY_SNAPSHOTS_LIMIT_REACHED', 13 * 3600 - 60)
  server.default.clock.advance({ by: '12h58m59s' })
  isLimited(t, await create(server), 'DAILY_SNAPSHOTS_LIMIT_REACHED', 1)
  server.default.clock.advance({ by: '1s' })
  t.equal((await create(server)).status, 200)
})
