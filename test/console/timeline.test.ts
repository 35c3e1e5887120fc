// The timeline of the console in a browser: what it shows, and how the clock is moved with pointer and keys.
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import type { Page } from 'playwright-core'
import t from 'tap'
import type { Firedrill } from '../../src/index.ts'
import { boot, call } from '../helpers.ts'
import { checkAccessibility, launch, open, overflowOf, PHONE } from './browser.ts'

const A9S = { authorization: 'Bearer demo-token' }
const INSTANCE = '/v1/instances/10000000-0000-4000-8000-000000000001'
const BACKUP_MS = 28_000

const startBackup = (server: Firedrill) => call(server, { method: 'POST', path: `${INSTANCE}/backups`, headers: A9S })
const nowOf = ({ default: sandbox }: Firedrill) => Date.parse(sandbox.clock.get().now)
const START = Date.parse('2026-06-10T12:00:00Z')

const item = (page: Page, name: RegExp) => page.getByRole('group', { name: /^Items/ }).getByRole('button', { name })
const slider = (page: Page) => page.getByRole('slider', { name: /^Now/ })
/** The number of elements of the page. */
const elementsOf = (page: Page) => page.evaluate<number>('document.querySelectorAll("*").length')

/** Jobs that were submitted one after another and have ended. */
function manyJobs(count: number): object[] {
  return Array.from({ length: count }, (_, index) => ({
    api: 'dscloud',
    id: `backup/${index}`,
    kind: 'backup',
    subject: { appId: 'a', sizeBytes: 4096 },
    submittedAt: new Date(START - index * 600).toISOString(),
    phases: [{ name: 'running', endAt: new Date(START - index * 600).toISOString() }],
    ending: { state: 'completed' },
    settledPhases: 1,
  }))
}

/** Sends requests on some connections at once, without looking at the answers. */
async function sendMany(url: string, count: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 20 })
  await Promise.all(
    Array.from({ length: count }, async () => {
      const outgoing = request(url, { agent, headers: A9S }).end()
      const [response] = await once(outgoing, 'response')
      await response.resume().toArray()
    }),
  )
  agent.destroy()
}

