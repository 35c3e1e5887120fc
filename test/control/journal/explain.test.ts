// Why a request was answered as it was: each kind of failure at its check, and the nearest operations.
import t from 'tap'
import type { Explanation } from '../../../schemas/control.ts'
import { nearestOperations } from '../../../src/http/nearest.ts'
import { boot, type Call, createSandbox } from '../../helpers.ts'
import { ask, BEARER, INSTANCE, latest, PREPARE, type Server, send } from './journaled.ts'

const JSON_TYPE = { ...BEARER, 'content-type': 'application/json' }
const CREATE = '/arcgis/admin/system/disasterrecovery/stores/backupStore/backups/create?f=json'

async function explained(server: Server, path: string, what: Partial<Call> = {}): Promise<Explanation> {
  await send(server, path, what)
  return explanationOfLatest(server)
}

async function explanationOfLatest(server: Server): Promise<Explanation> {
  const { id } = await latest(server)
  return (await ask(server, 'GET', `/requests/${id}/explain`)).json
}

const outcomes = ({ checks }: Explanation) => checks.map(({ outcome }) => outcome).join()
/** All passed up to the one at `at`, which has that outcome; nothing after it was reached. */
const upTo = (at: number, outcome: string) =>
  Array.from({ length: 7 }, (_, index) => (index < at ? 'passed' : index === at ? outcome : 'not reached')).join()
const CHECKS = ['address', 'routing', 'forced', 'fault', 'authentication', 'parameters', 'rules']

interface Row {
  path: string
  what?: Partial<Call>
  /** The only stages that passed. */
  passed: string
  failed: string
  verdict: string
}

const ON_ARRIVAL = 'address routing forced fault'
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const GENERATE = '/arcgis/sharing/rest/generateToken'
const DS_CLOUD_LIST = '/v3/apps/64d0c750212742ca8704fb458c9771af/backups'
const DRF_LIST = '/backend/api/v1/disasterRecoveryFiles/'

