// arcgis: signing in and out with a browser, over HTTP.
import t from 'tap'
import { boot, call } from '../../helpers.ts'
import { ADMIN, createPath, type Fields, get, storePath, tokenOf } from './client.ts'
import { browse, isPage, linksIn, siteadmin } from './directory.ts'

t.test('listBackups: a browser without a token gets the sign-in form, and is redirected after signing in', async t => {
  const { page, submit } = await browse(t)
  for (const path of [storePath('backupStore'), createPath('backupStore'), `${ADMIN}/jobs`]) {
    const answer = await page(`${path}?f=html`, {})
    isPage(t, answer)
    t.match(answer.text, /<h2>Login<\/h2>/)
    t.ok(answer.text.includes(`<input type="hidden" name="redirect" value="${path}">`))
    t.equal(linksIn(answer).Login, `${ADMIN}/login?redirect=${encodeURIComponent(path)}`)
    const signedIn = await submit(`${ADMIN}/login`, {
      username: 'siteadmin',
      password: 'siteadmin.pass1',
      redirect: path,
    })
    t.equal(signedIn.status, 303)
    t.equal(signedIn.headers.location, path)
    const [cookie = ''] = signedIn.headers['set-cookie'] ?? []
    t.match(cookie, /^agsadmintoken=[\w-]{128}; Path=\/arcgis; HttpOnly; SameSite=Strict$/)
    t.match((await page(path, { cookie: cookie.split(';')[0] as string })).text, /Logged in as <b>siteadmin<\/b>/)
  }
  const stale = await page(storePath('backupStore'), { cookie: 'agsadmintoken=stale' })
  t.match(stale.text, /<h2>Login<\/h2>\s+<p class="error" role="alert">Invalid Token\.<\/p>/)
})

t.test('listBackups: a form posted with only a cookie gets the sign-in form', async t => {
  const { token, submit } = await browse(t)
  const answer = await submit(
    createPath('backupsDefault'),
    { name: 'a', passcode: 'passcode' },
    { cookie: `agsadmintoken=${token}` },
  )
  t.match(answer.text, /<h2>Login<\/h2>/)
})

t.test('listJobs: signing in', async t => {
  const { page, submit } = await browse(t)
  isPage(t, await page(`${ADMIN}/login`, {}))
  for (const fields of [{ username: 'siteadmin', password: 'wrong' }, { username: 'siteadmin' }, {}] as Fields[]) {
    const answer = await submit(`${ADMIN}/login`, { ...fields, redirect: `${ADMIN}/jobs` })
    isPage(t, answer)
    t.match(answer.text, /Invalid username or password\./)
    t.match(answer.text, /name="redirect" value="\/arcgis\/admin\/jobs"/)
    t.notOk(answer.headers['set-cookie'])
  }
  const secure = await submit(`${ADMIN}/login`, siteadmin, { 'x-forwarded-proto': 'https' })
  t.match(secure.headers['set-cookie']?.[0], /; HttpOnly; Secure; SameSite=Strict$/)
})

t.test('listJobs: signing in redirects only to pages of the same context', async t => {
  const { submit } = await browse(t)
  const home = ADMIN
  const targets: [redirect: string, location: string][] = [
    [`${ADMIN}/jobs/j1?f=html`, `${ADMIN}/jobs/j1?f=html`],
    ['', home],
    [`${ADMIN}/login`, home],
    [`${ADMIN}/login?redirect=${ADMIN}/login`, home],
    [`${ADMIN}/logout`, home],
    ['https://evil.example/arcgis/admin', home],
    ['//evil.example/arcgis/admin', home],
    ['/\\evil.example/arcgis/admin', home],
    ['\\\\evil.example/arcgis/', home],
    ['javascript:alert(1)', home],
    ['/other/admin/jobs', home],
    ['/arcgis/../other', home],
    ['/arcgisx/admin', home],
    ['http://[', home],
    ['/..//evil.example/arcgis/', home],
    ['/arcgis/..//evil.example/arcgis/', home],
    ['/..//arcgis/admin/jobs', home],
  ]
  for (const [redirect, location] of targets) {
    const fields = { username: 'siteadmin', password: 'siteadmin.pass1', redirect }
    t.equal((await submit(`${ADMIN}/login`, fields)).headers.location, location, redirect)
  }
})

t.test('listJobs: a session in the browser does not expire', async t => {
  const { server, page, submit } = await browse(t)
  const signedIn = await submit(`${ADMIN}/login`, siteadmin)
  const cookie = signedIn.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
  server.default.clock.advance({ by: '400d' })
  await tokenOf(server)
  t.match((await page(`${ADMIN}/jobs`, { cookie })).text, /Logged in as <b>siteadmin<\/b>/)
  const exported = server.default.state.export()
  const other = await boot(t)
  other.default.state.import(exported)
  const kept = await call(other, { path: `${ADMIN}/jobs`, headers: { cookie }, contract: false })
  t.match(kept.text, /Logged in as <b>siteadmin<\/b>/, 'also in an exported state')
})

t.test('listJobs: signing out ends the session', async t => {
  const { server, page, token } = await browse(t)
  const answer = await page(`${ADMIN}/logout`)
  t.match(answer, { status: 303, headers: { location: `${ADMIN}/login` } })
  t.equal(answer.headers['set-cookie']?.[0], 'agsadmintoken=; Max-Age=0; Path=/arcgis; HttpOnly; SameSite=Strict')
  t.match((await get(server, `${ADMIN}/jobs`, { token })).json, { error: { code: 498 } })
  t.equal((await page(`${ADMIN}/logout`, {})).status, 303, 'also without a session')
})

t.test('listJobs: signing in leads to the page with its parameters, and without a token', async t => {
  const { page } = await browse(t)
  const answer = await page(`${ADMIN}/jobs?f=html&extra=1&token=bad`, {})
  t.match(answer.text, `name="redirect" value="${ADMIN}/jobs?extra&#61;1"`)
})