t.test('timeline', async t => {
  const browser = await launch(t)

  await t.test(
    'jobs, requests, faults, recurring events and plans are shown as they come, and lead to themselves',
    async t => {
      const server = await boot(t)
      const page = await open(t, browser, server)
      await page.getByText('Nothing yet. Start a job').waitFor()

      await startBackup(server)
      await item(page, /^Backup of a9s; backup\/.*running, phase queued/).click()
      await page.getByRole('complementary', { name: 'Details' }).getByText('createInstanceBackup').waitFor()
      t.match(new URL(page.url()).searchParams.get('selected'), /^job:a9s:backup\//)
      server.default.faults.arm({ operation: 'listInstanceBackups', fault: 'status', status: 503, times: 1 })
      await call(server, { path: `${INSTANCE}/backups`, headers: A9S, contract: false })
      await item(page, /^GET .* 503; fault status/).click()
      await page.getByRole('link', { name: /GET .*503/ }).click()
      t.match(new URL(page.url()).search, /view=requests&entry=/)
      await page.goBack()
      server.default.faults.armPlan({ name: 'outage-of-ten-minutes' })
      await page.reload()
      await item(page, /^Plan outage-of-ten-minutes, stage 2; faults: proxy-error/).waitFor()
      await checkAccessibility(t, page, 'a timeline with everything')
      await page.getByRole('button', { name: 'List', exact: true }).click()
      await page.getByRole('row').filter({ hasText: 'Backup submitted' }).waitFor()
      await page.getByRole('row').filter({ hasText: 'fault status' }).waitFor()
      const list = page.getByRole('grid')
      await list.focus()
      for (const key of ['Home', 'ArrowDown', 'ArrowDown', 'ArrowDown']) await page.keyboard.press(key)
      await page.locator('[aria-rowindex="5"][aria-selected="true"]').waitFor()
      await checkAccessibility(t, page, 'the list')
    },
  )

  await t.test('the handle is dragged forward, never back, and what fires is listed', async t => {
    const server = await boot(t)
    await startBackup(server)
    const page = await open(t, browser, server)
    const handle = slider(page)
    const box = await handle.boundingBox()
    if (!box) throw new Error('the handle is not shown')
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]

    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x - 60, y)
    await page.getByText('The clock only moves forward.').waitFor()
    await page.mouse.up()
    t.equal(nowOf(server), START)
    t.match(await page.getByRole('link', { name: /^Rewind/ }).getAttribute('href'), /view=sandboxes&at=2026-06-10T11/)

    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + 200, y, { steps: 4 })
    await page.getByText('2 events due').waitFor()
    await page.keyboard.press('Escape')
    await page.mouse.up()
    t.equal(nowOf(server), START, 'Escape ends the move')

    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + 200, y, { steps: 4 })
    await page.mouse.up()
    await page
      .getByText(/^The clock is at .*: 2 events happened\.$/)
      .first()
      .waitFor()
    t.ok(nowOf(server) > START + BACKUP_MS)
    await page.getByRole('listitem').filter({ hasText: 'completed' }).waitFor()
    await item(page, /^Backup of a9s; .*; completed;/).waitFor()
  })

  await t.test('everything by keyboard only', async t => {
    const server = await boot(t)
    await startBackup(server)
    const page = await open(t, browser, server, '/', { allowedErrors: /409/ })
    await item(page, /^Backup of a9s/).waitFor()
    await page.keyboard.press('n')
    await item(page, /phase running/).waitFor()
    t.equal(nowOf(server), START + 1000, 'n: the next event')
    await page.keyboard.press('i')
    await item(page, /^Backup of a9s; .*; completed;/).waitFor()
    t.equal(nowOf(server), START + BACKUP_MS, 'i: until idle')
    await page.keyboard.press('m')
    await page
      .getByText(/12:01:28: nothing was due/)
      .first()
      .waitFor()
    await page.keyboard.press('h')
    await page
      .getByText(/13:01:28: nothing was due/)
      .first()
      .waitFor()

    const goal = page.getByRole('textbox', { name: /^Advance to a date/ })
    await goal.fill('+90s')
    await page.keyboard.press('Enter')
    await page
      .getByText(/13:02:58: nothing was due/)
      .first()
      .waitFor()
    await goal.fill('2026-06-12')
    await page.keyboard.press('Enter')
    await page
      .getByText(/2026-06-12 00:00:00: \d+ events happened/)
      .first()
      .waitFor()
    await goal.fill('2020-01-01')
    await page.keyboard.press('Enter')
    await page.getByText('the clock only moves forward', { exact: false }).waitFor()

    await slider(page).focus()
    await page.keyboard.press('ArrowRight')
    t.match(await slider(page).getAttribute('aria-valuetext'), /^advance by .* to 2026-06-12 .*; Enter applies$/)
    const before = nowOf(server)
    await page.keyboard.press('Enter')
    // The target is gone at once, the handle moves when the server has answered.
    await page.waitForFunction(`document.querySelector('[role=slider]').ariaValueNow > ${before}`)
    t.ok(nowOf(server) > before)

    await page.keyboard.press('0')
    await page.getByRole('button', { name: 'All', exact: true }).press('Enter')
    await page.waitForURL(/from=/)
    const first = page.getByRole('group', { name: /^Items/ }).locator('[tabindex="0"]')
    await first.focus()
    const name = await first.getAttribute('aria-label')
    await page.keyboard.press('ArrowRight')
    t.not(await page.locator(':focus').getAttribute('aria-label'), name, 'arrow keys go from item to item')
    await page.keyboard.press('Enter')
    await page.getByRole('complementary', { name: 'Details' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('complementary', { name: 'Events' }).waitFor()
  })

  await t.test('the clock plays, and what happens meanwhile appears', async t => {
    const server = await boot(t)
    await startBackup(server)
    const page = await open(t, browser, server)
    await page.getByRole('radio', { name: '3600×' }).check()
    await page.keyboard.press('l')
    await page.getByRole('grid').waitFor()
    await page.keyboard.press('l')
    await page.getByRole('listitem').filter({ hasText: 'completed' }).waitFor()
    t.match(server.default.clock.get(), { mode: 'scaled', factor: 3600 })
    await page.getByRole('radio', { name: 'Stop' }).focus()
    await page.getByRole('radio', { name: 'Stop' }).check()
    await page.locator('.clock-text').getByText('frozen').waitFor()
    const stoppedAt = nowOf(server)
    t.ok(stoppedAt > START + BACKUP_MS)
    await page.getByRole('main').getByText(new Date(stoppedAt).toISOString().slice(11, 19)).first().waitFor()
    t.equal(nowOf(server), stoppedAt, 'the clock stands still')
  })

  await t.test('a job is ended by hand', async t => {
    const server = await boot(t)
    await startBackup(server)
    const page = await open(t, browser, server)
    await item(page, /^Backup of a9s/).click()
    await page.getByRole('button', { name: 'Fail…' }).click()
    await page.getByLabel('Reason').fill('<b>disk</b> full')
    await page.keyboard.press('Enter')
    await page.getByText('<b>disk</b> full').waitFor()
    t.match(server.default.jobs.list().at(-1), { state: 'failed', reason: '<b>disk</b> full' })
  })

  await t.test('10,000 requests and 1,000 jobs: a limited number of elements', async t => {
    const server = await boot(t, { journalEntries: 10_000, journalBytes: 256 * 1024 ** 2 })
    const page = await open(t, browser, server)
    await slider(page).waitFor()
    const empty = await elementsOf(page)
    await page.goto('about:blank')
    const { default: sandbox } = server
    sandbox.state.import({ ...sandbox.state.export(), jobs: manyJobs(1000) })
    for (let index = 0; index < 20; index++) {
      await sendMany(`${server.url}/v1/instances/unknown`, 500)
      sandbox.clock.advance({ by: '30s' })
    }
    t.equal(sandbox.requests.list({ limit: 0 }).meta.total, 10_000)
    await page.goto(server.url)
    await item(page, /requests?;/)
      .first()
      .waitFor()
    const limit = empty + 1500
    t.ok((await elementsOf(page)) < limit, `${await elementsOf(page)} elements, ${empty} when empty`)
    for (const key of ['+', '+', '-', '-', '-', '-']) {
      await page.keyboard.press(key)
      t.ok((await elementsOf(page)) < limit)
    }
    await page.getByRole('button', { name: 'List', exact: true }).click()
    await page.getByRole('row').first().waitFor()
    t.ok((await elementsOf(page)) < limit)
  })

  await t.test('a phone', async t => {
    const server = await boot(t)
    await startBackup(server)
    const page = await open(t, browser, server, '/', { viewport: PHONE })
    await item(page, /^Backup of a9s/).click()
    await page.getByRole('button', { name: 'Finish' }).click()
    await page.getByText('The job has ended').waitFor()
    t.equal(await overflowOf(page), 0)
    await checkAccessibility(t, page, 'a phone')
  })
})
