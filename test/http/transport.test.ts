// Requests that HTTP itself refuses, bytes that are not a request, and clients that disconnect.
import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { boot, call } from '../helpers.ts'

/** A path of each API, and the error body that the API answers there. */
const PATHS: { path: string; bodyOf: (status: number) => object }[] = [
  {
    path: '/v1/instances/10000000-0000-4000-8000-000000000001/restores',
    bodyOf: () => ({ error: String, description: String }),
  },
  {
    path: '/backend/api/v1/disasterRecoveryFiles/',
    bodyOf: status => ({ error: { code: status * 1000 + 101, message: String } }),
  },
  { path: '/v3/apps/x/backups', bodyOf: () => ({ status: 'error', code: String, message: String }) },
  { path: '/arcgis/admin/jobs?f=json', bodyOf: status => ({ error: { code: status, message: String } }) },
  {
    path: '/arcgis/sharing/rest/generateToken?f=json',
    bodyOf: status => ({ error: { code: status, message: String } }),
  },
  { path: '/__admin/clock', bodyOf: status => ({ type: 'about:blank', title: String, status, detail: String }) },
  { path: '/nowhere', bodyOf: status => ({ type: 'about:blank', title: String, status, detail: String }) },
]

interface RawAnswer {
  status: number
  head: string
  json: unknown
}

async function exchange(url: string, head: string): Promise<RawAnswer> {
  const [answerHead = '', body = ''] = (await sendRaw(url, `${head}\r\nConnection: close\r\n\r\n`)).split('\r\n\r\n')
  return { status: Number(answerHead.split(' ')[1]), head: answerHead, json: JSON.parse(body) }
}

t.test('a request that is refused at the HTTP level is answered with an error body of the API of its path', async t => {
  const server = await boot(t)
  const host = 'Host: localhost'
  const cases: { name: string; status: number; head: (path: string) => string; message: RegExp }[] = [
    {
      name: 'an unknown expectation',
      status: 417,
      head: path => `GET ${path} HTTP/1.1\r\n${host}\r\nExpect: x`,
      message: /Unsupported expectation .*x.*; use 100-continue/,
    },
    {
      name: 'no Host header',
      status: 400,
      head: path => `GET ${path} HTTP/1.1\r\nX: y`,
      message: /The Host header is missing/,
    },
    {
      name: 'a Host with a port out of range',
      status: 400,
      head: path => `GET ${path} HTTP/1.1\r\nHost: a:99999`,
      message: /The Host header .*a:99999.* is not a host and port/,
    },
    {
      name: 'a Host with an invalid IPv4 address',
      status: 400,
      head: path => `GET ${path} HTTP/1.1\r\nHost: 1.2.3.999`,
      message: /The Host header/,
    },
    {
      name: 'a Host with an invalid IPv6 address',
      status: 400,
      head: path => `GET ${path} HTTP/1.1\r\nHost: [:::]`,
      message: /The Host header/,
    },
    {
      name: 'X-Forwarded-Host with a port out of range',
      status: 400,
      head: path => `GET ${path} HTTP/1.1\r\n${host}\r\nX-Forwarded-Host: a:99999`,
      message: /The forwarded host .*a:99999/,
    },
    {
      name: 'Forwarded with an invalid address',
      status: 400,
      head: path => `GET ${path} HTTP/1.1\r\n${host}\r\nForwarded: host="[:::]"`,
      message: /The forwarded host/,
    },
    {
      name: 'a path that is too long',
      status: 431,
      head: path => `GET ${path}${path.includes('?') ? '&' : '?'}${'x'.repeat(20_000)} HTTP/1.1\r\n${host}`,
      message: /larger than 16 KiB/,
    },
    {
      name: 'an invalid header name',
      status: 400,
      head: path => `GET ${path} HTTP/1.1\r\n${host}\r\nBad Header: y`,
      message: /not a valid HTTP request/,
    },
    {
      name: 'an unknown method',
      status: 400,
      head: path => `NOPE ${path} HTTP/1.1\r\n${host}`,
      message: /not a valid HTTP request/,
    },
    {
      name: 'an absolute URL, as sent to a proxy, and an invalid header name',
      status: 400,
      head: path => `GET http://localhost${path} HTTP/1.1\r\n${host}\r\nBad Header: y`,
      message: /not a valid HTTP request/,
    },
    {
      name: 'an unknown expectation in a sandbox',
      status: 417,
      head: path => `GET /@s${path} HTTP/1.1\r\n${host}\r\nExpect: x`,
      message: /Unsupported expectation/,
    },
  ]
  for (const { name, status, head, message } of cases) {
    for (const { path, bodyOf } of PATHS) {
      const answer = await exchange(server.url, head(path))
      const isArcgis = path.startsWith('/arcgis')
      t.equal(answer.status, isArcgis ? 200 : status, `${name}: ${path}`)
      t.match(answer.json, bodyOf(status), answer.head)
      t.match(JSON.stringify(answer.json), message)
    }
  }
  const refused = server.default.requests.list({ limit: 1000 }).requests
  t.ok(
    refused.some(({ response }) => response?.status === 417),
    'a request whose head could be parsed is in the journal',
  )
})

