// arcgis: issuing, sending and expiry of tokens, over HTTP.
import t, { type Test } from 'tap'
import { Store } from '../../../src/sandbox/store.ts'
import { type Answer, boot, call } from '../../helpers.ts'
import { ADMIN, createPath, encode, errorOf, type Fields, FORM, GENERATE, get, post, storePath } from './client.ts'

const METHODS = ['GET', 'POST'] as const
const SHARING = '/arcgis/sharing/rest'
const REVOKE = `${SHARING}/oauth2/revokeToken`
const START = Date.parse('2026-06-10T12:00:00Z')
const siteadmin = { username: 'siteadmin', password: 'siteadmin.pass1' }
const backup = { name: 'backup_first', passcode: 'passcode' }
const REQUIRED = errorOf(499, 'Token Required.')
const INVALID = errorOf(498, 'Invalid Token.')

async function start(t: Test, options = {}) {
  const server = await boot(t, options)
  const generate = async (fields: Fields = siteadmin, headers = {}) =>
    (await post(server, GENERATE, fields, headers)).json
  const { token } = await generate()
  return { server, generate, token }
}

const notGenerated = (...details: string[]) => errorOf(400, 'Unable to generate token.', details)

t.test('generateToken: a token is valid for an hour, or as requested up to two weeks', async t => {
  const { generate } = await start(t)
  const answer = await generate()
  t.same(Object.keys(answer), ['token', 'expires', 'ssl'])
  t.match(answer, { token: /^[\w-]{128}$/, expires: START + 3_600_000, ssl: false })
  t.not((await generate()).token, answer.token)
  t.match(await generate({ ...siteadmin, expiration: 5 }), { expires: START + 300_000 })
  for (const expiration of [20_160, 20_161, 99_999_999]) {
    t.match(await generate({ ...siteadmin, expiration }), { expires: START + 20_160 * 60_000 })
  }
  t.match(await generate(siteadmin, { 'x-forwarded-proto': 'https' }), { ssl: true })
})

t.test('generateToken: requests of real clients', async t => {
  const { server, generate } = await start(t)
  const cli = { ...siteadmin, client: 'referer', referer: 'referer', expiration: 60 }
  const { token } = await generate(cli)
  t.match((await get(server, `${ADMIN}/jobs`, { token })).json, { jobs: Array }, 'the referer is not required again')
  t.match(await generate({ ...siteadmin, client: 'ip', ip: '10.0.0.1' }), { token: String })
  t.match(await generate({ ...siteadmin, client: 'requestip' }), { token: String })
})

t.test('generateToken: refused', async t => {
  const { generate } = await start(t)
  const wrong = notGenerated('Invalid username or password.')
  const cases: [Fields, object][] = [
    [{ ...siteadmin, password: 'siteadmin.pass2' }, wrong],
    [{ ...siteadmin, username: 'SiteAdmin' }, wrong],
    [{ ...siteadmin, password: 'Siteadmin.pass1' }, wrong],
    [{ username: 'nobody', password: 'x' }, wrong],
    [{}, notGenerated('The field username is required.', 'The field password is required.')],
    [{ username: 'siteadmin', password: '' }, notGenerated('The field password is required.')],
    [{ ...siteadmin, client: 'referer' }, notGenerated("'referer' must be specified.")],
    [{ ...siteadmin, client: 'ip' }, notGenerated("'ip' must be specified.")],
    [{ ...siteadmin, client: 'me' }, notGenerated('The field client must be one of referer, ip, requestip.')],
  ]
  for (const [fields, expected] of cases) t.same(await generate(fields), expected, JSON.stringify(fields))
  for (const expiration of ['0', '-5', 'long']) {
    const { error } = await generate({ ...siteadmin, expiration })
    t.match(error, { code: 400, message: 'Unable to generate token.', details: [/expiration/] })
  }
})

