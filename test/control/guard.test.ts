// Who may use the control API: the attacks that a web page or another machine could try.
import t from 'tap'
import { isLoopbackName, knownHosts, refusalOf } from '../../src/control/guard.ts'
import type { Firedrill } from '../../src/index.ts'
import { boot, call, createSandbox } from '../helpers.ts'

const send = (server: Firedrill, headers: Record<string, string>, more: { method?: string; body?: unknown } = {}) =>
  call(server, { path: '/__admin/clock', headers, ...more })

t.test('a web page of another site cannot use it', async t => {
  const server = await boot(t)
  const own = new URL(server.url).host
  for (const headers of [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: `http://evil.example:${new URL(server.url).port}` },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { host: 'evil.example' },
    { host: `127.0.0.1.evil.example` },
    { host: `localhost.evil.example:80`, origin: 'http://localhost.evil.example:80' },
  ] as Record<string, string>[]) {
    const answer = await send(server, headers)
    t.match(answer, { status: 403, headers: { 'content-type': /problem\+json/ } }, JSON.stringify(headers))
    t.notOk(answer.headers['access-control-allow-origin'])
  }
  createSandbox(server, { name: 't1' })
  for (const headers of [
    {},
    { origin: `http://${own}`, 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'none' },
    { host: 'localhost' },
    { host: 'LOCALHOST:1' },
    { host: 't1.localhost' },
    { host: '127.0.0.1' },
    { host: '[::1]:8420' },
  ] as Record<string, string>[]) {
    t.equal((await send(server, headers)).status, 200, JSON.stringify(headers))
  }
})

t.test('no CORS unless configured, and then only for that origin', async t => {
  const server = await boot(t, { adminOrigin: 'https://console.example' })
  const allowed = { origin: 'https://console.example', 'sec-fetch-site': 'cross-site' }
  const preflight = await call(server, { method: 'OPTIONS', path: '/__admin/clock', headers: allowed, contract: false })
  t.match(preflight, { status: 204, headers: { 'access-control-allow-origin': 'https://console.example' } })
  t.match(await send(server, allowed), {
    status: 200,
    headers: { 'access-control-allow-origin': 'https://console.example' },
  })
  t.equal((await send(server, { origin: 'https://other.example' })).status, 403)
  const others = await call(server, {
    method: 'OPTIONS',
    path: '/__admin/clock',
    headers: { origin: 'https://other.example' },
    contract: false,
  })
  t.equal(others.status, 403)
})

t.test('changes must be sent as JSON, which a form of another page cannot do', async t => {
  const server = await boot(t)
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
    const answer = await send(server, { 'content-type': type }, { method: 'PUT', body: '{"now":"+1h"}' })
    t.match(answer, { status: 415, json: { detail: /application\/json/ } }, type)
  }
  t.equal(server.default.clock.get().now, '2026-06-10T12:00:00.000Z')
})

t.test('with a token every request needs it', async t => {
  const server = await boot(t, { adminToken: 'a-secret-token' })
  for (const authorization of ['', 'Bearer wrong', 'Bearer a-secret-toke', 'Basic a-secret-token', 'a-secret-token']) {
    const answer = await send(server, authorization === '' ? {} : { authorization })
    t.match(answer, { status: 401, headers: { 'www-authenticate': /Bearer/ } }, authorization)
  }
  t.equal((await send(server, { authorization: 'Bearer a-secret-token' })).status, 200)
  t.equal((await send(server, { authorization: 'bearer a-secret-token', host: 'any.example' })).status, 200)
  const page = { authorization: 'Bearer a-secret-token', origin: 'https://evil.example' }
  t.equal((await send(server, page)).status, 403, 'a page is turned away even with it')
})

t.test('on any other address a token is generated', async t => {
  const server = await boot(t, { host: '0.0.0.0' })
  const local = { url: server.url.replace('0.0.0.0', '127.0.0.1') }
  t.equal((await call(local, { path: '/__admin/clock' })).status, 401)
  t.match(server.adminToken, /^[0-9a-f]{64}$/, 'one that began with a hyphen could not follow --admin-token')
  const authorization = `Bearer ${server.adminToken}`
  t.equal((await call(local, { path: '/__admin/clock', headers: { authorization } })).status, 200)
  const vendor = { path: '/backend/api/v1/disasterRecoveryFiles/', headers: { authorization: 'Bearer YOUR_API_KEY' } }
  t.equal((await call(local, vendor)).status, 200, 'the APIs themselves ask for nothing more')
  const second = await boot(t, { host: '0.0.0.0' })
  t.not(second.adminToken, server.adminToken)
})

