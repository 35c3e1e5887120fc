// Checks that an explanation names the check that failed, for the failures of each API.
import t from 'tap'
import { boot, type Call } from '../../helpers.ts'
import { CREATE, DRF_LIST, explained, FORM, outcomes } from './explained.ts'
import { ask, BEARER, INSTANCE, PREPARE } from './journaled.ts'

const JSON_TYPE = { ...BEARER, 'content-type': 'application/json' }
const CHECKS = ['address', 'routing', 'forced', 'fault', 'authentication', 'parameters', 'rules']

interface Case {
  path: string
  request?: Partial<Call>
  /** The only stages that passed. */
  passed: string
  failed: string
  /** A failure that the answer does not show. */
  alsoFailed?: string
  verdict: string
}

const ON_ARRIVAL = 'address routing forced fault'
const GENERATE = '/arcgis/sharing/rest/generateToken'
const DS_CLOUD_LIST = '/v3/apps/64d0c750212742ca8704fb458c9771af/backups'

const failures: Record<string, Case[]> = {
  a9s: [
    {
      path: `${INSTANCE}/restores`,
      passed: ON_ARRIVAL,
      failed: 'authentication',
      verdict: 'Answered 401: authentication failed: Unauthorized: The user does not have',
    },
    {
      path: `${INSTANCE}/restores`,
      request: { headers: { authorization: 'Bearer viewer-token' } },
      passed: ON_ARRIVAL,
      failed: 'authentication',
      verdict: 'Forbidden: ',
    },
    {
      path: PREPARE,
      request: { method: 'POST', headers: JSON_TYPE, body: '{' },
      passed: `${ON_ARRIVAL} authentication`,
      failed: 'parameters',
      verdict: 'Answered 400: parameters failed: BadRequest: ',
    },
    {
      path: PREPARE,
      request: { method: 'POST', headers: { ...BEARER, 'content-type': 'text/plain' }, body: 'x' },
      passed: `${ON_ARRIVAL} authentication`,
      failed: 'parameters',
      verdict: '415',
    },
    {
      path: PREPARE,
      request: { method: 'POST', headers: JSON_TYPE, body: '{"encryption_key":1,"x":1}' },
      passed: `${ON_ARRIVAL} authentication`,
      failed: 'parameters',
      verdict: 'BadRequest: The field x is not known. The field encryption_key must be a string.',
    },
    {
      path: PREPARE,
      request: { method: 'POST', headers: JSON_TYPE, body: `"${'x'.repeat(1_100_000)}"` },
      passed: `${ON_ARRIVAL} authentication`,
      failed: 'parameters',
      verdict: 'PayloadTooLarge',
    },
    {
      path: `${INSTANCE}/restores/9`,
      request: { headers: BEARER },
      passed: `${ON_ARRIVAL} authentication parameters`,
      failed: 'rules',
      verdict: 'Answered 404: rules failed: NotFound: The restore 9 was not found.',
    },
    {
      path: '/v1/instances/none/restores',
      request: { headers: BEARER },
      passed: `${ON_ARRIVAL} authentication parameters`,
      failed: 'rules',
      verdict: 'NotFound: The instance none was not found.',
    },
    {
      path: `${INSTANCE}/restores`,
      request: { headers: { ...BEARER, prefer: 'code=418' } },
      passed: 'address routing',
      failed: 'forced',
      verdict:
        'Answered 400: forced failed: NoSuchAnswer: listRestores has no documented response for Prefer: code=418.',
    },
    {
      path: `${INSTANCE}/nothing`,
      request: { headers: BEARER },
      passed: 'address authentication',
      failed: 'routing',
      verdict: 'Answered 404: routing failed: Entity not found. (a9s)',
    },
    {
      path: `${INSTANCE}/restores`,
      request: { method: 'DELETE', headers: BEARER },
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
      request: { method: 'POST', headers: FORM, body: 'token=wrong&name=a' },
      passed: ON_ARRIVAL,
      failed: 'authentication',
      verdict: 'Answered 200: authentication failed: InvalidToken: Invalid Token.',
    },
    {
      path: GENERATE,
      request: { method: 'POST', headers: FORM, body: 'username=siteadmin&password=wrong&f=json' },
      passed: `${ON_ARRIVAL} parameters`,
      failed: 'authentication',
      verdict:
        'Answered 200: authentication failed: TokenNotGenerated: Unable to generate token. Invalid username or password.',
    },
    {
      path: '/arcgis/admin/login',
      request: { method: 'POST', headers: FORM, body: 'username=siteadmin&password=wrong&f=json' },
      passed: `${ON_ARRIVAL} parameters`,
      failed: 'authentication',
      verdict: 'authentication failed: SignInFailed: ',
    },
    {
      path: GENERATE,
      request: { method: 'POST', headers: FORM, body: 'username=siteadmin&f=json' },
      passed: ON_ARRIVAL,
      failed: 'parameters',
      verdict: 'TokenNotGenerated: ',
    },
    {
      path: GENERATE,
      request: { method: 'POST', headers: FORM, body: 'username=siteadmin&password=wrong&client=referer&f=json' },
      passed: ON_ARRIVAL,
      failed: 'parameters',
      verdict: "'referer' must be specified.",
    },
    {
      path: CREATE,
      request: {
        method: 'POST',
        headers: { 'content-type': 'multipart/form-data; boundary=b' },
        body: '--b\r\nbroken',
      },
      passed: ON_ARRIVAL,
      failed: 'parameters',
      verdict: 'MalformedBody',
    },
    {
      path: '/arcgis/admin/nothing?f=json',
      passed: 'address',
      failed: 'authentication',
      alsoFailed: 'routing',
      verdict: 'Answered 200: authentication failed: TokenRequired: Token Required.',
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
      request: { headers: { authorization: 'wrong' } },
      passed: ON_ARRIVAL,
      failed: 'authentication',
      verdict: 'Answered 401: authentication failed: ACCESS_DENIED: ',
    },
    {
      path: '/v3/apps/none/backups',
      request: { headers: { authorization: '23457145698959364-demo' } },
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
      request: { headers: { authorization: 'Bearer wrong' } },
      passed: ON_ARRIVAL,
      failed: 'authentication',
      verdict: 'Answered 401: authentication failed: Unauthorized: ',
    },
    {
      path: `${DRF_LIST}?limit=0`,
      request: { headers: { authorization: 'Bearer YOUR_API_KEY' } },
      passed: `${ON_ARRIVAL} authentication`,
      failed: 'parameters',
      verdict: 'Answered 400: parameters failed: InvalidRequest: ',
    },
    {
      path: `${DRF_LIST}9`,
      request: { headers: { authorization: 'Bearer YOUR_API_KEY' } },
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

for (const [api, cases] of Object.entries(failures)) {
  t.test(`explainRequest: the check that failed, in requests to ${api}`, async t => {
    const server = await boot(t)
    for (const { path, request = {}, passed, failed, alsoFailed, verdict } of cases) {
      const explanation = await explained(server, path, request)
      const expected = CHECKS.map(check =>
        check === failed || check === alsoFailed
          ? 'failed'
          : passed.split(' ').includes(check)
            ? 'passed'
            : 'not reached',
      )
      const title = `${path} ${failed}`
      t.same(
        explanation.checks.map(({ check }) => check),
        CHECKS,
      )
      t.equal(outcomes(explanation), expected.join(), title)
      t.match(explanation.verdict, verdict, title)
      t.equal(explanation.nearest.length > 0, [failed, alsoFailed].includes('routing') && !path.startsWith('//'), title)
      t.same(server.default.requests.explain(explanation.id), explanation)
    }
    t.equal((await ask(server, 'GET', '/requests/none/explain')).status, 404)
  })
}
