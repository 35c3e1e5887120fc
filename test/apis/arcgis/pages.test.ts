// arcgis: the HTML pages and forms, signing in and signing out, over HTTP.
import t, { type Test } from 'tap'
import { type Answer, boot, call } from '../../helpers.ts'
import { ADMIN, createPath, encode, type Fields, FORM, GENERATE, get, post, storePath, tokenOf } from './client.ts'

const HOSTILE = `</b><script>alert("x")</script>'&`

async function start(t: Test, options = {}) {
  const server = await boot(t, options)
  const token = await tokenOf(server)
  const cookie = { cookie: `agsadmintoken=${token}` }
  const page = (path: string, headers: Record<string, string> = cookie) =>
    call(server, { path, headers, contract: false })
  const submit = (path: string, fields: Fields, headers = {}) =>
    call(server, { method: 'POST', path, headers: { ...FORM, ...headers }, body: encode(fields), contract: false })
  return { server, token, cookie, page, submit }
}

/** The links in a page by their text. */
function linksIn({ text }: Answer): Record<string, string> {
  const links = [...text.matchAll(/<a href="([^"]*)">([^<]*)<\/a>/g)]
  return Object.fromEntries(links.map(([, href = '', name]) => [name, href.replaceAll('&#61;', '=')]))
}

function isPage(t: Test, answer: Answer): void {
  t.equal(answer.status, 200)
  t.equal(answer.headers['content-type'], 'text/html;charset=utf-8')
  t.match(
    answer.headers['content-security-policy'],
    /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self';/,
  )
  t.equal(answer.headers['x-content-type-options'], 'nosniff')
  t.equal(answer.headers['cache-control'], 'no-store')
  t.match(answer.text, /^<!doctype html>\n<html lang="en">/)
}

t.test('listBackups: the page', async t => {
  const { server, page } = await start(t)
  const answer = await page(storePath('backupStore'))
  isPage(t, answer)
  t.match(answer.text, /Logged in as <b>siteadmin<\/b>/)
  t.match(answer.text, /<h2>Backups<\/h2>/)
  for (const text of ['backup_first', 'hgdb_ezt7j', '1634736484933', '2021-10-20T13:28:04.933Z', 'Scheduled Backup']) {
    t.ok(answer.text.includes(text), text)
  }
  const crumbs = /<nav[^>]*>(.*)<\/nav>/.exec(answer.text)?.[1]?.replace(/<[^>]+>/g, '')
  t.equal(crumbs, 'Home &gt; system &gt; disasterrecovery &gt; stores &gt; backupStore &gt; backups')
  const links = linksIn(answer)
  t.match(links, { Logout: `${ADMIN}/logout`, 'Create Backup': createPath('backupStore'), JSON: '?f=pjson' })
  t.equal(links.backups, storePath('backupStore'))
  for (const [name, href] of Object.entries(links)) {
    if (name === 'Logout') continue
    const target = new URL(href, server.url + storePath('backupStore'))
    const reached = await page(target.pathname + target.search)
    t.notOk(reached.text.includes('<h2>Error</h2>'), `the link ${name} works`)
  }
})

t.test('listBackups: links stay in the context and under the public address', async t => {
  const { page } = await start(t, { publicUrl: 'https://gis.example.com/base' })
  const answer = await page('/a%20%22b/admin/system/disasterrecovery/stores/backupStore/backups')
  const base = '/base/a%20%22b/admin/system/disasterrecovery/stores/backupStore/backups'
  t.equal(linksIn(answer)['Create Backup'], `${base}/create`)
})

t.test('createBackup: the form, and its result', async t => {
  const { page, submit, token, cookie } = await start(t)
  const form = await page(createPath('backupsDefault'))
  isPage(t, form)
  t.ok(form.text.includes(`<form method="post" action="${createPath('backupsDefault')}">`))
  t.ok(form.text.includes(`<input type="hidden" name="token" value="${token}">`))
  t.match(form.text, /<input type="password" id="passcode" name="passcode"/)
  for (const name of ['name', 'description', 'retentionDate'])
    t.match(form.text, new RegExp(`<input [^>]*name="${name}"`))
  t.match(form.text, /<select id="f" name="f"><option value="html">/)

  const fields = { token, name: 'by hand', passcode: 'passcode', description: '', retentionDate: '', f: 'html' }
  const result = await submit(createPath('backupsDefault'), fields, cookie)
  isPage(t, result)
  const [id, job] = Object.entries(linksIn(result)).find(([name]) => /^j[0-9a-f-]{36}$/.test(name)) ?? ['', '']
  t.equal(job, `${ADMIN}/jobs/${id}`)
  const jobPage = await page(job)
  isPage(t, jobPage)
  t.match(jobPage.text, /<b>status:<\/b> SUBMITTED/)
  t.equal(linksIn(await page(`${ADMIN}/jobs`))[id], job)

  const refused = await submit(createPath('backupsDefault'), fields)
  isPage(t, refused)
  t.match(refused.text, /has a backup named by hand\.<\/b><br>Code: 400/)
})

t.test('createBackup: the form is shown only to users with the privilege', async t => {
  const { server, page } = await start(t)
  const authorization = `Bearer ${await tokenOf(server, 'publisher1')}`
  const answer = await page(createPath('backupsDefault'), { authorization })
  t.match(answer.text, /You do not have permissions/)
  t.notMatch(answer.text, /<form/)
})