const failures: Record<string, Row[]> = {
  a9s: [
    {
      path: `${INSTANCE}/restores`,
      passed: ON_ARRIVAL,
      failed: 'authentication',
      verdict: 'Answered 401: authentication failed: Unauthorized: The user does not have',
    },
    {
      path: `${INSTANCE}/restores`,
      what: { headers: { authorization: 'Bearer viewer-token' } },
      passed: ON_ARRIVAL,
      failed: 'authentication',
      verdict: 'Forbidden: ',
    },
    {
      path: PREPARE,
      what: { method: 'POST', headers: JSON_TYPE, body: '{' },
      passed: `${ON_ARRIVAL} authentication`,
      failed: 'parameters',
      verdict: 'Answered 400: parameters failed: BadRequest: ',
    },
    {
      path: PREPARE,
      what: { method: 'POST', headers: { ...BEARER, 'content-type': 'text/plain' }, body: 'x' },
      passed: `${ON_ARRIVAL} authentication`,
      failed: 'parameters',
      verdict: '415',
    },
    {
      path: PREPARE,
      what: { method: 'POST', headers: JSON_TYPE, body: '{"encryption_key":1,"x":1}' },
      passed: `${ON_ARRIVAL} authentication`,
      failed: 'parameters',
      verdict: 'BadRequest: The field x is not known. The field encryption_key must be a string.',
    },
    {
      path: PREPARE,
      what: { method: 'POST', headers: JSON_TYPE, body: `"${'x'.repeat(1_100_000)}"` },
      passed: `${ON_ARRIVAL} authentication`,
      failed: 'parameters',
      verdict: 'PayloadTooLarge',
    },
    {
      path: `${INSTANCE}/restores/9`,
      what: { headers: BEARER },
      passed: `${ON_ARRIVAL} authentication parameters`,
      failed: 'rules',
      verdict: 'Answered 404: rules failed: NotFound: The restore 9 was not found.',
    },
    {
      path: '/v1/instances/none/restores',
      what: { headers: BEARER },
      passed: `${ON_ARRIVAL} authentication parameters`,
      failed: 'rules',
      verdict: 'NotFound: The instance none was not found.',
    },
    {
      path: `${INSTANCE}/restores`,
      what: { headers: { ...BEARER, prefer: 'code=418' } },
      passed: 'address routing',
      failed: 'forced',
      verdict:
        'Answered 400: forced failed: NoSuchAnswer: listRestores has no documented response for Prefer: code=418.',
    },
    {
      path: `${INSTANCE}/nothing`,
      what: { headers: BEARER },
      passed: 'address authentication',
      failed: 'routing',
      verdict: 'Answered 404: routing failed: Entity not found. (a9s)',
    },
    {
      path: `${INSTANCE}/restores`,
      what: { method: 'DELETE', headers: BEARER },
      passed: 'address authentication',
      failed: 'routing',
      verdict: 'Answered 405: routing failed: The method is not allowed for this resource. (a9s)',
    },
    {
      path: '/v1/instances/%zz/restores',
      passed: 'address',
      failed: 'routing',
      verdict: 'Answered 404: routing failed: Entity not found. (a9s)',
    },
  ],
  ArcGIS: [
    {
      path: '/arcgis/admin/jobs?f=json',
      passed: ON_ARRIVAL,
      failed: 'authentication',
      verdict: 'Answered 200: authentication failed: TokenRequired: Token Required.',
    },
    {
      path: CREATE,
      what: { method: 'POST', headers: FORM, body: 'token=wrong&name=a' },
      passed: ON_ARRIVAL,
      failed: 'authentication',
      verdict: 'Answered 200: authentication failed: InvalidToken: Invalid Token.',
    },
    {
      path: GENERATE,
      what: { method: 'POST', headers: FORM, body: 'username=siteadmin&password=wrong&f=json' },
      passed: `${ON_ARRIVAL} parameters`,
      failed: 'authentication',
      verdict:
        'Answered 200: authentication failed: TokenNotGenerated: Unable to generate token. Invalid username or password.',
    },
    {
      path: '/arcgis/admin/login',
      what: { method: 'POST', headers: FORM, body: 'username=siteadmin&password=wrong&f=json' },
      passed: `${ON_ARRIVAL} parameters`,
      failed: 'authentication',
      verdict: 'authentication failed: SignInFailed: ',
    },
    {
      path: GENERATE,
      what: { method: 'POST', headers: FORM, body: 'username=siteadmin&f=json' },
      passed: ON_ARRIVAL,
      failed: 'parameters',
      verdict: 'TokenNotGenerated: ',
    },
    {
      path: GENERATE,
      what: { method: 'POST', headers: FORM, body: 'username=siteadmin&password=wrong&client=referer&f=json' },
      passed: ON_ARRIVAL,
      failed: 'parameters',
      verdict: "'referer' must be specified.",
    },
    {
      path: CREATE,
      what: { method: 'POST', headers: { 'content-type': 'multipart/form-data; boundary=b' }, body: '--b\r\nbroken' },
      passed: ON_ARRIVAL,
      failed: 'parameters',
      verdict: 'MalformedBody',
    },
    {
      path: '/arcgis/admin/nothing?f=json',
      passed: 'address',
      failed: 'routing',
      verdict: 'Answered 200: routing failed: There is no such resource or operation. (arcgis)',
    },
    {
      path: '//admin/jobs?f=json',
      passed: 'address forced',
      failed: 'routing',
      verdict: 'Answered 200: routing failed: There is no such resource or operation. (arcgis)',
    },
  ],
  'DS Cloud': [
    {
      path: DS_CLOUD_LIST,
      what: { headers: { authorization: 'wrong' } },
      passed: ON_ARRIVAL,
      failed: 'authentication',
      verdict: 'Answered 401: authentication failed: ACCESS_DENIED: ',
    },
    {
      path: '/v3/apps/none/backups',
      what: { headers: { authorization: '23457145698959364-demo' } },
      passed: `${ON_ARRIVAL} authentication parameters`,
      failed: 'rules',
      verdict: 'APP_NOT_FOUND',
    },
    {
      path: '/backups.dscloud.pt/23457145698959364_Backup%20at%202024-12-07%2022%3A28%3A26.zip?wrong',
      passed: `${ON_ARRIVAL} parameters`,
      failed: 'authentication',
      verdict: 'Answered 403: authentication failed: WRONG_KEY: ',
    },
    {
      path: '/backups.dscloud.pt/1_B.zip?wrong',
      passed: `${ON_ARRIVAL} parameters`,
      failed: 'rules',
      verdict: 'BACKUP_NOT_FOUND',
    },
  ],
  'Disaster Recovery Files': [
    {
      path: DRF_LIST,
      what: { headers: { authorization: 'Bearer wrong' } },
      passed: ON_ARRIVAL,
      failed: 'authentication',
      verdict: 'Answered 401: authentication failed: Unauthorized: ',
    },
    {
      path: `${DRF_LIST}?limit=0`,
      what: { headers: { authorization: 'Bearer YOUR_API_KEY' } },
      passed: `${ON_ARRIVAL} authentication`,
      failed: 'parameters',
      verdict: 'Answered 400: parameters failed: InvalidRequest: ',
    },
    {
      path: `${DRF_LIST}9`,
      what: { headers: { authorization: 'Bearer YOUR_API_KEY' } },
      passed: `${ON_ARRIVAL} authentication parameters`,
      failed: 'rules',
      verdict: 'Answered 404: rules failed: FileNotFound: ',
    },
  ],
  'no API': [
    {
      path: '/nowhere',
      passed: 'address',
      failed: 'routing',
      verdict: 'Answered 404: routing failed: nothing is served at GET /nowhere',
    },
  ],
}

