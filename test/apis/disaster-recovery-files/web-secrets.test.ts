// disaster-recovery-files: the archive password and API keys of the web interface, and the codes that confirm who asks.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { Secret, TOTP, URI } from 'otpauth'
import t from 'tap'
import { authenticatorUri } from '../../authenticator-qr.ts'
import { boot, call } from '../../helpers.ts'
import { FILES, KEY } from './client.ts'
import { alertOf, Browser, codeOf, KEY_PAGE, PASSWORD_PAGE, signedIn, WEB } from './web-client.ts'

const SECRET = 'FIREDRILLDEMOSECRETOFPRIMARYUSER'
const PASSWORD = /Archive password: ([^<]+)</
const shownIn = (text: string, label: RegExp) => label.exec(text)?.[1]

/** What any authenticator app with the secret shows at that time. */
const appCode = (time: string) =>
  new TOTP({ secret: Secret.fromBase32(SECRET) }).generate({ timestamp: Date.parse(time) })

t.test('requestArchivePassword: a code shows the password once', async t => {
  const server = await boot(t, { archivePassword: 'opens <every> "archive"' })
  const browser = await signedIn(server)
  const form = await browser.get(PASSWORD_PAGE)
  t.equal(form.status, 200)
  t.notMatch(form.text, 'opens')
  const code = codeOf(server)
  const shown = await browser.post(PASSWORD_PAGE, { code })
  t.equal(shown.status, 200)
  t.match(shown.text, 'Archive password: opens &#60;every&#62; &#34;archive&#34;')
  t.equal(shown.headers['cache-control'], 'no-store')
  const again = await browser.post(PASSWORD_PAGE, { code })
  t.equal(again.status, 403)
  t.equal(alertOf(again), 'This authentication code has been used. Wait for the next one.')
  t.notMatch(again.text, 'opens')
})

t.test('requestArchivePassword: codes follow the virtual clock, as an authenticator app shows them', async t => {
  const server = await boot(t)
  const browser = await signedIn(server)
  const now = () => server.default.clock.get().now
  t.equal(codeOf(server), appCode(now()))
  t.equal(shownIn((await browser.post(PASSWORD_PAGE, { code: appCode(now()) })).text, PASSWORD), 'firedrill')
  server.default.clock.advance({ by: '30s' })
  t.equal(shownIn((await browser.post(PASSWORD_PAGE, { code: appCode(now()) })).text, PASSWORD), 'firedrill')
  server.default.clock.advance({ by: '200d' })
  t.equal(codeOf(server), appCode(now()))
  const later = await signedIn(server)
  t.equal(shownIn((await later.post(PASSWORD_PAGE, { code: codeOf(server) })).text, PASSWORD), 'firedrill')
})

t.test(
  'requestArchivePassword: a code is accepted one step early or late, and none before one that was used',
  async t => {
    const server = await boot(t, { clock: 'frozen:2026-06-10T12:00:00Z' })
    const browser = await signedIn(server)
    const send = async (time: string) => (await browser.post(PASSWORD_PAGE, { code: appCode(time) })).status
    t.equal(await send('2026-06-10T11:58:59Z'), 403, 'two steps late')
    t.equal(await send('2026-06-10T12:01:00Z'), 403, 'two steps early')
    t.equal(await send('2026-06-10T11:59:30Z'), 200, 'one step late')
    t.equal(await send('2026-06-10T12:00:30Z'), 200, 'one step early')
    t.equal(await send('2026-06-10T12:00:00Z'), 403, 'before the last one')
  },
)

t.test('requestArchivePassword: an authenticator app that reads the QR code of the guide shows the code', async t => {
  const server = await boot(t)
  const app = URI.parse(authenticatorUri()) as TOTP
  const code = app.generate({ timestamp: Date.parse(server.default.clock.get().now) })
  t.equal((await (await signedIn(server)).post(PASSWORD_PAGE, { code })).status, 200)
  const guide = readFileSync(new URL('../../../docs/guides/downloads.md', import.meta.url), 'utf8')
  t.ok(guide.includes(SECRET), 'for apps without a camera')
})

