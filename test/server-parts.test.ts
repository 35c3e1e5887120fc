// The parts of a server, each of which is built at its first request: that request is served like any other.
import t from 'tap'
import { boot, call } from './helpers.ts'

const KEY = { authorization: 'Bearer YOUR_API_KEY' }
const TOKEN = { authorization: 'Bearer demo-token' }
const INSTANCE = '/v1/instances/10000000-0000-4000-8000-000000000001'

t.test('the first requests for an API, sent at the same time, are all answered', async t => {
  const server = await boot(t)
  const paths = [
    '/backend/api/v1/disasterRecoveryFiles/',
    '/backend/api/v1/disasterRecoveryFiles/1',
    '/backend/api/v1/no',
  ]
  const answers = await Promise.all(paths.map(path => call(server, { path, headers: KEY, contract: false })))
  t.same(
    answers.map(({ status }) => status),
    [200, 404, 404],
  )
})

t.test('the journal has the body of the first request for an API', async t => {
  const server = await boot(t)
  const body = { encryption_key: 'long-enough-for-this' }
  await call(server, { method: 'POST', path: `${INSTANCE}/disaster-recovery/prepare`, headers: TOKEN, body })
  const { requests } = server.default.requests.find({})
  t.match(requests, [{ body: /^\{"encryption_key":/ }])
})

t.test('an API is found by its path as the router decodes it', async t => {
  const server = await boot(t)
  const path = INSTANCE.replace('instances', '%69nstances')
  t.match(await call(server, { path: `${path}/restores`, headers: TOKEN, contract: false }), { status: 200 })
  t.match(await call(server, { path: '/%5F%5Fadmin/health', contract: false }), { status: 200 })
  // The invalid escape keeps the path from being decoded.
  t.match(await call(server, { path: `${INSTANCE}/%zz`, headers: TOKEN, contract: false }), {
    status: 404,
    json: { error: 'NotFound' },
  })
})

t.test('operations are known before any request for their API', async t => {
  const server = await boot(t)
  const fault = { operation: 'listApplicationBackups', fault: 'hang' } as const
  t.match(server.default.faults.arm(fault), { api: 'dscloud' })
})
