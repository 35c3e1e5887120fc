// The guided demo in a browser: every step by keyboard, with real requests, in a sandbox that it creates and deletes.
import t from 'tap'
import { boot } from '../helpers.ts'
import { checkAccessibility, launch, open, overflowOf, PHONE } from './browser.ts'

t.test('in a browser', async t => {
  const browser = await launch(t)

  await t.test('the demo shows a backup, a jump in time and a fault, and deletes its sandbox', async t => {
    const server = await boot(t)
    const names = () => server.sandboxes.list().map(({ name }) => name)
    const page = await open(t, browser, server, '/?demo', { allowedErrors: /502|404/ })
    const demo = page.getByRole('complementary', { name: 'Guided demo' })
    const shows = (title: string) => demo.getByRole('heading', { name: title }).waitFor()
    const next = async (title: string) => {
      await page.locator('.demo .primary:focus').waitFor()
      await page.keyboard.press('Enter')
      await shows(title)
    }
    await shows('Firedrill in three minutes')
    await checkAccessibility(t, page, 'the start of the demo')
    await next('Create a backup')
    t.same(names(), ['default', 'guided-demo-1'])
    await next('The job is queued')
    t.match(page.url(), /demo=2.*sandbox=guided-demo-1.*view=requests.*entry=/)
    await page.getByText('job to backup is queued').first().waitFor()
    await checkAccessibility(t, page, 'a request of the demo')
    await next('Not yet: no time has passed')
    await next('Time has passed')
    t.equal(server.sandbox('guided-demo-1').clock.get().now, '2026-06-10T12:00:28.000Z')
    await page.reload()
    await next('The backup is done')
    const { requests } = server.sandbox('guided-demo-1').requests.list({})
    t.match(requests[0]?.response?.body, /"status":"done"/)
    await next('A fault is armed')
    await page.getByText('0 hits').waitFor()
    await next('The client gets a 502')
    await next('That worked, and here is the proof')
    await page.getByText('1 hit', { exact: true }).waitFor()
    await page.setViewportSize(PHONE)
    t.equal(await overflowOf(page), 0)
    await page.locator('.demo .primary:focus').waitFor()
    await page.keyboard.press('Enter')
    await demo.waitFor({ state: 'detached' })
    await page.getByLabel('Filter by title or client mistake').waitFor()
    await t.resolves(page.waitForURL(/\?view=drills$/))
    t.same(names(), ['default'])
  })

  await t.test('the demo can be left at any time, and deletes no sandbox but its own', async t => {
    const server = await boot(t)
    server.sandboxes.create({ name: 'guided-demo-mine' })
    server.sandboxes.create({ name: 'guided-demo-1' })
    const page = await open(t, browser, server, '/?demo=2&sandbox=guided-demo-mine')
    await page.getByRole('heading', { name: 'Firedrill in three minutes' }).waitFor()
    await page.getByRole('button', { name: 'Start' }).click()
    await page.getByRole('heading', { name: 'Create a backup' }).waitFor()
    t.match(page.url(), /sandbox=guided-demo-2/)
    await page.getByRole('link', { name: 'Faults', exact: true }).click()
    await page.getByRole('heading', { name: 'No fault is armed' }).waitFor()
    await page.getByRole('heading', { name: 'Create a backup' }).waitFor()
    await page.getByRole('button', { name: 'Leave the demo' }).click()
    await page.getByRole('complementary', { name: 'Guided demo' }).waitFor({ state: 'detached' })
    await page.getByText('Live', { exact: true }).waitFor()
    t.same(
      server.sandboxes.list().map(({ name }) => name),
      ['default', 'guided-demo-1', 'guided-demo-mine'],
    )
  })
})