for (const [api, rows] of Object.entries(failures)) {
  t.test(`explainRequest: the check that failed, in requests to ${api}`, async t => {
    const server = await boot(t)
    for (const { path, what = {}, passed, failed, verdict } of rows) {
      const explanation = await explained(server, path, what)
      const expected = CHECKS.map(check =>
        check === failed ? 'failed' : passed.split(' ').includes(check) ? 'passed' : 'not reached',
      )
      const title = `${path} ${failed}`
      t.same(
        explanation.checks.map(({ check }) => check),
        CHECKS,
      )
      t.equal(outcomes(explanation), expected.join(), title)
      t.match(explanation.verdict, verdict, title)
      t.equal(explanation.nearest.length > 0, failed === 'routing' && !path.startsWith('//'), title)
      t.same(server.default.requests.explain(explanation.id), explanation)
    }
    t.equal((await ask(server, 'GET', '/requests/none/explain')).status, 404)
  })
}

t.test('explainRequest: parameters that the operation does not know', async t => {
  const server = await boot(t)
  const rows: [path: string, body: string | undefined, expected: Explanation['unknownParameters']][] = [
    [CREATE, 'token=x&name=a&desciption=b', [{ name: 'desciption', nearest: 'description' }]],
    ['/arcgis/admin/jobs?f=json&tokn=x', undefined, [{ name: 'tokn', nearest: 'token' }]],
    [`${DRF_LIST}?limt=5&offset=1&idAfter`, undefined, [{ name: 'limt', nearest: 'limit' }]],
    [`${INSTANCE}/restores?page=2`, undefined, [{ name: 'page', nearest: null }]],
    ['/backups.dscloud.pt/1_B.zip?some-key=', undefined, []],
    ['/nowhere?a=1', undefined, []],
  ]
  for (const [path, body, expected] of rows) {
    const explanation = await explained(server, path, body === undefined ? {} : { method: 'POST', headers: FORM, body })
    t.same(explanation.unknownParameters, expected, path)
  }
})

t.test('explainRequest: what passed, and how the sandbox was found', async t => {
  const server = await boot(t)
  const fine = await explained(server, `${INSTANCE}/restores`, { headers: BEARER })
  t.equal(outcomes(fine), upTo(7, ''))
  t.match(fine, { verdict: 'Answered 200: all checks passed.', request: `GET ${INSTANCE}/restores`, nearest: [] })
  t.equal(fine.checks[1]?.detail, 'listRestores of a9s: GET /v1/instances/:instance_id/restores')
  t.match((await explained(server, '/arcgis/admin/login')).checks[1]?.detail, 'a page of arcgis')
  createSandbox(server, { name: 'bound', credentials: { 'made-up-credential': 'demo-token' } })
  const ways: [path: string, headers: Record<string, string>, sandbox: string, how: string][] = [
    [`${INSTANCE}/restores`, BEARER, 'default', 'sandbox default, because the request names none'],
    [`/@t1${INSTANCE}/restores`, BEARER, 't1', 'sandbox t1, named in the path'],
    [
      `${INSTANCE}/restores`,
      { ...BEARER, 'X-Firedrill-Sandbox': 't2' },
      't2',
      'named in the header x-firedrill-sandbox',
    ],
    [`${INSTANCE}/restores`, { ...BEARER, host: 't3.localhost:1' }, 't3', 'named in the host'],
    [
      `${INSTANCE}/restores`,
      { authorization: 'Bearer made-up-credential' },
      'bound',
      'to which the credential is bound',
    ],
  ]
  for (const [path, headers, sandbox, how] of ways) {
    await send(server, path, { headers })
    const { requests } = server.sandbox(sandbox)
    const [event] = requests.list({ limit: 1 }).requests
    t.equal(event?.response?.status, 200)
    t.match(requests.explain(String(event?.id)).checks[0]?.detail, how)
  }
})

