// The requests view of the console in a browser: one request in all its parts, filter, actions, keyboard, a phone.
import type { Page } from 'playwright-core'
import t from 'tap'
import { boot, call } from '../helpers.ts'
import { checkAccessibility, launch, open, overflowOf, PHONE } from './browser.ts'

const INSTANCE = '/v1/instances/10000000-0000-4000-8000-000000000001'
const BEARER = { authorization: 'Bearer demo-token' }
const FILE = '/backend/api/v1/disasterRecoveryFiles/123'
const KEY = { authorization: 'Bearer YOUR_API_KEY', accept: 'application/x-7z-compressed' }

const rowsOf = (page: Page) => page.getByRole('grid', { name: 'Requests' }).getByRole('row')
const rowWith = (page: Page, text: string) => rowsOf(page).filter({ hasText: text })
const tab = (page: Page, name: string) => page.getByRole('tab', { name, exact: true })
const isLive = (page: Page) => page.getByText('Live', { exact: true }).waitFor()

t.test('in a browser', async t => {
  const browser = await launch(t)

  await t.test('one request: headers, bodies, explanation, exports', async t => {
    const server = await boot(t)
    const body = { encryption_key: 'second-encryption-key' }
    await call(server, { method: 'POST', path: `${INSTANCE}/disaster-recovery/prepare?x=1`, headers: BEARER, body })
    const page = await open(t, browser, server, '/?view=requests', {
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    await rowWith(page, 'prepareDisasterRecovery').click()
    await page.getByText('"backup_guid"').waitFor()
    await page.getByRole('row', { name: 'content-type application/json' }).waitFor()
    await checkAccessibility(t, page, 'response')
    await tab(page, 'Request').click()
    await page.getByText('"encryption_key"').waitFor()
    t.equal(await page.getByText('second-encryption-key').count(), 0, 'secrets are not shown')
    await tab(page, 'Why').click()
    await page.getByText('Answered 200: all checks passed.').waitFor()
    t.equal(await page.getByRole('list', { name: 'Stages' }).getByRole('listitem').count(), 7)
    await checkAccessibility(t, page, 'why')
    await tab(page, 'Export').click()
    await page.getByRole('figure', { name: '.http file' }).getByText('{{FIREDRILL_CREDENTIAL}}').waitFor()
    await page.getByRole('button', { name: 'curl', exact: true }).click()
    await page.getByText('The curl command was copied').waitFor()
    const copied = await page.evaluate<string>('navigator.clipboard.readText()')
    t.equal(copied, server.default.requests.curl(server.default.requests.list().requests[0]?.id ?? ''))
    await page.reload()
    await page.getByRole('figure', { name: 'Exchange' }).getByText('HTTP/1.1 200 OK').waitFor()
  })

  await t.test('forms are tables, and archives are listed', async t => {
    const server = await boot(t)
    await call(server, {
      method: 'POST',
      path: '/arcgis/sharing/rest/generateToken',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'username=siteadmin&password=siteadmin.pass1&f=json',
    })
    await call(server, { path: FILE, headers: { ...KEY, range: 'bytes=0-9' } })
    const page = await open(t, browser, server, '/?view=requests&part=request')
    await rowWith(page, 'generateToken').click()
    await page.getByRole('row', { name: 'username siteadmin' }).waitFor()
    await page.getByRole('row', { name: 'password [redacted]' }).waitFor()
    await rowWith(page, FILE).click()
    await tab(page, 'Response').click()
    await page.getByRole('row', { name: 'Sent bytes 0–9' }).waitFor()
    await page.getByRole('columnheader', { name: 'Entry' }).waitFor()
    t.ok((await page.getByText('not sent').count()) > 0)
    await checkAccessibility(t, page, 'archive')
  })

  await t.test('filter, faults, forced answers, clear, HAR: with the keyboard only', async t => {
    const server = await boot(t)
    server.default.faults.arm({ operation: 'listRestores', fault: 'reset', times: 1 })
    await call(server, { path: `${INSTANCE}/backups`, headers: BEARER })
    await call(server, { path: '/nowhere', contract: false })
    await call(server, { path: `${INSTANCE}/backups`, headers: { ...BEARER, prefer: 'code=404' } })
    await t.rejects(call(server, { path: `${INSTANCE}/restores`, headers: BEARER }))
    const page = await open(t, browser, server, '/?view=requests')
    const press = (...keys: string[]) =>
      keys.reduce((done, key) => done.then(() => page.keyboard.press(key)), isLive(page))
    const type = (text: string) => page.keyboard.type(text)
    await rowsOf(page).nth(4).waitFor()
    await press('/')
    await type('fault:')
    await page.getByText('1 of 4 requests').waitFor()
    await rowWith(page, 'reset').waitFor()
    await press('Escape')
    await page.getByText('4 requests', { exact: true }).waitFor()
    await type('is:unmatched')
    await page.getByText('1 of 4 requests').waitFor()
    t.match(page.url(), /filter=is%3Aunmatched/)
    await press('Escape')
    await type('forced: status:4xx')
    await page.getByText('1 of 4 requests').waitFor()
    await press('Escape', 'Escape', 'j')
    await page.getByText('No response was sent').waitFor()
    await press('j')
    await page.getByRole('heading', { name: /404 GET/ }).waitFor()
    await press('k', 'j', 'j', 'j')
    await page.getByRole('heading', { name: /200 GET/ }).waitFor()
    await press('Escape')
    t.notMatch(page.url(), /entry=/)
    await page.getByRole('grid').focus()
    await press('End', 'Enter')
    await page.getByRole('heading', { name: /200 GET/ }).waitFor()
    t.equal(await page.evaluate('document.activeElement.id'), 'request')
    await page.getByRole('button', { name: 'Force an answer' }).focus()
    await press('Enter')
    await page.getByRole('dialog').getByLabel('Answer', { exact: true }).waitFor()
    await checkAccessibility(t, page, 'force an answer')
    await page.getByLabel('Answer', { exact: true }).press('End')
    const chosen = await page.getByLabel('Answer', { exact: true }).inputValue()
    await press('Tab', 'ArrowUp', 'Enter')
    await page.getByText(`${chosen} is armed for the next 2 requests of listInstanceBackups`).waitFor()
    t.match(server.default.faults.list().at(-1), { operation: 'listInstanceBackups', name: chosen, times: 2 })
    t.match(
      await page.getByRole('link', { name: 'Fault this operation' }).getAttribute('href'),
      /view=faults&operation=listInstanceBackups/,
    )
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'HAR' }).focus()
    await press('Enter')
    t.equal((await download).suggestedFilename(), 'default.har')
    await page.getByRole('button', { name: 'Clear' }).focus()
    await press('Enter')
    await page.getByRole('dialog', { name: 'Clear the journal?' }).waitFor()
    await press('Tab', 'Tab', 'Enter')
    await page.getByRole('heading', { name: 'No requests yet' }).waitFor()
    t.same(server.default.requests.list().requests, [])
  })

  await t.test('a phone shows all of it without scrolling sideways', async t => {
    const server = await boot(t)
    await call(server, { path: `${INSTANCE}/backups?${'x'.repeat(300)}`, headers: BEARER, contract: false })
    const page = await open(t, browser, server, '/?view=requests', { viewport: PHONE })
    await rowWith(page, 'GET').click()
    for (const name of ['Response', 'Request', 'Why', 'Export']) {
      await tab(page, name).click()
      await page.locator('.message').waitFor()
      t.equal(await overflowOf(page), 0, name)
    }
    await checkAccessibility(t, page, 'phone')
    await page.getByRole('button', { name: 'Close', exact: true }).click()
    await rowWith(page, 'GET').waitFor()
    t.equal(await overflowOf(page), 0)
  })
})
