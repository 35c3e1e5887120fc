// The data view of the console in a browser: tables, rows, downloads and jobs.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import t from 'tap'
import { boot, call } from '../helpers.ts'
import { checkAccessibility, launch, open, overflowOf, PHONE } from './browser.ts'

const DSCLOUD = { authorization: '23457145698959364-demo' }
const APP = '64d0c750212742ca8704fb458c9771af'
const runInShell = promisify(execFile)
/** Would run a script, were it read as HTML. */
const HOSTILE = `"><img src=x onerror=alert(1)><script>alert(2)</script>'\u202e\u0000`

t.test('data', async t => {
  const browser = await launch(t)

  await t.test('the rows of a table, a row with its job, and what can be done with the job', async t => {
    const server = await boot(t)
    const page = await open(t, browser, server, '/?view=data')
    await page.getByRole('grid', { name: 'Jobs' }).waitFor()
    await page
      .getByRole('navigation', { name: 'Tables' })
      .getByRole('link', { name: /^Backups/ })
      .nth(1)
      .click()
    await page.getByRole('columnheader', { name: 'App id' }).waitFor()
    await call(server, { method: 'POST', path: `/v3/apps/${APP}/backups`, headers: DSCLOUD })
    const made = page.getByRole('row').filter({ hasText: 'running' })
    await made.getByRole('link', { name: /^Row/ }).click()
    const details = page.getByRole('complementary', { name: 'The selected row' })
    await details.getByText('Utc offset minutes').waitFor()
    await checkAccessibility(t, page, 'a table')
    await details.getByRole('button', { name: 'Finish' }).click()
    await details.getByText('completed').waitFor()
    t.notMatch(await page.content(), /[0-9a-f]{40}/, 'keys of backups are redacted')
    await details.getByRole('link', { name: 'Show the job on the timeline' }).click()
    await page.getByRole('complementary', { name: 'Details' }).getByText('createApplicationBackup').waitFor()
  })

  await t.test('an empty table has a command that adds a row to it', async t => {
    const server = await boot(t)
    server.sandboxes.create({ name: 'mine' })
    const page = await open(t, browser, server, '/?view=data&sandbox=mine&table=a9s:restores')
    await page.getByRole('heading', { name: 'The table of restores is empty' }).waitFor()
    await checkAccessibility(t, page, 'an empty table')
    const command = (await page.locator('.empty pre').textContent()) ?? ''
    await runInShell('bash', ['-c', command])
    await page.getByRole('link', { name: 'Row 1', exact: true }).waitFor()
    t.equal(server.default.tables.read('a9s:restores').total, 0)
    await page.setViewportSize(PHONE)
    await page.goto(new URL('/?view=data&sandbox=mine&table=dscloud:usages', server.url).href)
    await page.getByText('It replaces everything that the sandbox contains').waitFor()
    t.equal(await overflowOf(page), 0)
  })

  await t.test('a file is downloaded, also where the server needs a token', async t => {
    for (const options of [{}, { adminToken: 'open-sesame' }]) {
      const server = await boot(t, options)
      const path = '/?view=data&table=dscloud:backups'
      const page = await open(t, browser, server, path, { allowedErrors: /401/ })
      if (options.adminToken !== undefined) {
        await page.getByLabel('Token', { exact: true }).fill(options.adminToken)
        await page.keyboard.press('Enter')
      }
      const role = options.adminToken === undefined ? 'link' : 'button'
      const started = page.waitForEvent('download')
      await page
        .getByRole(role, { name: /^Download/ })
        .first()
        .click()
      const download = await started
      t.match(download.suggestedFilename(), /\.zip$/)
      t.equal(
        readFileSync(await download.path())
          .subarray(0, 2)
          .toString(),
        'PK',
      )
    }
  })

  await t.test('hostile bytes are shown as text, by keyboard only', async t => {
    const server = await boot(t)
    const document = server.default.state.export() as Record<string, Record<string, Record<string, unknown>[]>>
    const apps = document.dscloud?.apps?.map(app => ({ ...app, name: HOSTILE, language: HOSTILE })) ?? []
    const items = document.arcgis?.items?.map(item => ({ ...item, title: HOSTILE, tags: [HOSTILE] })) ?? []
    server.default.state.import({
      ...document,
      dscloud: { ...document.dscloud, apps },
      arcgis: { ...document.arcgis, items },
    })
    for (const table of ['dscloud:apps', 'arcgis:items']) {
      const page = await open(t, browser, server, `/?view=data&table=${table}`)
      const row = page.getByRole('link', { name: 'Row 1', exact: true })
      await row.press('Enter')
      const details = page.getByRole('complementary', { name: 'The selected row' })
      await details.getByText('<script>alert(2)</script>').first().waitFor()
      await details.getByRole('button', { name: 'Close the details' }).press('Enter')
      await details.waitFor({ state: 'detached' })
    }
  })

  await t.test('more rows than fit on a page, and a phone', async t => {
    const server = await boot(t)
    const document = server.default.state.export() as Record<string, Record<string, Record<string, unknown>[]>>
    const app = document.dscloud?.apps?.[0]
    const apps = Array.from({ length: 250 }, (_, index) => ({ ...app, id: `app-${index}` }))
    const state = { ...document.dscloud, apps: [...(document.dscloud?.apps ?? []), ...apps] }
    server.default.state.import({ ...document, dscloud: state })
    const page = await open(t, browser, server, '/?view=data', { viewport: PHONE })
    await page.getByRole('combobox', { name: 'Table', exact: true }).selectOption('dscloud:apps')
    await page.getByText('1 to 100 of 253').waitFor()
    await page.getByRole('link', { name: 'Older' }).click()
    await page.getByText('101 to 200 of 253').waitFor()
    t.match(page.url(), /offset=100/)
    t.equal(await overflowOf(page), 0)
    await page.goBack()
    await page.getByText('1 to 100 of 253').waitFor()
  })
})
