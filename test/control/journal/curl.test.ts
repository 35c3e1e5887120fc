// Checks the export of requests as curl commands and as exchanges.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import t from 'tap'
import type * as wire from '../../../schemas/control.ts'
import { parseSession } from '../../exchanges.ts'
import { boot, type Call } from '../../helpers.ts'
import { ask, BEARER, INSTANCE, latest, PREPARE, prepare, type Server, send } from './journaled.ts'

const LOGIN = 'username=siteadmin&password=siteadmin.pass1'
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

/** Runs a command in a shell that has only these variables. */
async function runInShell(command: string, variables: Record<string, string>): Promise<string> {
  const env = { PATH: process.env.PATH ?? '', NO_PROXY: '*', ...variables }
  const { stdout } = await promisify(execFile)('bash', ['-euc', command.replace(/^curl/, 'curl --silent')], { env })
  return stdout
}

const commandOf = async (server: Server, { id }: wire.ServeEvent) =>
  (await ask(server, 'GET', `/requests/${id}/curl`)).text

/** The parts of an entry that must be equal when a request is repeated. */
const repeatableParts = ({ request, response, firedrill }: wire.ServeEvent) => {
  const names = Object.entries(request.headers).filter(
    ([name]) => !/^(accept|user-agent|content-length|connection|host)$/i.test(name),
  )
  const { method, absoluteUrl, body, queryParams, cookies } = request
  const { sandbox, operation, path, principal, requestBody } = firedrill
  return {
    method,
    absoluteUrl,
    body,
    queryParams,
    cookies,
    names,
    status: response?.status,
    answer: response?.body,
    sandbox,
    operation,
    path,
    principal,
    requestBody,
  }
}

const CREDENTIAL = { FIREDRILL_CREDENTIAL: 'demo-token' }
const SPECIAL_CHARACTERS = `'"$HOME \`id\` \\ $(id) !x {a,b} ~ * ? # & ; | < > \t %41 ä \u{1F600} \uE000FIREDRILL\uE001`

t.test('exportCurl: the command repeats the request', async t => {
  const server = await boot(t)
  const token = (
    await send(server, '/arcgis/sharing/rest/generateToken', { method: 'POST', headers: FORM, body: `${LOGIN}&f=json` })
  ).json.token
  const part = `--b\r\nContent-Disposition: form-data; name="token"\r\n\r\n${token}\r\n--b\r\nContent-Disposition: form-data; name="f"\r\n\r\njson\r\n--b--\r\n`
  const cases: { title: string; path: string; request: Partial<Call>; variables: Record<string, string> }[] = [
    {
      title: 'JSON',
      path: PREPARE,
      request: { method: 'POST', headers: BEARER, body: { encryption_key: 'a-new-key-9' } },
      variables: { ...CREDENTIAL, FIREDRILL_ENCRYPTION_KEY: 'a-new-key-9' },
    },
    {
      title: 'quotes',
      path: `${PREPARE}?x='a'&[1]{2}&$HOME`,
      request: {
        method: 'POST',
        headers: { ...BEARER, 'x-special': `it's "$HOME" \`id\`` },
        body: { special: SPECIAL_CHARACTERS },
      },
      variables: CREDENTIAL,
    },
    {
      title: 'control characters',
      path: PREPARE,
      request: {
        method: 'POST',
        headers: { ...BEARER, 'content-type': 'text/plain' },
        body: `a\r\nb\u0001'\\\n${SPECIAL_CHARACTERS}`,
      },
      variables: CREDENTIAL,
    },
    { title: 'no content type', path: '/nowhere', request: { method: 'PUT', body: '@body' }, variables: {} },
    {
      title: 'empty header',
      path: `${INSTANCE}/restores`,
      request: { headers: { ...BEARER, 'x-empty': '' } },
      variables: CREDENTIAL,
    },
    {
      title: 'HEAD',
      path: `${INSTANCE}/restores`,
      request: { method: 'HEAD', headers: BEARER },
      variables: CREDENTIAL,
    },
    {
      title: 'DELETE',
      path: `${INSTANCE}/restores`,
      request: { method: 'DELETE', headers: BEARER },
      variables: CREDENTIAL,
    },
    { title: 'dots', path: `${INSTANCE}/../restores/./x`, request: { headers: BEARER }, variables: CREDENTIAL },
    { title: 'sandbox by path', path: `/@t1${INSTANCE}/restores`, request: { headers: BEARER }, variables: CREDENTIAL },
    {
      title: 'sandbox by header',
      path: `${INSTANCE}/restores`,
      request: { headers: { ...BEARER, 'x-firedrill-sandbox': 't2' } },
      variables: CREDENTIAL,
    },
    {
      title: 'bare key',
      path: '/v3/apps/64d0c750212742ca8704fb458c9771af/backups',
      request: { headers: { authorization: '23457145698959364-demo' } },
      variables: { FIREDRILL_CREDENTIAL: '23457145698959364-demo' },
    },
    {
      title: 'query',
      path: `/arcgis/admin/jobs?f=json&token=${token}`,
      request: {},
      variables: { FIREDRILL_CREDENTIAL: token },
    },
    {
      title: 'form',
      path: '/arcgis/admin/jobs',
      request: { method: 'POST', headers: FORM, body: `f=json&token=${token}` },
      variables: { FIREDRILL_CREDENTIAL: token },
    },
    {
      title: 'form on GET',
      path: '/arcgis/admin/jobs',
      request: { method: 'GET', headers: FORM, body: `f=json&token=${token}` },
      variables: { FIREDRILL_CREDENTIAL: token },
    },
    {
      title: 'multipart',
      path: '/arcgis/admin/jobs',
      request: { method: 'POST', headers: { 'content-type': 'multipart/form-data; boundary=b' }, body: part },
      variables: { FIREDRILL_CREDENTIAL: token },
    },
    {
      title: 'sign in',
      path: '/arcgis/sharing/rest/generateToken',
      request: { method: 'POST', headers: FORM, body: 'username=siteadmin&password=wrong%20one&f=json' },
      variables: { FIREDRILL_PASSWORD: 'wrong%20one' },
    },
    {
      title: 'two secrets',
      path: '/arcgis/admin/jobs?f=json&token=other-one',
      request: { headers: { authorization: `Bearer ${token}` } },
      variables: { FIREDRILL_CREDENTIAL: 'other-one', FIREDRILL_CREDENTIAL_2: token },
    },
  ]
  for (const { title, path, request, variables } of cases) {
    const sandbox = path.startsWith('/@t1') ? 't1' : title === 'sandbox by header' ? 't2' : 'default'
    const latestOf = async () => (await send(server, `/@${sandbox}/__admin/requests?limit=1`)).json.requests[0]
    await send(server, path, request)
    const first = await latestOf()
    const command = (await send(server, `/@${sandbox}/__admin/requests/${first.id}/curl`)).text
    for (const secret of Object.values(variables)) t.notMatch(command, secret, title)
    await runInShell(command, variables)
    const again = await latestOf()
    t.not(again.id, first.id, title)
    t.strictSame(repeatableParts(again), repeatableParts(first), `${title}\n${command}`)
  }
})