t.test('requestArchivePassword: five wrong codes in a row, and all are refused for 15 minutes', async t => {
  const server = await boot(t, { clock: 'frozen:2026-06-10T12:00:00Z' })
  const browser = await signedIn(server)
  const send = (code: string) => browser.post(PASSWORD_PAGE, { code })
  for (const wrong of ['000000', '12345', 'abcdef', ' ']) {
    const answer = await send(wrong)
    t.equal(answer.status, 403, wrong)
    t.match(alertOf(answer), /wrong/)
  }
  t.equal((await send(codeOf(server))).status, 200, 'a right one ends the row')
  server.default.clock.advance({ by: '1m' })
  for (const wrong of ['000000', '000000', '000000', '000000']) t.equal((await send(wrong)).status, 403)
  const last = await send('000000')
  t.match(last, { status: 429, headers: { 'retry-after': '900' } })
  t.equal(alertOf(last), 'Too many wrong codes. Try again in 15 minutes.')
  server.default.clock.advance({ by: '14m30s' })
  const right = await send(codeOf(server))
  t.match(right, { status: 429, headers: { 'retry-after': '30' } }, 'also the right one')
  t.equal(alertOf(right), 'Too many wrong codes. Try again in 1 minute.')
  const other = await signedIn(server, 'accounts')
  t.equal((await other.post(PASSWORD_PAGE, { code: codeOf(server, 'accounts') })).status, 200, 'of this user only')
  server.default.clock.advance({ by: '30s' })
  t.equal((await send(codeOf(server))).status, 200)
})

t.test('requestArchivePassword: of two requests at the same time, one can use the code', async t => {
  const server = await boot(t)
  const { cookie } = await signedIn(server)
  const body = `code=${codeOf(server)}`
  const head = [
    `POST ${PASSWORD_PAGE} HTTP/1.1`,
    'Host: x',
    `Cookie: ${cookie}`,
    'Content-Type: application/x-www-form-urlencoded',
    `Content-Length: ${body.length}`,
    'Expect: 100-continue',
    'Connection: close',
  ]
  const sockets = [0, 1].map(() => connect(Number(new URL(server.url).port), '127.0.0.1'))
  for (const socket of sockets) socket.write(`${head.join('\r\n')}\r\n\r\n`)
  // The server asks for the body after it has authenticated the request.
  for (const socket of sockets) t.match(String(await once(socket, 'data')), /^HTTP\/1.1 100 /)
  for (const socket of sockets) socket.write(body)
  const answers = await Promise.all(sockets.map(text))
  t.same(answers.map(answer => answer.slice('HTTP/1.1 '.length, 'HTTP/1.1 '.length + 3)).sort(), ['200', '403'])
})

t.test('requestArchivePassword: the code may have spaces, as apps show it', async t => {
  const server = await boot(t)
  const browser = await signedIn(server)
  const code = codeOf(server)
  t.equal((await browser.post(PASSWORD_PAGE, { code: ` ${code.slice(0, 3)} ${code.slice(3)}` })).status, 200)
})

t.test('listOneTimeCodes: says which codes are used, and when the next ones come', async t => {
  const server = await boot(t, { clock: 'frozen:2026-06-10T12:00:10Z' })
  const answer = await call(server, { path: '/__admin/one-time-codes' })
  t.same(
    answer.json.map(({ username }: { username: string }) => username),
    ['accounts', 'primary', 'support'],
  )
  for (const row of answer.json) {
    t.match(row, {
      api: 'disaster-recovery-files',
      code: /^\d{6}$/,
      expiresAt: '2026-06-10T12:00:30.000Z',
      used: false,
    })
  }
  await (await signedIn(server)).post(PASSWORD_PAGE, { code: codeOf(server) })
  const primary = () => server.default.oneTimeCodes().find(({ username }) => username === 'primary')
  t.equal(primary()?.used, true)
  server.default.clock.advance({ by: '20s' })
  t.equal(primary()?.used, false)
  server.sandboxes.create({ name: 'other', clock: 'frozen:2027-01-01T00:00:00Z' })
  t.match(server.sandbox('other').oneTimeCodes(), [{ expiresAt: '2027-01-01T00:00:30.000Z' }])
})

