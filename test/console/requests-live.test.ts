// The requests view of the console in a browser: hostile texts, many requests, a restarted server, sandboxes side by side.
import { connect } from 'node:net'
import type { Page } from 'playwright-core'
import t from 'tap'
import { start } from '../../src/index.ts'
import { boot, call } from '../helpers.ts'
import { checkAccessibility, launch, open } from './browser.ts'

const INSTANCE = '/v1/instances/10000000-0000-4000-8000-000000000001'
const BEARER = { authorization: 'Bearer demo-token' }

const rowsOf = (page: Page) => page.getByRole('grid', { name: 'Requests' }).getByRole('row')
const rowWith = (page: Page, text: string) => rowsOf(page).filter({ hasText: text })
const tab = (page: Page, name: string) => page.getByRole('tab', { name, exact: true })
const isLive = (page: Page) => page.getByText('Live', { exact: true }).waitFor()

/** Sends requests byte for byte over one connection, and waits until it is closed. */
function sendRaw(url: string, text: string): Promise<void> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text, 'latin1'))
    socket.on('error', reject)
    socket.on('close', () => resolve())
    socket.resume()
  })
}

t.test('in a browser', async t => {
  const browser = await launch(t)

  await t.test('hostile texts in every field are shown as text', async t => {
    const server = await boot(t)
    const hostile = `<img src=x onerror=alert(1)>"'&<script>alert(2)</script>{{x}}\u202e`
    const inUrl = encodeURIComponent(hostile)
    for (const path of [`/nowhere/${inUrl}?${inUrl}=${inUrl}`, `${INSTANCE}/backups?${inUrl}=${inUrl}`]) {
      await call(server, {
        method: 'POST',
        path,
        headers: { ...BEARER, 'x-hostile': '<script>alert(3)</script>' },
        body: hostile,
        contract: false,
      })
      await call(server, { method: 'POST', path, headers: BEARER, body: { [hostile]: hostile }, contract: false })
      await call(server, {
        method: 'POST',
        path,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: `${inUrl}=${inUrl}`,
        contract: false,
      })
    }
    await sendRaw(
      server.url,
      `GET /<script>alert(4)</script>?<b> HTTP/1.1\r\nHost: <b>\r\nX: <i>\r\nConnection: close\r\n\r\n`,
    )
    await call(server, { path: `/arcgis/admin/jobs?f=${inUrl}&token=${inUrl}`, contract: false })
    const page = await open(t, browser, server, `/?view=requests&filter=${inUrl}&part=${inUrl}`, {
      allowedErrors: /40[04]/,
    })
    await page.getByRole('button', { name: 'Show all' }).click()
    const entries = server.default.requests.list().requests
    t.ok(entries.length >= 8)
    for (const { request } of entries) {
      await page.keyboard.press('j')
      await page.getByRole('heading', { name: request.method }).waitFor()
      for (const part of ['Response', 'Request', 'Why', 'Export']) {
        await tab(page, part).click()
        await page.locator('.message').waitFor()
      }
    }
    t.equal(
      await page.evaluate('document.querySelectorAll("main script, main img, main iframe, main b, main i").length'),
      0,
    )
    await page.goto(`${server.url}/?sandbox=${inUrl}&view=${inUrl}`)
    await page.getByRole('heading', { name: 'There is no sandbox “<img' }).waitFor()
    await page.getByRole('button', { name: 'Create it' }).click()
    await page.locator('.toast.failed').waitFor()
  })

  await t.test('10,000 requests take a bounded number of elements', async t => {
    const server = await boot(t, { journalEntries: 20_000, journalBytes: 500_000_000 })
    const TOTAL = 10_000
    const heads = Array.from({ length: TOTAL }, (_, number) => `GET /flood/${number} HTTP/1.1\r\nHost: localhost\r\n`)
    await sendRaw(server.url, `${heads.join('\r\n')}Connection: close\r\n\r\n`)
    const page = await open(t, browser, server, '/?view=requests')
    page.setDefaultTimeout(60_000)
    await page.getByText('10,000 requests', { exact: true }).waitFor()
    const count = () => page.evaluate<number>('document.querySelectorAll("*").length')
    t.ok((await count()) < 1500, `${await count()} elements`)
    await page.getByRole('grid').press('End')
    await page.getByRole('heading', { name: /404 GET/ }).waitFor()
    await rowWith(page, '/flood/0').first().waitFor()
    t.ok((await count()) < 1500, `${await count()} elements at the end`)
    await page.getByLabel('Filter the requests').fill('path:/flood/77')
    await page.getByText('111 of 10,000 requests').waitFor()
    await call(server, { path: '/flood/77-more', contract: false })
    await page.getByText('112 of 10,001 requests').waitFor()
    server.default.requests.clear()
    await call(server, { path: '/flood/77-last', contract: false })
    await page.getByText('1 of 1 request', { exact: true }).waitFor()
  })

  await t.test('the server is restarted while the page is open', async t => {
    const first = await start({ clock: 'frozen:2026-06-10T12:00:00Z' })
    const port = Number(new URL(first.url).port)
    await call(first, { path: '/before', contract: false })
    const page = await open(t, browser, first, '/?view=requests', { allowedErrors: /ERR_/ })
    await rowWith(page, '/before').waitFor()
    await first.close()
    await page.getByText('The connection to the server is lost.').waitFor()
    await checkAccessibility(t, page, 'connection lost')
    const second = await boot(t, { port })
    await call(second, { path: '/after', contract: false })
    await rowWith(page, '/after').waitFor()
    await isLive(page)
    t.equal(await rowWith(page, '/before').count(), 0, 'all is read anew')
    await call(second, { path: '/live', contract: false })
    await rowWith(page, '/live').waitFor()
  })

  await t.test('two sandboxes side by side do not mix', async t => {
    const server = await boot(t)
    for (const name of ['left', 'right']) server.sandboxes.create({ name })
    const left = await open(t, browser, server, '/?view=requests&sandbox=left')
    const right = await open(t, browser, server, '/@right/?view=requests')
    await Promise.all([left, right].map(page => isLive(page)))
    for (let number = 0; number < 5; number += 1) {
      await call(server, { path: `/@left/l${number}`, contract: false })
      await call(server, { path: `/@right/r${number}`, contract: false })
    }
    await rowWith(left, '/l4').waitFor()
    await rowWith(right, '/r4').waitFor()
    t.equal(await rowWith(left, '/r').count(), 0)
    t.equal(await rowWith(right, '/l').count(), 0)
    await left.getByRole('combobox', { name: 'Sandbox' }).selectOption('right')
    await rowWith(left, '/r0').waitFor()
    t.equal(await rowWith(left, '/l').count(), 0)
  })
})
