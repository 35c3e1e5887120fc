// Requests that HTTP itself refuses, bytes that are not a request, and disconnected clients: each in the format of its API.
import { once } from 'node:events'
import { connect } from 'node:net'
import t from 'tap'
import { boot, call } from '../helpers.ts'

const PATHS: [path: string, shape: (status: number) => object][] = [
  ['/v1/instances/10000000-0000-4000-8000-000000000001/restores', () => ({ error: String, description: String })],
  ['/backend/api/v1/disasterRecoveryFiles/', status => ({ error: { code: status * 1000 + 101, message: String } })],
  ['/v3/apps/x/backups', () => ({ status: 'error', code: String, message: String })],
  ['/arcgis/admin/jobs?f=json', status => ({ error: { code: status, message: String } })],
  ['/arcgis/sharing/rest/generateToken?f=json', status => ({ error: { code: status, message: String } })],
  ['/__admin/clock', status => ({ type: 'about:blank', title: String, status, detail: String })],
  ['/nowhere', status => ({ type: 'about:blank', title: String, status, detail: String })],
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

t.test('a request that is refused at the HTTP level is answered in the shape of the API of its path', async t => {
  const server = await boot(t)
  const host = 'Host: localhost'
  const cases: [what: string, status: number, head: (path: string) => string, words: RegExp][] = [
    [
      'an expectation',
      417,
      path => `GET ${path} HTTP/1.1\r\n${host}\r\nExpect: x`,
      /Unsupported expectation .*x.*; use 100-continue/,
    ],
    ['no host', 400, path => `GET ${path} HTTP/1.1\r\nX: y`, /The Host header is missing/],
    [
      'a port',
      400,
      path => `GET ${path} HTTP/1.1\r\nHost: a:99999`,
      /The Host header .*a:99999.* is not a host and port/,
    ],
    ['an address', 400, path => `GET ${path} HTTP/1.1\r\nHost: 1.2.3.999`, /The Host header/],
    ['IPv6', 400, path => `GET ${path} HTTP/1.1\r\nHost: [:::]`, /The Host header/],
    [
      'a forwarded port',
      400,
      path => `GET ${path} HTTP/1.1\r\n${host}\r\nX-Forwarded-Host: a:99999`,
      /The forwarded host .*a:99999/,
    ],
    ['another', 400, path => `GET ${path} HTTP/1.1\r\n${host}\r\nForwarded: host="[:::]"`, /The forwarded host/],
    [
      'a long path',
      431,
      path => `GET ${path}${path.includes('?') ? '&' : '?'}${'x'.repeat(20_000)} HTTP/1.1\r\n${host}`,
      /larger than 16 KiB/,
    ],
    ['no header', 400, path => `GET ${path} HTTP/1.1\r\n${host}\r\nBad Header: y`, /not a valid HTTP request/],
    ['no method', 400, path => `NOPE ${path} HTTP/1.1\r\n${host}`, /not a valid HTTP request/],
    [
      'as to a proxy',
      400,
      path => `GET http://localhost${path} HTTP/1.1\r\n${host}\r\nBad Header: y`,
      /not a valid HTTP request/,
    ],
    ['in a sandbox', 417, path => `GET /@s${path} HTTP/1.1\r\n${host}\r\nExpect: x`, /Unsupported expectation/],
  ]
  for (const [what, status, head, words] of cases) {
    for (const [path, shape] of PATHS) {
      const answer = await exchange(server.url, head(path))
      const isArcgis = path.startsWith('/arcgis')
      t.equal(answer.status, isArcgis ? 200 : status, `${what}: ${path}`)
      t.match(answer.json, shape(status), answer.head)
      t.match(JSON.stringify(answer.json), words)
    }
  }
  const refused = server.default.requests.list({ limit: 1000 }).requests
  t.ok(
    refused.some(({ response }) => response?.status === 417),
    'what could be read is in the journal',
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

t.test('requests that arrive while the server stops are answered 503 in the shape of their API', async t => {
  const server = await boot(t)
  const waiting = await Promise.all(
    PATHS.map(async ([path, shape]) => {
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
      await once(socket, 'connect')
      socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n`)
      return { path, shape, socket }
    }),
  )
  await call(server, { path: '/nope', contract: false })
  const closed = server.close()
  for (const { path, shape, socket } of waiting) {
    const chunks: Buffer[] = []
    socket.on('data', chunk => chunks.push(chunk))
    socket.write('\r\n')
    await once(socket, 'close')
    const [head = '', body = ''] = Buffer.concat(chunks).toString().split('\r\n\r\n')
    t.match(head, `HTTP/1.1 ${path.startsWith('/arcgis') ? 200 : 503} `, path)
    t.match(head, /\r\nconnection: close/i)
    t.match(JSON.parse(body), shape(503))
    t.match(body, /The server is stopping/)
  }
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

t.test('bytes that are not an HTTP request', async t => {
  const server = await boot(t)
  const cases: [string, number, string][] = [
    ['GARBAGE\r\n\r\n', 400, 'Bad Request'],
    ['GET / HTTP/9.9\r\nHost: x\r\n\r\n', 400, 'Bad Request'],
    ['GET / HTTP/1.1\r\nHost: x\r\nBad Header: y\r\n\r\n', 400, 'Bad Request'],
  ]
  for (const [bytes, status, title] of cases) {
    const [head = '', body = ''] = (await sendRaw(server.url, bytes)).split('\r\n\r\n')
    const detail = 'The received bytes are not a valid HTTP request.'
    t.match(head, `HTTP/1.1 ${status} ${title}\r\n`)
    t.match(head, `\r\nContent-Length: ${body.length}\r\n`)
    t.same(JSON.parse(body), { type: 'about:blank', title, status, detail }, bytes.slice(0, 30))
  }
  t.equal((await call(server, { path: '/nope', contract: false })).status, 404, 'the server goes on')
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
  // boot fails the test when the server reports anything; by the next answer it has noticed.
  t.equal((await call(server, { path: '/nope', contract: false })).status, 404)
  await server.close()
})