t.test(
  'accepted: Expect: 100-continue, a missing or empty Host, and an invalid forwarded host that is not used',
  async t => {
    const server = await boot(t, { publicUrl: 'https://public.example' })
    const path = '/__admin/version'
    t.equal((await call(server, { path, headers: { expect: '100-continue' } })).status, 200)
    t.equal((await call(server, { path, headers: { 'x-forwarded-host': 'a:99999' } })).status, 200)
    t.match(await sendRaw(server.url, 'GET /nope HTTP/1.0\r\n\r\n'), /^HTTP\/1\.1 404/)
    t.match(await sendRaw(server.url, 'GET /nope HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n'), /^HTTP\/1\.1 404/)
  },
)

t.test('requests that arrive while the server stops are answered 503 with an error body of their API', async t => {
  const server = await boot(t)
  const waiting = await Promise.all(
    PATHS.map(async ({ path, bodyOf }) => {
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
      await once(socket, 'connect')
      socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n`)
      return { path, bodyOf, socket }
    }),
  )
  await call(server, { path: '/nope', contract: false })
  const closed = server.close()
  for (const { path, bodyOf, socket } of waiting) {
    const chunks: Buffer[] = []
    socket.on('data', chunk => chunks.push(chunk))
    socket.write('\r\n')
    await once(socket, 'close')
    const [head = '', body = ''] = Buffer.concat(chunks).toString().split('\r\n\r\n')
    t.match(head, `HTTP/1.1 ${path.startsWith('/arcgis') ? 200 : 503} `, path)
    t.match(head, /\r\nconnection: close/i)
    t.match(JSON.parse(body), bodyOf(503))
    t.match(body, /The server is stopping/)
  }
  await closed
})

t.test('while the server stops it is live, but not ready', async t => {
  const server = await boot(t)
  const waiting = await Promise.all(
    ['/__admin/livez', '/__admin/readyz'].map(async path => {
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
      await once(socket, 'connect')
      socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n`)
      return { path, socket }
    }),
  )
  for (const { path } of waiting) t.equal((await call(server, { path })).status, 200, `${path} before`)
  const closed = server.close()
  const statuses = waiting.map(async ({ path, socket }) => {
    socket.write('\r\n')
    return [path, (await text(socket)).split('\r\n')[0]]
  })
  t.same(await Promise.all(statuses), [
    ['/__admin/livez', 'HTTP/1.1 200 OK'],
    ['/__admin/readyz', 'HTTP/1.1 503 Service Unavailable'],
  ])
  await closed
})

/** Sends bytes and returns what is received until the server closes the connection. */
async function sendRaw(url: string, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', chunk => chunks.push(chunk))
  socket.write(bytes)
  await once(socket, 'close')
  return Buffer.concat(chunks).toString()
}

t.test('bytes that are not an HTTP request are answered 400 with a problem document', async t => {
  const server = await boot(t)
  const invalid = [
    'GARBAGE\r\n\r\n',
    'GET / HTTP/9.9\r\nHost: x\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: x\r\nBad Header: y\r\n\r\n',
  ]
  for (const bytes of invalid) {
    const [head = '', body = ''] = (await sendRaw(server.url, bytes)).split('\r\n\r\n')
    const detail = 'The received bytes are not a valid HTTP request.'
    t.match(head, 'HTTP/1.1 400 Bad Request\r\n')
    t.match(head, `\r\nContent-Length: ${body.length}\r\n`)
    t.same(JSON.parse(body), { type: 'about:blank', title: 'Bad Request', status: 400, detail }, bytes.slice(0, 30))
  }
  t.equal((await call(server, { path: '/nope', contract: false })).status, 404, 'later requests are answered')
})

t.test('a client that disconnects while it sends is not an unexpected failure', async t => {
  const server = await boot(t)
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  const path = '/v1/instances/10000000-0000-4000-8000-000000000001/disaster-recovery/prepare'
  const headers = [
    'Host: x',
    'Authorization: bearer demo-token',
    'Content-Type: application/json',
    'Content-Length: 99',
  ]
  socket.write(`POST ${path} HTTP/1.1\r\n${headers.join('\r\n')}\r\nExpect: 100-continue\r\n\r\n`)
  await once(socket, 'data')
  socket.write('{"a')
  socket.destroy()
  await once(socket, 'close')
  // boot() fails the test if the server reports a failure; before the next answer it has handled the closed connection.
  t.equal((await call(server, { path: '/nope', contract: false })).status, 404)
  await server.close()
})
