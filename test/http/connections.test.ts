// Unfinished connections: none keeps a server from closing, and a request that does not arrive is given up in time.
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import { boot, call } from '../helpers.ts'
import { serve } from '../program.ts'

const PREPARE = '/v1/instances/10000000-0000-4000-8000-000000000001/disaster-recovery/prepare'
const HALF_A_HEAD = 'GET /nope HTTP/1.1\r\nHost:'
const DECLINED_UPGRADE = 'GET /nope HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\nGET /'

/** A request that announces more of its body than it sends. */
function halfABody(path: string, headers: Record<string, string> = {}): string {
  const isChunked = 'transfer-encoding' in headers
  const length = isChunked ? {} : { 'content-length': '99' }
  const all = { host: 'localhost', 'content-type': 'application/json', ...length, ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n${isChunked ? '12\r\n' : ''}{"encryption_key":`
}

interface Unfinished {
  socket: Socket
  /** All that came back, once the connection has been closed. */
  ended: Promise<string>
}

/** Connects, sends the bytes, and resolves when the server has had time to read them. */
async function send(t: Test, url: string, bytes: string): Promise<Unfinished> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  t.teardown(() => socket.destroy())
  const chunks: Buffer[] = []
  socket.on('data', chunk => chunks.push(chunk))
  socket.on('error', () => {})
  const ended = new Promise<string>(resolve => {
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')))
  })
  await once(socket, 'connect')
  if (bytes !== '') socket.write(bytes)
  await call({ url }, { path: '/nope', contract: false })
  return { socket, ended }
}

/** A download of 82 MB whose body is not read yet. */
async function startDownload(url: string): Promise<IncomingMessage> {
  const backup = '/backups.dscloud.pt/23457145698959364_Backup%20at%202024-12-07%2022:07:11.zip'
  const download = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${url}${backup}?85592d2b15ff867407964790224dcbb3a95ce82b`, { agent: false }, resolve).on('error', reject)
  })
  return download.pause()
}

const authorization = 'bearer demo-token'

t.test('close() ends after the grace period, whatever clients have left unfinished', async t => {
  const server = await boot(t, { shutdownTimeout: '50ms' })
  const unfinished = ['', HALF_A_HEAD, halfABody(PREPARE, { authorization }), DECLINED_UPGRADE]
  const all = await Promise.all(unfinished.map(bytes => send(t, server.url, bytes)))
  const download = await startDownload(server.url)
  const cut = once(download, 'error')
  await server.close()
  await Promise.all(all.map(({ ended }) => ended))
  download.resume()
  await cut
  t.notOk(download.complete, 'a download that is not read is cut off')
})

t.test('close() does not wait for a connection on which nothing was ever sent', async t => {
  const server = await boot(t, { shutdownTimeout: '1h' })
  const { ended } = await send(t, server.url, '')
  await server.close()
  t.equal(await ended, '')
})

t.test('within the grace period a running answer is sent to its end', async t => {
  const server = await boot(t, { shutdownTimeout: '1h' })
  const download = await startDownload(server.url)
  const closing = server.close()
  let sizeBytes = 0
  for await (const chunk of download) sizeBytes += chunk.length
  t.equal(sizeBytes, 81_865_653)
  await closing
})

t.test('a grace period of nothing cuts at once', async t => {
  const server = await boot(t, { shutdownTimeout: 0 })
  const { ended } = await send(t, server.url, halfABody(PREPARE, { authorization }))
  await server.close()
  t.equal(await ended, '')
})

t.test('SIGTERM, SIGINT and SIGHUP end the program after the grace period', async t => {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    const server = await serve(t, { args: ['--shutdown-timeout', '100ms'] })
    await send(t, server.url, HALF_A_HEAD)
    server.child.kill(signal)
    t.match(await server.ended, { code: 0, signal: null, stderr: '' }, signal)
  }
})

