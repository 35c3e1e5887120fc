// arcgis: the forms of operations, over HTTP.
import t from 'tap'
import { ADMIN, createPath, GENERATE, tokenOf } from './client.ts'
import { browse, isPage, linksIn } from './directory.ts'

t.test('createBackup: the form, and its result', async t => {
  const { page, submit, token, cookie } = await browse(t)
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
  const { server, page } = await browse(t)
  const authorization = `Bearer ${await tokenOf(server, 'publisher1')}`
  const answer = await page(createPath('backupsDefault'), { authorization })
  t.match(answer.text, /You do not have permissions/)
  t.notMatch(answer.text, /<form/)
})

t.test('generateToken: the form, and its result', async t => {
  const { page, submit } = await browse(t)
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

/** The attributes and the messages of a field. */
function fieldIn(text: string, name: string) {
  const [, attributes = ''] = new RegExp(`<(?:input|select|textarea) ([^>]*id="${name}"[^>]*)>`).exec(text) ?? []
  const [, problem] = new RegExp(`<small id="${name}-problem"[^>]*>([^<]*)`).exec(text) ?? []
  return { attributes, problem }
}

t.test('createBackup: a form that fails is shown again with its values and the message at the field', async t => {
  const { page, submit, token, cookie } = await browse(t)
  const path = createPath('backupStore')
  for (const name of ['name', 'storeName', 'passcode', 'description', 'retentionDate']) {
    const { attributes, problem } = fieldIn((await page(path)).text, name)
    t.match(attributes, `name="${name}"`)
    t.notMatch(attributes, 'aria-invalid')
    t.equal(problem, undefined)
  }

  const fields = { token, name: 'kept <name>', passcode: 'short', retentionDate: 'soon', description: 'kept too' }
  const failed = await submit(path, fields, cookie)
  isPage(t, failed)
  t.match(failed.text, /<h2>Create Backup<\/h2>/)
  t.match(failed.text, /role="alert"><b>The field passcode must be at least 8 characters long\.<\/b><br>Code: 400/)
  t.match(fieldIn(failed.text, 'name').attributes, 'value="kept &#60;name&#62;"')
  t.match(fieldIn(failed.text, 'description').attributes, 'value="kept too"')
  t.match(fieldIn(failed.text, 'retentionDate'), {
    attributes: /aria-invalid="true" aria-describedby="retentionDate-problem retentionDate-hint" value="soon"/,
    problem: 'The field retentionDate must be a whole number.',
  })
  t.match(fieldIn(failed.text, 'passcode').problem, 'at least 8 characters')
  t.notMatch(failed.text, 'short', 'a passcode is not sent back')
  t.ok(failed.text.includes(`<input type="hidden" name="token" value="${token}">`))

  const taken = await submit(
    path,
    { token, name: 'backup_first', passcode: 'passcode', storeName: 'backupStore' },
    cookie,
  )
  t.equal(fieldIn(taken.text, 'name').problem, 'The backup store backupStore has a backup named backup_first.')
  t.match(fieldIn(taken.text, 'storeName').attributes, 'value="backupStore"')
  t.equal(fieldIn(taken.text, 'passcode').problem, undefined)

  const elsewhere = await submit(path, { token, name: 'a', passcode: 'passcode', storeName: 'other' }, cookie)
  t.match(fieldIn(elsewhere.text, 'storeName').problem, 'must be backupStore')
})

t.test('createTask: a form that fails is shown again with its JSON, without the secrets in it', async t => {
  const { submit, token, cookie } = await browse(t)
  const path = `${ADMIN}/system/tasks/createTask`
  for (const parameters of [
    '{"name":"nightly","passcode":"open-sesame","storeName":"backupStore"}',
    '{"name":"nightly","storeName":"backupStore","passcode":"open-sesame"',
    '{"name":"nightly","storeName":"backupStore","passcode": "open-sesame',
  ]) {
    const failed = await submit(path, { token, type: 'CreateBackup', parameters, title: 'Each night' }, cookie)
    t.match(fieldIn(failed.text, 'title').attributes, 'value="Each night"')
    const [, shown = ''] = /<textarea[^>]*>([^<]*)<\/textarea>/.exec(failed.text) ?? []
    t.match(shown, 'nightly')
    t.match(failed.text, /class="hint">The title of the task\. Example: schedule1</)
    t.match(shown, 'backupStore')
    t.notMatch(failed.text, 'open-sesame')
    t.match(failed.text, '<option selected value="CreateBackup">')
  }
})

t.test('createBackup: a store that does not exist has no form', async t => {
  const { page, submit, token, cookie } = await browse(t)
  const path = createPath('no-such-store')
  for (const answer of [await page(path), await submit(path, { token, name: 'a', passcode: 'passcode' }, cookie)]) {
    t.match(answer.text, /<h2>Error<\/h2>/)
    t.match(answer.text, 'The backup store no-such-store was not found.')
    t.notMatch(answer.text, '<form')
  }
})

t.test('generateToken: the form says which field is wrong', async t => {
  const { submit } = await browse(t)
  const failed = await submit(GENERATE, { username: 'siteadmin', client: 'referer', expiration: '0' })
  t.match(failed.text, 'Unable to generate token.')
  t.match(fieldIn(failed.text, 'username').attributes, 'value="siteadmin"')
  t.match(fieldIn(failed.text, 'expiration').problem, 'expiration')
  const incomplete = await submit(GENERATE, { username: 'siteadmin', client: 'requestip' })
  t.equal(fieldIn(incomplete.text, 'password').problem, 'The field password is required.')
  t.match(incomplete.text, /<option selected value="requestip">/)
})