t.test('listBackups: text from clients is escaped', async t => {
  const { server, token, page, submit } = await start(t)
  await post(server, createPath('backupsDefault'), { token, name: HOSTILE, passcode: 'passcode', description: HOSTILE })
  const script = encodeURIComponent(HOSTILE)
  const duplicate = { token, name: HOSTILE, passcode: 'passcode' }
  const pages = [
    await submit(createPath('backupsDefault'), duplicate),
    await page(storePath(script)),
    await page(`/${script}/admin/jobs`),
    await page(`${ADMIN}/jobs/${script}`),
    await page(`${ADMIN}/${script}`),
    await page(`${ADMIN}/%zz${HOSTILE.replaceAll(/[ /]/g, '')}`),
    await page(`${ADMIN}/login?redirect=${script}`),
    await submit(`${ADMIN}/login`, { username: HOSTILE, password: 'x', redirect: `"><script>` }),
  ]
  server.default.clock.advance({ by: '2m' })
  const list = await page(storePath('backupsDefault'))
  t.ok(list.text.includes('&#60;/b&#62;&#60;script&#62;alert('), 'the text is shown')
  for (const { text } of [...pages, list]) t.notMatch(text, /<script|<\/b><script/)
})

t.test('listBackups: a browser without a token gets the sign-in form, and is redirected after signing in', async t => {
  const { page, submit } = await start(t)
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
  const { token, submit } = await start(t)
  const answer = await submit(
    createPath('backupsDefault'),
    { name: 'a', passcode: 'passcode' },
    { cookie: `agsadmintoken=${token}` },
  )
  t.match(answer.text, /<h2>Login<\/h2>/)
})

t.test('listJobs: signing in', async t => {
  const { page, submit } = await start(t)
  isPage(t, await page(`${ADMIN}/login`, {}))
  for (const fields of [{ username: 'siteadmin', password: 'wrong' }, { username: 'siteadmin' }, {}] as Fields[]) {
    const answer = await submit(`${ADMIN}/login`, { ...fields, redirect: `${ADMIN}/jobs` })
    isPage(t, answer)
    t.match(answer.text, /Invalid username or password\./)
    t.match(answer.text, /name="redirect" value="\/arcgis\/admin\/jobs"/)
    t.notOk(answer.headers['set-cookie'])
  }
  const secure = await submit(
    `${ADMIN}/login`,
    { username: 'siteadmin', password: 'siteadmin.pass1' },
    { 'x-forwarded-proto': 'https' },
  )
  t.match(secure.headers['set-cookie']?.[0], /; HttpOnly; Secure; SameSite=Strict$/)
})

t.test('listJobs: signing in redirects only to pages of the same context', async t => {
  const { submit } = await start(t)
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

t.test('listJobs: a path that starts with two slashes has no context and is unknown', async t => {
  const { page, submit, token } = await start(t)
  const fields = { username: 'siteadmin', password: 'siteadmin.pass1' }
  for (const redirect of ['/..//evil.example', '//evil.example', '/.//evil.example', '']) {
    const answer = await submit('//admin/login', { ...fields, redirect })
    t.match(answer.headers, { location: undefined, 'set-cookie': undefined }, redirect)
    t.match(answer.text, /There is no such resource or operation/)
  }
  for (const path of [
    '//admin/jobs',
    '//admin/login',
    '//admin/logout',
    '//sharing/rest/generateToken',
    '//admin/nope',
  ]) {
    const { text } = await page(path, {})
    t.match(text, /There is no such resource or operation/, path)
    t.notMatch(text, /(href|action)="\/\//, 'no link to another host')
  }
  t.match((await page(`//admin/jobs?f=json&token=${token}`)).json, { error: { code: 404 } })
})

t.test('listJobs: a session in the browser does not expire', async t => {
  const { server, page, submit } = await start(t)
  const signedIn = await submit(`${ADMIN}/login`, { username: 'siteadmin', password: 'siteadmin.pass1' })
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
  const { server, page, token } = await start(t)
  const answer = await page(`${ADMIN}/logout`)
  t.match(answer, { status: 303, headers: { location: `${ADMIN}/login` } })
  t.equal(answer.headers['set-cookie']?.[0], 'agsadmintoken=; Max-Age=0; Path=/arcgis; HttpOnly; SameSite=Strict')
  t.match((await get(server, `${ADMIN}/jobs`, { token })).json, { error: { code: 498 } })
  t.equal((await page(`${ADMIN}/logout`, {})).status, 303, 'also without a session')
})

t.test('generateToken: the form, and its result', async t => {
  const { page, submit } = await start(t)
  const form = await page(GENERATE, {})
  isPage(t, form)
  for (const name of ['username', 'password', 'referer', 'ip', 'expiration']) {
    t.match(form.text, new RegExp(`<input [^>]*name="${name}"`))
  }
  t.match(form.text, /<select id="client"[^>]*><option value=""><\/option><option/)
  const credentials = { username: 'siteadmin', password: 'siteadmin.pass1', f: 'html' }
  const result = await submit(GENERATE, { ...credentials, client: 'requestip', referer: '', ip: '', expiration: '60' })
  isPage(t, result)
  t.match(result.text, /<b>token:<\/b> [\w-]{128}/)
  const refused = await submit(GENERATE, { ...credentials, password: 'wrong' })
  isPage(t, refused)
  t.match(refused.text, /Unable to generate token\.<\/b><br>Code: 400<br>Invalid username or password\./)
})

t.test('getJob: the page of a job that failed', async t => {
  const { server, token, page } = await start(t)
  const { jobs } = (await get(server, `${ADMIN}/jobs`, { token })).json
  const { text } = await page(`${ADMIN}/jobs/${jobs[1]}`)
  t.match(text, /<b>status:<\/b> FAILED/)
  t.match(text, /<b>name:<\/b> Stage Object store<\/li>/)
  t.match(text, /<b>messages:<\/b> The volume of the backup store fullStore is full\./)
})