t.test('explainRequest: faults and forced answers take over; those that let it pass do not', async t => {
  const server = await boot(t)
  const at = `${INSTANCE}/restores`
  const forced = await explained(server, at, { headers: { ...BEARER, prefer: 'example=BadGateway' } })
  t.equal(outcomes(forced), upTo(2, 'took over'))
  t.equal(forced.verdict, 'Answered 502: forced took over: the documented response BadGateway was requested')
  const taking = [
    { fault: 'error', name: 'GatewayTimeout' },
    { fault: 'status', status: 418 },
    { fault: 'proxy-error' },
    { fault: 'rate-limit' },
  ] as const
  for (const fault of taking) {
    const { id } = server.default.faults.arm({ operation: 'listRestores', ...fault, times: 1 })
    const explanation = await explained(server, at)
    t.equal(outcomes(explanation), upTo(3, 'took over'), fault.fault)
    t.match(explanation.verdict, `fault took over: ${fault.fault} (${id})`)
  }
  const passing = [
    { fault: 'delay', ms: 0 },
    { fault: 'empty-body' },
    { fault: 'malformed-body' },
    { fault: 'content-type' },
  ] as const
  for (const fault of passing) {
    server.default.faults.arm({ operation: 'listRestores', ...fault, times: 2 })
    await fetch(server.url + at, { headers: BEARER })
    t.equal(outcomes(await explanationOfLatest(server)), upTo(7, ''), fault.fault)
    await fetch(server.url + at)
    const refused = await explanationOfLatest(server)
    t.equal(outcomes(refused), upTo(4, 'failed'), fault.fault)
    t.match(refused.checks[3]?.detail, 'let the request pass')
  }
  for (const [when, outcome] of [
    ['before-headers', upTo(3, 'took over')],
    ['after-headers', 'passed,passed,passed,passed,passed,passed,not reached'],
  ] as const) {
    server.default.faults.arm({ operation: 'listRestores', fault: 'reset', when, times: 1 })
    await t.rejects(fetch(server.url + at, { headers: BEARER }).then(answer => answer.text()))
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

t.test('explainRequest: no secret in it', async t => {
  const server = await boot(t)
  const explanation = await explained(server, '/nowhere?token=s3cret-value', {
    headers: { 'x-firedrill-sandbox': 'default' },
  })
  t.equal(explanation.request, 'GET /nowhere?token=[redacted]')
  t.notMatch(JSON.stringify(explanation), 's3cret-value')
})

t.test('the nearest operations, and what would be different', async t => {
  const server = await boot(t)
  const rows: [method: string, path: string, operation: string, difference: string][] = [
    [
      'POST',
      `${INSTANCE}/disaster-recovry/prepare`,
      'prepareDisasterRecovery',
      'replace "disaster-recovry" in the path by "disaster-recovery"',
    ],
    ['GET', PREPARE, 'prepareDisasterRecovery', 'use the method POST instead of GET'],
    [
      'PUT',
      `${INSTANCE}/restore`,
      'listRestores',
      'use the method GET instead of PUT; replace "restore" in the path by "restores"',
    ],
    ['GET', `${INSTANCE}/restores/1/more`, 'getRestore', 'remove "more" from the path'],
    ['GET', '/v1/instances/restores', 'listRestores', 'add "restores" to the path'],
    ['GET', '/v3/app/1/backups', 'listApplicationBackups', 'replace "app" in the path by "apps"'],
    [
      'GET',
      '/backend/api/v1/disasterRecoveryFile/',
      'listDisasterRecoveryFiles',
      'replace "disasterRecoveryFile" in the path by "disasterRecoveryFiles"',
    ],
    ['POST', '/arcgis/admin/job', 'listJobsByPost', 'replace "job" in the path by "jobs"'],
    ['HEAD', '/arcgis/admin/job', 'listJobs', 'replace "job" in the path by "jobs"'],
    ['GET', '/v1/instances/%zz/restores', 'listRestores', 'the path is not valid percent-encoding'],
  ]
  for (const [method, path, operation, difference] of rows) {
    await send(server, path, { method, headers: BEARER })
    const { nearest } = server.default.requests.explain((await latest(server)).id)
    t.match(nearest[0], { operation, difference }, `${method} ${path}`)
    t.equal(nearest.length, 3)
  }
  t.same(nearestOperations('GET', '/a', []), [])
  const long = nearestOperations('GET', '/a'.repeat(50_000), [{ id: 'x', api: 'y', method: 'GET', url: '/b' }])
  t.equal(long.length, 1)
})
