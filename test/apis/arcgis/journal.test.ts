// arcgis: tokens, passwords and passcodes in pages and forms do not reach the journal.
import t from 'tap'
import { ADMIN, createPath, GENERATE, storePath } from './client.ts'
import { browse, siteadmin } from './directory.ts'

t.test('pages and forms: the journal has no secret', async t => {
  const { server, page, submit, token, cookie } = await browse(t)
  await page(`${storePath('backupStore')}?token=${token}`, {})
  await page(createPath('backupStore'))
  await submit(createPath('backupStore'), { token, name: 'a', passcode: 'open-sesame', retentionDate: 'soon' }, cookie)
  const generated = await submit(GENERATE, { ...siteadmin, f: 'html' })
  const [issued = ''] = /[\w-]{128}/.exec(generated.text) ?? []
  t.equal(issued.length, 128)
  const exchange = { token: issued, serverUrl: `${server.url}${ADMIN}`, f: 'html' }
  const [exchanged = ''] = /[\w-]{128}/.exec((await submit(GENERATE, exchange)).text) ?? []
  t.equal(exchanged.length, 128)
  const signedIn = await submit(`${ADMIN}/login`, siteadmin)
  const [session = ''] = /[\w-]{128}/.exec(String(signedIn.headers['set-cookie'])) ?? []
  const revoked = await submit('/arcgis/sharing/rest/oauth2/revokeToken', { auth_token: session, f: 'json' })
  t.same(revoked.json, { success: true })

  const journal = JSON.stringify(server.default.requests.list()) + JSON.stringify(server.default.requests.har())
  t.match(journal, '<h2>Generate Token</h2>', 'it has the pages')
  for (const secret of [token, issued, exchanged, session, 'open-sesame', siteadmin.password]) {
    t.notMatch(journal, secret)
  }
})
