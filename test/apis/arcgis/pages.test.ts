// arcgis: the pages of the directory, over HTTP.
import t from 'tap'
import { ADMIN, createPath, get, post, storePath } from './client.ts'
import { browse, isPage, linksIn, siteadmin } from './directory.ts'

const HOSTILE = `</b><script>alert("x")</script>'&`

t.test('listBackups: the page', async t => {
  const { server, page } = await browse(t)
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
  const { page } = await browse(t, { publicUrl: 'https://gis.example.com/base' })
  const answer = await page('/a%20%22b/admin/system/disasterrecovery/stores/backupStore/backups')
  const base = '/base/a%20%22b/admin/system/disasterrecovery/stores/backupStore/backups'
  t.equal(linksIn(answer)['Create Backup'], `${base}/create`)
})

t.test('getJob: the page of a job that failed', async t => {
  const { server, token, page } = await browse(t)
  const { jobs } = (await get(server, `${ADMIN}/jobs`, { token })).json
  const { text } = await page(`${ADMIN}/jobs/${jobs[1]}`)
  t.match(text, /<b>status:<\/b> FAILED/)
  t.match(text, /<b>name:<\/b> Stage Object store<\/li>/)
  t.match(text, /<b>messages:<\/b> The volume of the backup store fullStore is full\./)
})

t.test('searchItems, revokeToken: numbers that are no times, and labels of names with underscores', async t => {
  const { page } = await browse(t)
  const { text } = await page('/arcgis/sharing/rest/search')
  t.match(text, '<b>start:</b> 1</li>')
  t.match((await page('/arcgis/sharing/rest/oauth2/revokeToken')).text, 'Auth token (required):</label>')
})

t.test('listBackups: text from clients is escaped', async t => {
  const { server, token, page, submit } = await browse(t)
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

t.test('listJobs: a path that starts with two slashes has no context and is unknown', async t => {
  const { page, submit, token } = await browse(t)
  const fields = siteadmin
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

t.test('listJobs: a page opened with a token in its URL repeats it in every link', async t => {
  const { page, submit, token, cookie } = await browse(t)
  const opened = await page(`${storePath('backupStore')}?token=${token}`, {})
  for (const [name, href] of Object.entries(linksIn(opened))) {
    t.equal(new URL(href, 'http://localhost').searchParams.get('token'), token, name)
  }
  const form = await page(linksIn(opened)['Create Backup'] as string, {})
  t.ok(form.text.includes(`<input type="hidden" name="token" value="${token}">`))
  const fields = { token, name: 'by link', passcode: 'passcode' }
  const created = await submit(createPath('backupStore'), fields)
  const [job = ''] = Object.values(linksIn(created)).filter(href => href.includes('/jobs/'))
  t.match((await page(job, {})).text, /<b>status:<\/b> SUBMITTED/)

  const withCookie = await page(`${storePath('backupStore')}?token=${token}`)
  t.notMatch(Object.values(linksIn(withCookie)).join(' '), 'token=', 'not where the browser has the cookie')
  t.match(cookie, { cookie: /agsadmintoken=/ })
  const bad = await page(`${storePath('backupStore')}?token=bad`, {})
  t.notMatch(bad.text, 'token=bad', 'a token that is not valid is not repeated')
})
