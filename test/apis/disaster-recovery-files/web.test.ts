// disaster-recovery-files: signing in to the web interface, and the page that lists the files.
import t from 'tap'
import { boot, call } from '../../helpers.ts'
import { details, download, FILES, KEY, SEVEN_ZIP } from './client.ts'
import { alertOf, Browser, KEY_PAGE, LIST, PASSWORD_PAGE, signedIn, WEB } from './web-client.ts'

/** The rows of the list: the text of each cell, by filename. */
function rowsOf(text: string): Map<string, { mark: string; status: string; link: string }> {
  const rows = [...text.matchAll(/<tr><td>([^<]+)<\/td>.*?class="mark (\w+)">(\w+)<.*?href="([^"]+)"/g)]
  return new Map(rows.map(([, name = '', mark = '', status = '', link = '']) => [name, { mark, status, link }]))
}

t.test('viewDisasterRecoveryFiles: lists the files of the API with links, newest first', async t => {
  const server = await boot(t)
  const page = await (await signedIn(server)).get(LIST)
  t.equal(page.status, 200)
  const { json } = await call(server, { path: `${FILES}/`, headers: KEY })
  const rows = rowsOf(page.text)
  t.same(new Set(rows.keys()), new Set(json.map(({ filename }: { filename: string }) => filename)))
  t.equal(rows.get('database-backup-2026-06-09.7z')?.link, `${LIST}/123`)
  t.match([...rows.keys()].at(0), /2026-06-10/)
  const { headers } = page
  t.match(headers['content-security-policy'], /^default-src 'none'; style-src 'sha256-/)
  t.equal(headers['cache-control'], 'no-store')
  t.equal(headers['referrer-policy'], 'same-origin', 'otherwise forms have no origin')
})

t.test('viewDisasterRecoveryFiles: colours show what was downloaded, what is saved, and what is neither', async t => {
  const server = await boot(t, { clock: 'frozen:2026-06-10T02:05:00Z' })
  const browser = await signedIn(server)
  const markOf = async (name: string) => rowsOf((await browser.get(LIST)).text).get(name)
  t.match(await markOf('database-backup-2026-06-10.7z'), { mark: 'new', status: 'Generated' })
  t.match(await markOf('database-backup-2026-06-09.7z'), { mark: 'saved', status: 'Saved' })
  server.default.clock.advance({ by: '5m' })
  t.match(await markOf('database-backup-2026-06-10.7z'), { mark: 'saved' })
  await download(server, '123')
  t.match(await markOf('database-backup-2026-06-09.7z'), { mark: 'downloaded', status: 'Downloaded' })
  const { text } = await browser.get(LIST)
  t.match(text, /\.downloaded \{ color: #14612b;/, 'green')
  t.match(text, /\.saved \{ color: #12508f;/, 'blue')
})

t.test('viewDisasterRecoveryFiles: months later it lists the files that exist then', async t => {
  const server = await boot(t)
  const browser = await signedIn(server)
  server.default.clock.advance({ by: '120d' })
  t.equal((await browser.get(LIST)).status, 401, 'the session has ended')
  const later = await signedIn(server)
  const rows = rowsOf((await later.get(LIST)).text)
  const { json } = await call(server, { path: `${FILES}/`, headers: KEY })
  t.equal(rows.size, json.length)
  t.match([...rows.keys()].at(0), /2026-10-08/)
  t.notOk(rows.has('database-backup-2026-06-09.7z'), 'it has expired')
})

t.test('downloadDisasterRecoveryFile: the same bytes as the API sends, and the file is then downloaded', async t => {
  const server = await boot(t)
  const browser = await signedIn(server)
  const archive = await browser.get(`${LIST}/123`)
  t.match(archive, { status: 200, headers: { 'content-type': SEVEN_ZIP } })
  t.match(archive.headers['content-disposition'], 'attachment; filename="database-backup-2026-06-09.7z"')
  t.same((await details(server, '123')).status, ['Saved', 'Downloaded'])
  t.ok(archive.bytes.equals((await download(server, '123')).bytes))
  t.equal((await browser.get(`${LIST}/123`, { range: 'bytes=0-9' })).status, 206)
  t.match(await browser.get(`${LIST}/7`), { status: 404, headers: { 'content-type': /^text\/html/ } })
})

t.test('signInToBillingPlatform: pages ask who it is, and lead back to where they were', async t => {
  const server = await boot(t)
  const browser = new Browser(server)
  for (const path of [LIST, `${LIST}/123`, PASSWORD_PAGE, KEY_PAGE]) {
    const asked = await browser.get(path)
    t.match(asked, { status: 401, headers: { 'content-type': /^text\/html/ } }, path)
    t.match(asked.text, `name="next" value="${path}"`)
    t.notMatch(asked.text, /aria-label="Main menu"/)
  }
  const wrong = await browser.post(`${WEB}/sign-in`, { username: 'primary', password: 'no', next: PASSWORD_PAGE })
  t.equal(wrong.status, 401)
  t.equal(alertOf(wrong), 'The username or the password is wrong.')
  t.match(wrong.text, /name="username" value="primary"/, 'the username is kept')
  t.match(wrong.text, `name="next" value="${PASSWORD_PAGE}"`)
  t.equal(browser.cookie, '')
  const credentials = { username: 'primary', password: 'primary.pass1' }
  const right = await browser.post(`${WEB}/sign-in`, { ...credentials, next: PASSWORD_PAGE })
  t.match(right, { status: 303, headers: { location: PASSWORD_PAGE } })
  t.equal((await browser.get(LIST)).status, 200)
  t.match((await browser.get(`${WEB}/`)).headers, { location: LIST })
})

t.test('signInToBillingPlatform: leads to no other site', async t => {
  const server = await boot(t)
  const credentials = { username: 'primary', password: 'primary.pass1' }
  for (const next of [
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example',
    `${WEB}/..//evil.example/`,
    '/arcgis/admin',
    'javascript:alert(1)',
    '/billing-platformx/',
  ]) {
    const { headers } = await new Browser(server).post(`${WEB}/sign-in`, { ...credentials, next })
    t.equal(headers.location, `${WEB}/`, next)
  }
})

t.test('signInToBillingPlatform: the cookie is for this interface of this sandbox only', async t => {
  const server = await boot(t)
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const signIn = (headers: Record<string, string>, prefix = '') =>
    call(server, {
      method: 'POST',
      path: `${prefix}${WEB}/sign-in`,
      headers: { ...form, ...headers },
      body: 'username=primary&password=primary.pass1',
    })
  const plain = await signIn({})
  t.match(
    String(plain.headers['set-cookie']),
    /^[\w-]+=[\w-]{40,}; Path=\/billing-platform; HttpOnly; SameSite=Strict$/,
  )
  const secure = await signIn({ 'x-forwarded-proto': 'https', 'x-forwarded-host': 'example.com' })
  t.match(String(secure.headers['set-cookie']), /; Secure/)
  const other = await signIn({}, '/@t1')
  t.match(String(other.headers['set-cookie']), /Path=\/@t1\/billing-platform;/)
  t.equal(other.headers.location, `/@t1${WEB}/`)
  const cookie = String(other.headers['set-cookie']).split(';')[0] as string
  t.equal((await call(server, { path: `/@t1${LIST}`, headers: { cookie } })).status, 200)
  t.equal((await call(server, { path: LIST, headers: { cookie } })).status, 401)
  const page = await call(server, { path: `/@t1${LIST}`, headers: { cookie } })
  t.match(page.text, `href="/@t1${LIST}/123"`)
})

t.test('signOutOfBillingPlatform: ends the session', async t => {
  const server = await boot(t)
  const browser = await signedIn(server)
  const { cookie } = browser
  const left = await browser.post(`${WEB}/sign-out`, {})
  t.match(left, { status: 303, headers: { location: `${WEB}/sign-in` } })
  t.match(String(left.headers['set-cookie']), /Max-Age=0/)
  t.equal((await call(server, { path: LIST, headers: { cookie } })).status, 401)
  t.equal((await new Browser(server).post(`${WEB}/sign-out`, {})).status, 303)
})

t.test('signInToBillingPlatform: a session ends after eight hours', async t => {
  const server = await boot(t)
  const browser = await signedIn(server)
  server.default.clock.advance({ by: '7h59m59s' })
  t.equal((await browser.get(LIST)).status, 200)
  server.default.clock.advance({ by: '1s' })
  t.equal((await browser.get(LIST)).status, 401)
})

t.test('signInToBillingPlatform: users of the API only cannot sign in; restricted users see no files', async t => {
  const server = await boot(t)
  const denied = await new Browser(server).post(`${WEB}/sign-in`, { username: 'backup-client', password: 'null' })
  t.equal(denied.status, 401)
  const support = await signedIn(server, 'support')
  for (const path of [LIST, `${LIST}/123`, PASSWORD_PAGE]) {
    const answer = await support.get(path)
    t.equal(answer.status, 403, path)
    t.match(alertOf(answer), /data-protection download access/)
  }
  const accounts = await signedIn(server, 'accounts')
  t.equal((await accounts.get(LIST)).status, 200)
  t.match(alertOf(await accounts.get(KEY_PAGE)), /read access to the API/)
})

t.test('web interface: forms of other sites are refused', async t => {
  const server = await boot(t)
  const browser = await signedIn(server)
  const from = (headers: Record<string, string>) => browser.post(PASSWORD_PAGE, { code: '000000' }, headers)
  for (const headers of [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site', origin: 'http://localhost:1' },
    { origin: 'http://evil.example' },
    { origin: 'null' },
  ]) {
    const answer = await from(headers)
    t.equal(answer.status, 403)
    t.equal(alertOf(answer), 'The form was sent from a page of another site.', JSON.stringify(headers))
  }
  const proxied = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'example.com', origin: 'https://example.com' }
  for (const headers of [{ 'sec-fetch-site': 'same-origin' }, { origin: server.url }, proxied, {}]) {
    t.match(alertOf(await from(headers)), /code is wrong/, JSON.stringify(headers))
  }
})

t.test('web interface: every failure is a page; no page is below the path of the API', async t => {
  const server = await boot(t)
  const browser = await signedIn(server)
  const text = { 'content-type': 'text/plain' }
  const answers = [
    await call(server, { path: `${WEB}/nope`, contract: false }),
    await call(server, { path: `${WEB}/%zz`, contract: false }),
    await call(server, { method: 'DELETE', path: LIST, contract: false }),
    await call(server, { method: 'POST', path: `${WEB}/sign-in`, headers: text, body: 'x' }),
    await browser.post(PASSWORD_PAGE, {}),
    await browser.post(PASSWORD_PAGE, { code: 'x'.repeat(2 ** 20) }),
    await call(server, { path: LIST, headers: { prefer: 'example=NoDownloadAccess' } }),
  ]
  t.same(
    answers.map(({ status }) => status),
    [404, 404, 405, 415, 400, 413, 403],
  )
  for (const answer of answers) {
    t.match(answer.headers['content-type'], /^text\/html/)
    t.ok(alertOf(answer))
  }
  server.default.faults.arm({
    operation: 'viewDisasterRecoveryFiles',
    fault: 'error',
    name: 'UnexpectedError',
    times: 1,
  })
  t.match(await browser.get(LIST), { status: 500, headers: { 'content-type': /^text\/html/ } })
  const routes = ['sign-in', 'archive-password', 'api-key', 'disaster-recovery-files']
  for (const route of routes) {
    const answer = await call(server, { path: `/backend/api/v1/${route}`, headers: KEY, contract: false })
    t.match(answer, { status: 404, json: { error: { code: 404101 } } }, route)
  }
})

t.test('web interface: a form that is sent incomplete is shown again, and says which field is missing', async t => {
  const server = await boot(t)
  const visitor = await new Browser(server).post(`${WEB}/sign-in`, { username: 'primary', next: PASSWORD_PAGE })
  const browser = await signedIn(server)
  const forms = [
    { action: `${WEB}/sign-in`, answer: visitor, missing: 'password' },
    { action: PASSWORD_PAGE, answer: await browser.post(PASSWORD_PAGE, { code: '' }), missing: 'code' },
    { action: KEY_PAGE, answer: await browser.post(KEY_PAGE, { username: 'support', code: '1' }), missing: 'password' },
  ]
  for (const { action, answer, missing } of forms) {
    t.equal(answer.status, 400, action)
    t.match(alertOf(answer), missing)
    t.match(answer.text, `action="${action}"`)
  }
  t.match(visitor.text, /name="username" value="primary"/)
  t.match(visitor.text, `name="next" value="${PASSWORD_PAGE}"`)
  t.match(forms[2]?.answer.text, /<option selected>support</)
})

t.test('signInToBillingPlatform: leads to the list of files when no page asked for it', async t => {
  const server = await boot(t)
  const wrong = await new Browser(server).post(`${WEB}/sign-in`, { username: 'primary', password: 'no' })
  t.match(wrong.text, `name="next" value="${WEB}/"`)
})

t.test('web interface: what users type is escaped', async t => {
  const server = await boot(t)
  const username = '"><script>alert(1)</script>'
  const { text } = await new Browser(server).post(`${WEB}/sign-in`, { username, password: 'x', next: username })
  t.notMatch(text, '<script>')
  t.match(text, '&#60;script&#62;')
})