t.test('health, livez, readyz: need no token on any address', async t => {
  const server = await boot(t, { host: '0.0.0.0' })
  const local = { url: server.url.replace('0.0.0.0', '127.0.0.1') }
  const statusAt = { '/__admin/health': 'healthy', '/__admin/livez': 'live', '/__admin/readyz': 'ready' }
  for (const [path, status] of Object.entries(statusAt)) {
    for (const headers of [{}, { host: '10.1.2.3:8420' }, { authorization: 'Bearer wrong' }] as Record<
      string,
      string
    >[]) {
      t.match(await call(local, { path, headers }), { status: 200, json: { status } }, path)
    }
    t.equal((await call(local, { path, headers: { origin: 'https://evil.example' } })).status, 403, 'no page reads it')
  }
  t.equal((await call(local, { path: '/__admin/version' })).status, 401, 'nothing else is open')
  const bare = await boot(t)
  t.equal((await call(bare, { path: '/__admin/livez', headers: { host: 'evil.example' } })).status, 403)
})

t.test('which names and addresses are reachable only from this machine', t => {
  for (const name of ['localhost', 'LocalHost', 't1.localhost', '127.0.0.1', '127.255.0.1', '::1', '0:0:0:0:0:0:0:1']) {
    t.equal(isLoopbackName(name), true, name)
    const host = name.includes(':') ? `[${name}]` : name
    t.equal(isLoopbackName(host), true, host)
    t.equal(isLoopbackName(`${host}:8420`), true, `${host}:8420`)
  }
  t.equal(isLoopbackName('::ffff:127.0.0.1'), true)
  for (const name of [
    ...[
      '',
      '0.0.0.0',
      '::',
      '[::]:80',
      '127.0.0.1.evil.example',
      '127.999.0.1',
      '1127.0.0.1',
      'localhost.evil.example',
    ],
    ...[
      '::ffff:10.0.0.1',
      'fd00::1',
      '[fe80::1]:1',
      '[::1',
      '::1]',
      '[::1].evil.example',
      'evil.example:127.0.0.1',
      '::2',
    ],
  ]) {
    t.equal(isLoopbackName(name), false, name)
  }
  t.end()
})

t.test('--host ::1 is loopback: no token is generated', async t => {
  const server = await boot(t, { host: '::1' })
  t.equal(server.adminToken, undefined)
  t.equal((await fetch(`${server.url}/__admin/clock`)).status, 200)
})

t.test('--admin-origin is an origin as browsers send it, without a path', async t => {
  const withMore = ['/path', '//', '/a/..//', '@evil.example'].map(more => `https://console.example${more}`)
  const refused: [message: RegExp, values: string[]][] = [
    [/adminOrigin must be an origin without a path, as in https:\/\/console\.example, not/, withMore],
    [
      /adminOrigin must be an http or https URL without query, not/,
      ['https://a.example/?a', 'ws://a.example', 'null', '*'],
    ],
  ]
  for (const [message, values] of refused) {
    for (const adminOrigin of values) await t.rejects(boot(t, { adminOrigin }), { message }, adminOrigin)
  }
  for (const adminOrigin of ['https://console.example', 'https://console.example/', 'HTTPS://Console.Example:443']) {
    const server = await boot(t, { adminOrigin })
    t.equal((await send(server, { origin: 'https://console.example' })).status, 200, adminOrigin)
  }
})

t.test('refusalOf: the configured host name is allowed', t => {
  t.equal(refusalOf({ host: 'mock.internal:80' }, { isKnownHost: knownHosts(['mock.internal']) }), undefined)
  t.equal(refusalOf({ host: '[fd00::1]:80' }, { isKnownHost: knownHosts(['fd00::1']) }), undefined)
  t.equal(refusalOf({ host: 'mock.internal' }, { isKnownHost: knownHosts(['Mock.Internal']) }), undefined)
  t.ok(refusalOf({}, { isKnownHost: knownHosts([]) }), 'no host is no known host')
  t.end()
})