t.test('half a body is given up, with the error of the API that it was for', async t => {
  const server = await boot(t, { requestTimeout: '1s' })
  const cases: [string, Record<string, string>, string, RegExp][] = [
    [PREPARE, { authorization }, '400 Bad Request', /^\{"error":"BadRequest","description":"The body did not arrive/],
    ['/arcgis/sharing/rest/generateToken?f=json', {}, '200 OK', /^\{"error":\{"code":400,"message":"The body is not/],
    ['/__admin/clock/advance', {}, '400 Bad Request', /"detail":"The body did not arrive/],
    ['/nope', {}, '404 Not Found', /"title":"No API here"/],
  ]
  await Promise.all(
    cases.map(async ([path, headers, status, body]) => {
      const type = path.includes('arcgis') ? { 'content-type': 'application/x-www-form-urlencoded' } : {}
      const { ended } = await send(t, server.url, halfABody(path, { ...headers, ...type }))
      const [head = '', ...rest] = (await ended).split('\r\n\r\n')
      t.match(head, `HTTP/1.1 ${status}\r\n`, path)
      t.match(head, /\r\nconnection: close/i)
      t.equal(rest.length, 1, 'there is one answer')
      t.match(rest[0], body)
    }),
  )
  const prepared = server.default.requests.list().requests.find(({ request }) => request.url === PREPARE)
  const { checks } = server.default.requests.explain(prepared?.id ?? '')
  const failed = checks.filter(({ outcome }) => outcome === 'failed')
  t.match(failed, [{ check: 'parameters', detail: /The body did not arrive in time/ }])
})

t.test('half a body after its answer, and half a head: no second answer, no first one from an API', async t => {
  const server = await boot(t, { requestTimeout: '250ms' })
  const [refused, headless] = await Promise.all([
    send(t, server.url, halfABody(PREPARE)),
    send(t, server.url, HALF_A_HEAD),
  ])
  t.match(await refused.ended, /^HTTP\/1\.1 401 (?:(?!HTTP\/1\.1).)*$/s)
  t.match(await headless.ended, /^HTTP\/1\.1 408 Request Timeout\r\n.*did not arrive in time/s)
})

t.test('neither an answer that takes long nor an idle connection is given up', async t => {
  const server = await boot(t, { requestTimeout: '250ms' })
  const { socket, ended } = await send(t, server.url, 'GET /nope HTTP/1.1\r\nHost: x\r\n\r\n')
  const waiting = call(server, {
    method: 'POST',
    path: '/__admin/requests/wait',
    body: { timeoutMs: 700, match: { urlPath: '/never' } },
    contract: false,
  })
  t.equal((await waiting).status, 408)
  socket.write('GET /nope HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
  t.equal((await ended).match(/HTTP\/1\.1 404/g)?.length, 2)
})

t.test('chunks that are none: the error of the API', async t => {
  const server = await boot(t)
  const { socket, ended } = await send(
    t,
    server.url,
    halfABody(PREPARE, { authorization, 'transfer-encoding': 'chunked' }),
  )
  socket.write('no size\r\n')
  t.match(await ended, /^HTTP\/1\.1 400 (?:(?!HTTP\/1\.1).)*\{"error":"BadRequest"/s)
})

t.test('half a body of which no more will come: one answer, and the connection is closed', async t => {
  const server = await boot(t, { requestTimeout: '1h' })
  const jobs = '/arcgis/admin/jobs?f=json'
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  for (const request of [
    halfABody(PREPARE, { authorization }),
    halfABody(jobs, form),
    halfABody(jobs, form).replace('POST', 'GET'),
    halfABody('/__admin/clock/advance'),
    halfABody('/nope'),
  ]) {
    const { socket, ended } = await send(t, server.url, request)
    socket.end()
    t.match(await ended, /^HTTP\/1\.1 (?:(?!HTTP\/1\.1).)*$/s, request.slice(0, 40))
  }
})

t.test('what follows a request that is being answered is not answered into its answer', async t => {
  const server = await boot(t)
  const path = '/backups.dscloud.pt/23457145698959364_Backup%20at%202024-12-07%2022:07:11.zip'
  const get = `GET ${path}?85592d2b15ff867407964790224dcbb3a95ce82b HTTP/1.1\r\nHost: x\r\n\r\n`
  const { ended } = await send(t, server.url, `${get}GARBAGE\r\n\r\n`)
  const answer = await ended
  const end = answer.indexOf('\r\n\r\n') + 4 + 81_865_653
  t.match(answer.slice(end), /^HTTP\/1\.1 400 Bad Request\r\n/)
})
