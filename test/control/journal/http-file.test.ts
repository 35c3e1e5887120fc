// Checks the export of requests as .http files.
import t from 'tap'
import { boot, type Call, call } from '../../helpers.ts'
import { ask, BEARER, INSTANCE, latest, PREPARE, type Server, send } from './journaled.ts'

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

/** The request in a file, as an editor's HTTP client reads it. */
function requestIn(file: string, values: Record<string, string>): { url: string; call: Partial<Call> } {
  const [head = '', ...bodyParts] = file
    .replace(/^(?:@\w+ =\n)*\n?###[^\n]*\n/, '')
    .replace(/\n$/, '')
    .split('\n\n')
  const filled = (text: string) => text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? 'missing')
  const [line = '', ...headers] = filled(head).split('\n')
  const [, method = '', url = ''] = /^([A-Z]+) (\S+)$/.exec(line) ?? []
  return {
    url,
    call: {
      method,
      headers: Object.fromEntries(headers.map(header => header.split(/: ?(.*)/s, 2) as [string, string])),
      ...(bodyParts.length === 0 ? {} : { body: filled(bodyParts.join('\n\n')) }),
    },
  }
}

const fileOf = async (server: Server) => (await ask(server, 'GET', `/requests/${(await latest(server)).id}/http`)).text

t.test('exportHttp: the file repeats the request, with variables for its secrets', async t => {
  const server = await boot(t)
  const cases: { title: string; path: string; request: Partial<Call>; values?: Record<string, string> }[] = [
    {
      title: 'JSON',
      path: PREPARE,
      request: { method: 'POST', headers: BEARER, body: { encryption_key: 'a-new-key-9', text: 'ä "\\ # @x\n\n{' } },
      values: { FIREDRILL_CREDENTIAL: 'demo-token', FIREDRILL_ENCRYPTION_KEY: 'a-new-key-9' },
    },
    {
      title: 'form',
      path: '/arcgis/sharing/rest/generateToken',
      request: { method: 'POST', headers: FORM, body: 'username=siteadmin&password=wrong%20one&f=json' },
      values: { FIREDRILL_PASSWORD: 'wrong%20one' },
    },
    { title: 'a body of several paragraphs', path: '/nowhere', request: { method: 'PUT', body: 'a\n\nb\n\n\nc' } },
    {
      title: 'an empty header',
      path: `${INSTANCE}/restores`,
      request: { headers: { ...BEARER, 'x-empty': '' } },
      values: { FIREDRILL_CREDENTIAL: 'demo-token' },
    },
  ]
  for (const { title, path, request, values = {} } of cases) {
    await send(server, path, request)
    const first = await latest(server)
    const file = await fileOf(server)
    for (const secret of Object.values(values)) t.notMatch(file, secret, title)
    t.same([...file.matchAll(/^@(\w+) =$/gm)].map(([, name]) => name).sort(), Object.keys(values).sort(), title)
    const { url, call } = requestIn(file, values)
    await send({ url: server.url }, url.slice(server.url.length), call)
    const again = await latest(server)
    t.not(again.id, first.id, title)
    t.equal(again.request.absoluteUrl, first.request.absoluteUrl, title)
    t.equal(again.request.body, first.request.body, title)
    t.equal(again.response?.body, first.response?.body, title)
    t.same(Object.keys(again.request.headers).sort(), Object.keys(first.request.headers).sort(), title)
  }
})

t.test('exportHttp: what a client would not send as it is', async t => {
  const server = await boot(t)
  const special = ['{{x}}', 'a\n### b', '< /etc/passwd', '<@ ./file', '> {% script %}', Buffer.from([0xff, 0])]
  for (const body of special) {
    await send(server, '/nowhere', { method: 'POST', body })
    t.match(await fileOf(server), /# Save the body [^\n]*\nPOST [\s\S]*\n\n< \.\/body\n$/, String(body))
  }
  await send(server, '/nowhere/{{x}}?a={{y}}')
  t.match(await fileOf(server), `GET ${server.url}/nowhere/%7B%7Bx%7D%7D?a=%7B%7By%7D%7D\n`)
})

t.test('exportHttp: on every interface', async t => {
  const server = await boot(t)
  await call(server, { path: `${INSTANCE}/restores`, headers: BEARER })
  const { id } = await latest(server)
  const { text, headers } = await ask(server, 'GET', `/requests/${id}/http`)
  t.equal(headers['content-type'], 'text/plain; charset=utf-8')
  t.match(text, /^@FIREDRILL_CREDENTIAL =\n\n### listRestores\nGET /)
  t.equal(server.default.requests.http(id), text)
  t.equal((await ask(server, 'GET', '/requests/none/http')).status, 404)
})