t.test('exportCurl: a request for the host of an API is sent to the server with that Host header', async t => {
  const server = await boot(t)
  const path = '/23457145698959364_Backup%20at%202024-12-07%2022:07:11.zip?85592d2b15ff867407964790224dcbb3a95ce82b'
  await send(server, path, { method: 'HEAD', headers: { host: 'backups.dscloud.pt' } })
  const event = await latest(server)
  const command = await commandOf(server, event)
  t.match(command, `${server.url}/2345`)
  t.match(command, "--header 'Host: backups.dscloud.pt'")
  await runInShell(command, { FIREDRILL_SECRET: '85592d2b15ff867407964790224dcbb3a95ce82b' })
  t.same(repeatableParts(await latest(server)), repeatableParts(event))
  t.equal(server.default.requests.curl(event.id), await commandOf(server, event), 'the embedded API returns the same')
})

t.test('exportCurl: a body that cannot be shown is read from a file', async t => {
  const server = await boot(t)
  for (const body of [Buffer.from([0xff, 0x00]), 'x'.repeat(70_000)]) {
    await send(server, '/nowhere', { method: 'POST', body })
    t.match(await commandOf(server, await latest(server)), /--data-binary @body\n$/)
  }
  t.equal((await ask(server, 'GET', '/requests/none/curl')).status, 404)
})

t.test('exportExchange: the command and its response, in the format of the fixtures', async t => {
  const server = await boot(t)
  await prepare(server)
  const event = await latest(server)
  const { text, headers } = await ask(server, 'GET', `/requests/${event.id}/exchange`)
  t.equal(headers['content-type'], 'text/plain; charset=utf-8')
  const { exchanges } = parseSession('exported', text)
  t.match(exchanges, [{ status: 'HTTP/1.1 200 OK', body: event.response?.body }])
  t.equal(exchanges[0]?.request, (await commandOf(server, event)).trim())
  t.same(Object.fromEntries(exchanges[0]?.headers ?? []), event.response?.headers)
  t.equal(server.default.requests.exchange(event.id), text)
  server.default.faults.arm({ operation: 'listRestores', fault: 'reset', times: 1 })
  await t.rejects(fetch(`${server.url}${INSTANCE}/restores`, { headers: BEARER }))
  t.match(server.default.requests.exchange((await latest(server)).id), /\n\n# No response: .*\.\n$/)
  t.equal((await ask(server, 'GET', '/requests/none/exchange')).status, 404)
})