t.test('generateToken: a token is exchanged for one for a server', async t => {
  const { server, generate } = await start(t)
  const serverUrl = `${server.url}${ADMIN}`
  const short = await generate({ ...siteadmin, expiration: 30 })
  const exchanged = await generate({ token: short.token, serverUrl, expiration: 5 })
  t.match(exchanged, { token: /^[\w-]{128}$/, expires: START + 5 * 60_000 })
  t.not(exchanged.token, short.token)
  t.match((await get(server, `${ADMIN}/jobs`, { token: exchanged.token })).json, { jobs: Array })
  const later = await generate({ token: short.token, serverUrl, expiration: 20_160 })
  t.equal(later.expires, short.expires, 'no later than the one exchanged')
  t.same(await generate({ token: short.token }), notGenerated("'serverUrl' must be specified."))
  t.same(
    await generate({ token: short.token, serverUrl: 'elsewhere' }),
    notGenerated('The field serverUrl must be a URI.'),
  )
  const invalid = { error: { code: 498, message: 'Invalid token.', details: [] } }
  t.same(await generate({ token: 'no-such-token', serverUrl }), invalid)
  server.default.clock.advance({ by: '30m' })
  t.same(await generate({ token: short.token, serverUrl }), invalid)
  t.match(await generate({ ...siteadmin, token: 'no-such-token' }), { token: String }, 'a password takes precedence')
})

t.test('revokeToken: the token is invalid from then on', async t => {
  const { server, token } = await start(t)
  const revoke = async (fields: Fields) => (await post(server, REVOKE, fields)).json
  t.same(await revoke({ auth_token: token, client_id: 'any' }), { success: true })
  t.same((await get(server, `${ADMIN}/jobs`, { token })).json, INVALID)
  t.same(await revoke({ auth_token: token }), { success: true }, 'again')
  t.match(await revoke({}), { error: { code: 400, details: ['The field auth_token is required.'] } })
})

t.test('getPortalSelf, getUserSelf: for users, and without a token', async t => {
  const { server, generate } = await start(t)
  const roles = { siteadmin: 'org_admin', publisher1: 'org_publisher', viewer1: 'org_user' }
  for (const [username, role] of Object.entries(roles)) {
    const password = `${username.replace(/\d$/, '')}.pass1`
    const { token } = await generate({ username, password })
    for (const ask of [get, post]) {
      t.match((await ask(server, `${SHARING}/community/self`, { token })).json, { username, role })
      t.match((await ask(server, `${SHARING}/portals/self`, { token })).json, {
        isPortal: true,
        user: { username, role },
      })
    }
  }
  const anonymous = (await get(server, `${SHARING}/portals/self`)).json
  t.match(anonymous, { isPortal: true, portalHostname: `${new URL(server.url).host}/arcgis` })
  t.notOk('user' in anonymous)
  const required = { code: 499, message: 'Token Required', messageCode: 'GWM_0003', details: ['Token Required'] }
  t.same((await get(server, `${SHARING}/community/self`)).json, { error: required })
  for (const path of ['community/self', 'portals/self']) {
    const { error } = (await get(server, `${SHARING}/${path}`, { token: 'no-such-token' })).json
    t.same(error, { code: 498, message: 'Invalid token.', details: [] })
  }
})

t.test('getServerInfo, getSharingInfo: where tokens are issued', async t => {
  const { server } = await start(t)
  const paths = [
    `${SHARING}/info`,
    `${ADMIN}/rest/info`,
    `${ADMIN}/jobs/rest/info`,
    `${createPath('backupStore')}/rest/info`,
  ]
  for (const path of paths) {
    for (const method of METHODS) {
      const { json } = await call(server, { method, path: `/@default${path}?f=json`, contract: false })
      const context = `${server.url}/arcgis`
      t.same(json, {
        owningSystemUrl: context,
        authInfo: { tokenServicesUrl: `${context}/sharing/rest/generateToken`, isTokenBasedSecurity: true },
      })
    }
  }
  const { sandboxes } = server
  sandboxes.create({ name: 'other' })
  const { json } = await call(server, { path: `/@other${ADMIN}/jobs/rest/info?f=json`, contract: false })
  t.equal(json.owningSystemUrl, `${server.url}/@other/arcgis`)
})

t.test('generateToken: POST only', async t => {
  const { server } = await start(t)
  const path = `${GENERATE}?${encode({ ...siteadmin, f: 'json' })}`
  const answer = await call(server, { path, contract: false })
  t.equal(answer.headers.allow, 'POST')
  t.same(answer.json, errorOf(405, 'The method is not allowed for this resource or operation.', []))
})

t.test('getJob: expired and unknown tokens are invalid', async t => {
  const { server, generate, token } = await start(t)
  const short = (await generate({ ...siteadmin, expiration: 1 })).token
  const jobs = async (token: string) => (await get(server, `${ADMIN}/jobs`, { token })).json
  server.default.clock.advance({ by: '59999ms' })
  t.match(await jobs(short), { jobs: Array })
  server.default.clock.advance({ by: '1ms' })
  t.same(await jobs(short), INVALID)
  t.match(await jobs(token), { jobs: Array })
  t.same(await jobs('no-such-token'), INVALID)
  t.same((await post(server, createPath('backupsDefault'), { ...backup, token: short })).json, INVALID)
})

