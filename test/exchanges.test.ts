// Every documented request, as its document prints it, gets the documented answer.
import t, { type Test } from 'tap'
import { assertContract } from './contract.ts'
import { type Exchange, fill, parseSession, type Replayed, readSessions, replay } from './exchanges.ts'
import { boot } from './helpers.ts'

/** What the documents print to be sent, by where it stands in them: some exchange must have it, character for character. */
const DOCUMENTED = {
  'Disaster Recovery Files, list': String.raw`curl -H "Authorization: Bearer YOUR_API_KEY" \
-H "Accept: application/json" \
https://example.com/backend/api/v1/disasterRecoveryFiles/`,
  'Disaster Recovery Files, download': String.raw`curl -H "Authorization: Bearer YOUR_API_KEY" \
-H "Accept: application/x-7z-compressed" \
-o backup.7z \
https://example.com/backend/api/v1/disasterRecoveryFiles/123`,
  'a9s, prepare': `curl -X POST --header "Content-Type: application/json" --header "Authorization: $(bearer_token)" \\
--data '{"encryption_key":"<encryption_key>"}' "\${url}/disaster-recovery/prepare"`,
  'a9s, perform': `curl -X POST --header "Content-Type: application/json" --header "Authorization: $(bearer_token)" \\
--data '{"encryption_key":"<encryption_key>", "backup_guid":"<backup_guid>"}' \\
"\${url}/disaster-recovery/perform"`,
  'DS Cloud, list': String.raw`curl --request GET \
  --url https://api.dscloud.pt/v3/apps/{app_id}/backups \
  --header 'Authorization: <authorization>'`,
  'DS Cloud, download': String.raw`https://backups.dscloud.pt/{accountID}\_{name}.zip?{key}`,
  'ArcGIS, backups':
    'https://organization.example.com/<context>/admin/system/disasterrecovery/stores/backupStore/backups?f=pjson',
  'ArcGIS, create': `POST /context/admin/system/disasterrecovery/stores/<storeName>/backups/create HTTP/1.1
Host: organization.domain.com
Content-Type: application/x-www-form-urlencoded
Content-Length: []

name=backup_first&passcode=passcode&description=&retentionDate=1635945710988&f=pjson&token=HRozb6bnTL6gfA-SJO-IxhfLgJrioK1KJdMLWmCE5HjHWz9U3fOiFv3-HkgPZqsLljTkk2WDENGt5fjho5s39e_mZL5At60UvJPoNnC5O2sv2HTlumG7TsYfbtnokpWmS6-lf8XoQpSKusZwmxIkEMP-yE0Wxrj8o9sWKi29J-pxzkoCDhoUfdLt6NnBWxhESpegh8BzNcEruqxuDQD-JRmaTsbRDaBHTQTePMzQePhXl7KcEG9Cfkw2sa7P1W1e`,
}

/** The rows of both of a9s's status tables. */
const A9S_STATUSES = [200, 202, 401, 403, 404, 409, 500, 502, 504]

const sessions = readSessions()

for (const session of sessions) {
  t.test(session.name, async t => {
    const server = await boot(t, session.options)
    for (const exchange of session.exchanges) {
      const { replayed, expected } = await replay(server.url, exchange)
      t.equal(replayed.statusLine, expected.status)
      for (const [name, value] of expected.headers) t.equal(replayed.headers[name], fill(value, replayed.headers[name]))
      compareBody(t, expected.body, replayed)
      await fitsContract(t, replayed)
    }
  })
}

for (const [where, request] of Object.entries(DOCUMENTED)) {
  t.test(`${where}: stands in an exchange as it is printed`, async t => {
    const found = sessions.flatMap(({ exchanges }) => exchanges).filter(exchange => exchange.request.includes(request))
    t.not(found.length, 0)
  })
}

for (const operation of ['prepare', 'perform']) {
  for (const status of A9S_STATUSES) {
    t.test(`a9s, ${operation}: the row ${status} of its status table`, async t => {
      const session = sessions.find(({ name }) => name === `a9s/${operation}-${status}`)
      t.match(session?.exchanges.at(-1)?.status, new RegExp(`^HTTP/1.1 ${status} `))
    })
  }
}

const SIGNATURES: Record<string, Buffer> = {
  '<7z>': Buffer.from([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]),
  '<zip>': Buffer.from('PK\x03\x04'),
  '<html>': Buffer.from('<!doctype html>'),
}

function compareBody(t: Test, expected: Exchange['body'], { body, headers }: Replayed): void {
  t.equal(String(body.length), headers['content-length'], 'the whole body came')
  const signature = SIGNATURES[expected]
  if (signature) {
    t.same(body.subarray(0, signature.length), signature, expected)
    return
  }
  const json = JSON.parse(body.toString())
  t.strictSame(json, fill(JSON.parse(expected), json))
}

/** What no document has an operation for, a wrong method, cannot be held against it. */
async function fitsContract(t: Test, { method, path, statusLine, headers, body }: Replayed): Promise<void> {
  const status = Number(statusLine.split(' ')[1])
  if (status === 405) return
  const isJson = headers['content-type']?.startsWith('application/json')
  const json = isJson ? JSON.parse(body.toString()) : undefined
  await t.resolves(assertContract(method, path, { status, headers, bytes: body, text: '', json }))
}

t.test('the comparison sees what differs', async t => {
  const same = (expected: unknown, actual: unknown) => t.strictSame(fill(expected, actual), actual)
  const different = (expected: unknown, actual: unknown) => t.strictNotSame(fill(expected, actual), actual)
  same({ a: '<integer>', b: ['<string>', '…'] }, { a: 1, b: ['x', 2, 3] })
  same('j<uuid>', 'j7d22f855-2c9f-4934-94e4-93c5e85cd271')
  same('<date-time>', '2026-06-10T12:00:00Z')
  same('<boolean>', false)
  for (const [expected, actual] of [
    ['<integer>', 1.5],
    ['<integer>', '1'],
    ['<boolean>', 'false'],
    ['<string>', ''],
    ['<string>', null],
    ['<uuid>', '7d22f855'],
    ['<date-time>', '10.6.2026'],
    ['a<integer>', 'b1'],
    [1, 2],
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: 1, b: 2 }, { a: 1 }],
    [['…'], {}],
    [[1], [1, 2]],
    [[1, 2], [1]],
    [{ a: {} }, { a: null }],
  ] as const) {
    different(expected, actual)
  }
  t.throws(() => parseSession('half', 'curl x\n\nHTTP/1.1 200 OK'), /no request with its answer/)
})
