// Checks explanations: passed checks, faults, unknown parameters and the nearest operations.
import t from 'tap'
import type { Explanation } from '../../../schemas/control.ts'
import { nearestOperations } from '../../../src/http/nearest.ts'
import { boot, createSandbox } from '../../helpers.ts'
import { CREATE, DRF_LIST, explained, explanationOfLatest, FORM, outcomes } from './explained.ts'
import { BEARER, INSTANCE, latest, PREPARE, send } from './journaled.ts'

/** All checks before the one at `at` passed, that one has `outcome`, and the later ones were not reached. */
const upTo = (at: number, outcome: string) =>
  Array.from({ length: 7 }, (_, index) => (index < at ? 'passed' : index === at ? outcome : 'not reached')).join()

t.test('explainRequest: parameters that the operation does not know', async t => {
  const server = await boot(t)
  const cases: { path: string; body?: string; expected: Explanation['unknownParameters'] }[] = [
    { path: CREATE, body: 'token=x&name=a&desciption=b', expected: [{ name: 'desciption', nearest: 'description' }] },
    { path: '/arcgis/admin/jobs?f=json&tokn=x', expected: [{ name: 'tokn', nearest: 'token' }] },
    { path: `${DRF_LIST}?limt=5&offset=1&idAfter`, expected: [{ name: 'limt', nearest: 'limit' }] },
    { path: `${INSTANCE}/restores?page=2`, expected: [{ name: 'page', nearest: null }] },
    { path: '/backups.dscloud.pt/1_B.zip?some-key=', expected: [] },
    { path: '/nowhere?a=1', expected: [] },
  ]
  for (const { path, body, expected } of cases) {
    const explanation = await explained(server, path, body === undefined ? {} : { method: 'POST', headers: FORM, body })
    t.same(explanation.unknownParameters, expected, path)
  }
})

t.test('explainRequest: passed checks, and how the sandbox was addressed', async t => {
  const server = await boot(t)
  const passed = await explained(server, `${INSTANCE}/restores`, { headers: BEARER })
  t.equal(outcomes(passed), upTo(7, ''))
  t.match(passed, { verdict: 'Answered 200: all checks passed.', request: `GET ${INSTANCE}/restores`, nearest: [] })
  t.equal(passed.checks[1]?.detail, 'listRestores of a9s: GET /v1/instances/:instance_id/restores')
  t.match((await explained(server, '/arcgis/admin/login')).checks[1]?.detail, 'a page of arcgis')
  createSandbox(server, { name: 'bound', credentials: { 'made-up-credential': 'demo-token' } })
  const cases: { path: string; headers: Record<string, string>; sandbox: string; detail: string }[] = [
    {
      path: `${INSTANCE}/restores`,
      headers: BEARER,
      sandbox: 'default',
      detail: 'sandbox default, because the request names none',
    },
    { path: `/@t1${INSTANCE}/restores`, headers: BEARER, sandbox: 't1', detail: 'sandbox t1, named in the path' },
    {
      path: `${INSTANCE}/restores`,
      headers: { ...BEARER, 'X-Firedrill-Sandbox': 't2' },
      sandbox: 't2',
      detail: 'named in the header x-firedrill-sandbox',
    },
    {
      path: `${INSTANCE}/restores`,
      headers: { ...BEARER, host: 't3.localhost:1' },
      sandbox: 't3',
      detail: 'named in the host',
    },
    {
      path: `${INSTANCE}/restores`,
      headers: { authorization: 'Bearer made-up-credential' },
      sandbox: 'bound',
      detail: 'to which the credential is bound',
    },
  ]
  for (const { path, headers, sandbox, detail } of cases) {
    await send(server, path, { headers })
    const { requests } = server.sandbox(sandbox)
    const [event] = requests.list({ limit: 1 }).requests
    t.equal(event?.response?.status, 200)
    t.match(requests.explain(String(event?.id)).checks[0]?.detail, detail)
  }
})