t.test('generateToken: expired tokens are deleted', async t => {
  const { server, generate } = await start(t)
  const kept = () => (server.default.state.export().arcgis as { tokens: object[] }).tokens.length
  for (const _ of [1, 2, 3]) await generate({ ...siteadmin, expiration: 1 })
  t.equal(kept(), 4)
  server.default.clock.advance({ by: '1m' })
  await generate()
  t.equal(kept(), 2)
})

const transports: [how: string, to: (token: string) => { query?: Fields; body?: Fields; headers?: object }][] = [
  ['query', token => ({ query: { token } })],
  ['body', token => ({ body: { token } })],
  ['Authorization', token => ({ headers: { authorization: `Bearer ${token}` } })],
  ['authorization, lower case', token => ({ headers: { authorization: `bearer ${token}` } })],
  ['X-Esri-Authorization', token => ({ headers: { 'x-esri-authorization': `Bearer ${token}` } })],
  ['cookie', token => ({ headers: { cookie: `a=b; agsadmintoken=${token}; c=d` } })],
]

/** The body must contain the token, unless a header does. */
const NOT_FOR_POST = new Set(['query', 'cookie'])

t.test('listJobs: every way to send a token', async t => {
  const { server, token } = await start(t)
  for (const method of METHODS) {
    for (const [how, to] of transports) {
      const { query = {}, body = {}, headers } = to(token)
      const path = `${ADMIN}/jobs?${encode({ f: 'json', ...query })}`
      const answer: Answer = await call(server, { method, path, headers: { ...FORM, ...headers }, body: encode(body) })
      const expected = method === 'POST' && NOT_FOR_POST.has(how) ? REQUIRED : { jobs: Array }
      t.match(answer.json, expected, `${method} ${how}`)
      const { headers: bad, query: worse = {}, body: worst = {} } = to('bad')
      const refused = await call(server, {
        method,
        path: `${ADMIN}/jobs?${encode({ f: 'json', ...worse })}`,
        headers: { ...FORM, ...bad },
        body: encode(worst),
      })
      t.same(refused.json, expected === REQUIRED ? REQUIRED : INVALID, `a bad one: ${method} ${how}`)
    }
  }
})

t.test('createBackup: a cookie does not authorize it, a header does', async t => {
  const { server, token } = await start(t)
  const create = async (headers: object) => (await post(server, createPath('backupsDefault'), backup, headers)).json
  t.same(await create({ cookie: `agsadmintoken=${token}` }), REQUIRED)
  t.match(await create({ authorization: `Bearer ${token}` }), { status: 'SUBMITTED' })
})

t.test('listBackups: no token, and credentials of another kind', async t => {
  const { server } = await start(t)
  for (const headers of [{}, { authorization: 'Basic c2l0ZWFkbWlu' }, { authorization: 'Bearer' }, { cookie: 'x=y' }]) {
    const answer = await get(server, storePath('backupStore'), {}, headers)
    t.equal(answer.status, 200)
    t.same(answer.json, REQUIRED)
  }
  t.same((await get(server, storePath('no-such-store'))).json, REQUIRED, 'before the store is looked up')
})

t.test('listJobs: the parameter takes precedence over the headers', async t => {
  const { server, token } = await start(t)
  const headers = { authorization: `Bearer ${token}` }
  t.same((await get(server, `${ADMIN}/jobs`, { token: 'bad' }, headers)).json, INVALID)
})

t.test('createBackup, listBackups: the token is looked up once per request', async t => {
  const { server, token } = await start(t)
  const statements = t.capture(Store.prototype, 'get', Store.prototype.get)
  const lookups = () => statements().filter(({ args: [sql] }) => sql.includes('arcgisToken')).length
  const page = { token, f: 'html' }
  await post(server, createPath('backupsDefault'), { ...page, ...backup })
  t.equal(lookups(), 1, 'a handler that needs the user, and its page')
  await get(server, storePath('backupStore'), page)
  t.equal(lookups(), 1, 'a page')
  await get(server, `${ADMIN}/jobs`, { token: 'no-such-token', f: 'html' })
  t.equal(lookups(), 1, 'an error page')
})
