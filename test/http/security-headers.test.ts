// Security headers of every answer: browsers must not guess its type, run it or load anything for it.
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { FORM, GENERATE, tokenOf } from '../apis/arcgis/client.ts'
import { REQUESTS } from '../fault-requests.ts'
import { boot, type Call, call } from '../helpers.ts'

const POLICY = /^default-src 'none';.* frame-ancestors 'none'/
const FILE = { path: '/backend/api/v1/disasterRecoveryFiles/123', headers: { authorization: 'Bearer YOUR_API_KEY' } }
const archive = { ...FILE.headers, accept: 'application/x-7z-compressed' }

t.test('every answer says nosniff and has a content security policy', async t => {
  const server = await boot(t)
  const calls: Record<string, Call> = {
    ...REQUESTS,
    'an error': { path: REQUESTS.prepareDisasterRecovery.path, method: 'POST' },
    'a wrong method': { path: REQUESTS.listApplicationBackups.path, method: 'DELETE' },
    'an archive': { path: FILE.path, headers: archive },
    'a part of it': { path: FILE.path, headers: { ...archive, range: 'bytes=0-9' } },
    'not modified': { path: FILE.path, headers: { ...archive, 'if-none-match': '*' } },
    'the head alone': { ...FILE, method: 'HEAD' },
    'a page': { path: '/arcgis/admin/login' },
    'an error page': { path: '/arcgis/admin/nope' },
    'a redirect': { path: '/arcgis/admin/logout' },
    'the index': { path: '/' },
    'the contract': { path: '/openapi.yaml' },
    'no API': { path: '/<script>alert(1)</script>' },
    'a path that cannot be decoded': { path: '/v1/instances/%zz' },
    'no such sandbox name': { path: '/@..%2F/' },
    'the control API': { path: '/__admin/clock' },
    'its errors': { path: '/__admin/nope' },
    'its refusals': { path: '/__admin/clock', headers: { origin: 'https://evil.example' } },
    'no documented answer': { ...REQUESTS.listApplicationBackups, headers: { prefer: 'code=418' } },
    'an expectation': { path: '/', headers: { expect: 'x' } },
  }
  const seen = async (what: Call, why: string) => {
    const { headers } = await call(server, { ...what, contract: false })
    t.equal(headers['x-content-type-options'], 'nosniff', why)
    t.match(headers['content-security-policy'], POLICY, why)
  }
  for (const [why, what] of Object.entries(calls)) await seen(what, why)
  const faults = [
    { fault: 'proxy-error' },
    { fault: 'status', status: 200, body: '<script>alert(1)</script>', contentType: 'text/html' },
    { fault: 'content-type', type: 'text/html' },
  ] as const
  for (const fault of faults) {
    server.default.faults.arm({ operation: 'listApplicationBackups', times: 1, ...fault })
    await seen(REQUESTS.listApplicationBackups, fault.fault)
  }
})

t.test('so do answers to what is no request', async t => {
  const { hostname, port } = new URL((await boot(t)).url)
  for (const sent of ['nonsense\r\n\r\n', 'GET / HTTP/1.1\r\n\r\n']) {
    const socket = connect({ host: hostname, port: Number(port) })
    socket.end(sent)
    const answer = await text(socket)
    t.match(answer, /\r\nx-content-type-options: nosniff\r\n/i, JSON.stringify(sent))
    t.match(answer, /\r\ncontent-security-policy: default-src 'none';/i)
  }
})

t.test('pages keep the policy that lets their style take effect', async t => {
  const server = await boot(t)
  const { headers } = await call(server, { path: '/arcgis/admin/login', contract: false })
  t.match(headers['content-security-policy'], /style-src 'sha256-[^']+'/)
})

t.test('what hands out a token is not stored', async t => {
  const server = await boot(t)
  const noStore = async (what: Call, why: string) => {
    const { headers } = await call(server, { method: 'POST', headers: FORM, contract: false, ...what })
    t.equal(headers['cache-control'], 'no-store', why)
  }
  const credentials = 'username=siteadmin&password=siteadmin.pass1'
  for (const f of ['json', 'pjson', 'html']) await noStore({ path: GENERATE, body: `${credentials}&f=${f}` }, f)
  await noStore({ path: `${GENERATE}?f=json`, body: 'username=siteadmin' }, 'a refusal')
  const prefer = { ...FORM, prefer: 'example=documented' }
  await noStore({ path: GENERATE, headers: prefer, body: 'f=json' }, 'a forced answer')
  await noStore({ path: '/arcgis/admin/login', body: credentials }, 'a session')
  const cookie = `agsadmintoken=${await tokenOf(server)}`
  await noStore({ method: 'GET', path: '/arcgis/admin/logout', headers: { cookie } }, 'its end')
})