t.test('explainRequest: forced responses and faults that answer take over; other faults do not', async t => {
  const server = await boot(t)
  const path = `${INSTANCE}/restores`
  const forced = await explained(server, path, { headers: { ...BEARER, prefer: 'example=BadGateway' } })
  t.equal(outcomes(forced), upTo(2, 'took over'))
  t.equal(forced.verdict, 'Answered 502: forced took over: the documented response BadGateway was requested')
  const answering = [
    { fault: 'error', name: 'GatewayTimeout' },
    { fault: 'status', status: 418 },
    { fault: 'proxy-error' },
    { fault: 'rate-limit' },
  ] as const
  for (const fault of answering) {
    const { id } = server.default.faults.arm({ operation: 'listRestores', ...fault, times: 1 })
    const explanation = await explained(server, path)
    t.equal(outcomes(explanation), upTo(3, 'took over'), fault.fault)
    t.match(explanation.verdict, `fault took over: ${fault.fault} (${id})`)
  }
  const passing = [
    { fault: 'delay', ms: 0 },
    { fault: 'empty-body' },
    { fault: 'malformed-body' },
    { fault: 'content-type' },
    { fault: 'merge-patch', patch: { more: 1 } },
  ] as const
  for (const fault of passing) {
    server.default.faults.arm({ operation: 'listRestores', ...fault, times: 2 })
    await fetch(server.url + path, { headers: BEARER })
    t.equal(outcomes(await explanationOfLatest(server)), upTo(7, ''), fault.fault)
    await fetch(server.url + path)
    const refused = await explanationOfLatest(server)
    t.equal(outcomes(refused), upTo(4, 'failed'), fault.fault)
    t.match(refused.checks[3]?.detail, 'let the request pass')
  }
  const resets = [
    { when: 'before-headers', outcome: upTo(3, 'took over') },
    { when: 'after-headers', outcome: 'passed,passed,passed,passed,passed,passed,not reached' },
  ] as const
  for (const { when, outcome } of resets) {
    server.default.faults.arm({ operation: 'listRestores', fault: 'reset', when, times: 1 })
    await t.rejects(fetch(server.url + path, { headers: BEARER }).then(answer => answer.text()))
    const { id } = await latest(server)
    await server.default.requests.wait({
      match: { operation: 'listRestores' },
      count: server.default.requests.count().count,
    })
    const explanation = server.default.requests.explain(id)
    t.equal(outcomes(explanation), outcome, when)
    t.equal(explanation.verdict, 'No response was sent because of the fault reset.')
  }
})

t.test('explainRequest: an API that checks credentials before it reports an unknown path', async t => {
  const server = await boot(t)
  const explanation = await explained(server, `${INSTANCE}/nothing`)
  t.equal(outcomes(explanation), 'passed,failed,not reached,not reached,failed,not reached,not reached')
  t.match(explanation.verdict, 'Answered 401: authentication failed')
})

t.test('explainRequest: contains no secret', async t => {
  const server = await boot(t)
  const explanation = await explained(server, '/nowhere?token=s3cret-value', {
    headers: { 'x-firedrill-sandbox': 'default' },
  })
  t.equal(explanation.request, 'GET /nowhere?token=[redacted]')
  t.notMatch(JSON.stringify(explanation), 's3cret-value')
})

t.test('explainRequest: the nearest operations, and how they differ', async t => {
  const server = await boot(t)
  const cases: { method: string; path: string; operation: string; difference: string }[] = [
    {
      method: 'POST',
      path: `${INSTANCE}/disaster-recovry/prepare`,
      operation: 'prepareDisasterRecovery',
      difference: 'replace "disaster-recovry" in the path by "disaster-recovery"',
    },
    {
      method: 'GET',
      path: PREPARE,
      operation: 'prepareDisasterRecovery',
      difference: 'use the method POST instead of GET',
    },
    {
      method: 'PUT',
      path: `${INSTANCE}/restore`,
      operation: 'listRestores',
      difference: 'use the method GET instead of PUT; replace "restore" in the path by "restores"',
    },
    {
      method: 'GET',
      path: `${INSTANCE}/restores/1/more`,
      operation: 'getRestore',
      difference: 'remove "more" from the path',
    },
    {
      method: 'GET',
      path: '/v3/users',
      operation: 'getUser',
      difference: 'add "me" to the path',
    },
    {
      method: 'GET',
      path: '/v3/app/1/backups',
      operation: 'listApplicationBackups',
      difference: 'replace "app" in the path by "apps"',
    },
    {
      method: 'GET',
      path: '/backend/api/v1/disasterRecoveryFile/',
      operation: 'listDisasterRecoveryFiles',
      difference: 'replace "disasterRecoveryFile" in the path by "disasterRecoveryFiles"',
    },
    {
      method: 'POST',
      path: '/arcgis/admin/job',
      operation: 'listJobsByPost',
      difference: 'replace "job" in the path by "jobs"',
    },
    {
      method: 'HEAD',
      path: '/arcgis/admin/job',
      operation: 'listJobs',
      difference: 'replace "job" in the path by "jobs"',
    },
    {
      method: 'GET',
      path: '/v1/instances/%zz/restores',
      operation: 'listRestores',
      difference: 'the path is not valid percent-encoding',
    },
  ]
  for (const { method, path, operation, difference } of cases) {
    await send(server, path, { method, headers: BEARER })
    const { nearest } = server.default.requests.explain((await latest(server)).id)
    t.match(nearest[0], { operation, difference }, `${method} ${path}`)
    t.equal(nearest.length, 3)
  }
  t.same(nearestOperations('GET', '/a', []), [])
  const long = nearestOperations('GET', '/a'.repeat(50_000), [{ id: 'x', api: 'y', method: 'GET', url: '/b' }])
  t.equal(long.length, 1)
})