t.test('generateApiKey: a new key is shown once and ends the old one', async t => {
  const server = await boot(t)
  const listWith = async (key: string) =>
    (await call(server, { path: `${FILES}/`, headers: { authorization: `Bearer ${key}` } })).status
  const browser = await signedIn(server)
  const generate = async () => {
    server.default.clock.advance({ by: '1m' })
    const fields = { password: 'primary.pass1', code: codeOf(server) }
    return shownIn((await browser.post(KEY_PAGE, fields)).text, /API key: ([^<]+)</) ?? ''
  }
  const first = await generate()
  t.match(first, /^[\w-]{40,}$/)
  t.equal(await listWith(first), 200)
  const second = await generate()
  t.not(second, first)
  t.same([await listWith(first), await listWith(second)], [401, 200])
  t.equal(await listWith('YOUR_API_KEY'), 200, "others' keys stay")
})

t.test('generateApiKey: needs the password and a code', async t => {
  const server = await boot(t)
  const browser = await signedIn(server)
  const code = codeOf(server)
  const wrong = await browser.post(KEY_PAGE, { password: 'no', code, username: 'support' })
  t.equal(wrong.status, 403)
  t.equal(alertOf(wrong), 'The password is wrong.')
  t.match(wrong.text, /<option selected>support</, 'the choice is kept')
  t.equal((await browser.post(KEY_PAGE, { password: 'primary.pass1', code: '000000' })).status, 403)
  t.equal((await browser.post(KEY_PAGE, { password: 'primary.pass1' })).status, 400)
  t.equal((await browser.post(KEY_PAGE, { password: 'primary.pass1', code })).status, 200, 'the code was not used up')
  t.equal((await browser.post(PASSWORD_PAGE, { code })).status, 403, 'now it is')
})

t.test('generateApiKey: only users with Primary access replace the keys of others', async t => {
  const server = await boot(t)
  const primary = await signedIn(server)
  const form = await primary.get(KEY_PAGE)
  t.match(form.text, /<option >backup-client<.*<option selected>primary<.*<option >support</)
  const fields = { password: 'primary.pass1', code: codeOf(server), username: 'backup-client' }
  const { status, text } = await primary.post(KEY_PAGE, fields)
  t.equal(status, 200)
  t.match(text, 'API Key of backup-client')
  t.equal((await call(server, { path: `${FILES}/`, headers: KEY })).status, 401)
  const support = await signedIn(server, 'support')
  t.notMatch((await support.get(KEY_PAGE)).text, '<select')
  const own = { password: 'support.pass1', code: codeOf(server, 'support') }
  const denied = await support.post(KEY_PAGE, { ...own, username: 'primary' })
  t.equal(denied.status, 403)
  t.match(alertOf(denied), /^Only users with Primary/)
  t.equal((await primary.post(KEY_PAGE, { ...fields, username: 'nobody' })).status, 403)
  const key = shownIn((await support.post(KEY_PAGE, own)).text, /API key: ([^<]+)</)
  const headers = { authorization: `Bearer ${key}` }
  t.match(await call(server, { path: `${FILES}/`, headers }), { status: 403 }, 'the rights are those of the user')
})

t.test('web interface: no password, code, key or session is in the journal', async t => {
  const archivePassword = 'plain words that no pattern knows'
  const server = await boot(t, { archivePassword })
  const browser = await signedIn(server)
  const code = codeOf(server)
  await browser.post(PASSWORD_PAGE, { code: '918273' })
  t.match((await browser.post(PASSWORD_PAGE, { code })).text, archivePassword)
  server.default.clock.advance({ by: '30s' })
  const fields = { password: 'primary.pass1', code: codeOf(server) }
  const key = shownIn((await browser.post(KEY_PAGE, fields)).text, /API key: ([^<]+)</) ?? 'no key'
  const secrets = [archivePassword, code, '918273', fields.code, 'primary.pass1', key, browser.cookie.split('=')[1]]
  for (const path of ['/__admin/requests', '/__admin/requests.har']) {
    const { text } = await call(server, { path })
    for (const secret of secrets) t.notOk(text.includes(String(secret)), `${path}: ${secret}`)
  }
})

t.test('state: sessions, used codes and keys survive an export and an import', async t => {
  const server = await boot(t)
  const browser = await signedIn(server)
  const code = codeOf(server)
  await browser.post(PASSWORD_PAGE, { code })
  const other = await boot(t)
  other.default.state.import(server.default.state.export())
  const copy = new Browser(other)
  copy.cookie = browser.cookie
  t.equal(
    alertOf(await copy.post(PASSWORD_PAGE, { code })),
    'This authentication code has been used. Wait for the next one.',
  )
  t.equal((await copy.get(`${WEB}/`)).status, 303)
})
