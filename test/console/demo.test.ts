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
    const [, name = ''] = names()
    t.match(names(), ['default', /^guided-demo-[0-9a-f]{8}$/])
    await next('The job is queued')
    t.match(page.url(), /demo=2.*sandbox=guided-demo-[0-9a-f]{8}&view=requests.*entry=/)
    await page.getByText('job to backup is queued').first().waitFor()
    await checkAccessibility(t, page, 'a request of the demo')
    await next('Not yet: no time has passed')
    await next('Time has passed')
    t.equal(server.sandbox(name).clock.get().now, '2026-06-10T12:00:28.000Z')
    await page.reload()
    await next('The backup is done')
    const { requests } = server.sandbox(name).requests.list({})
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
    server.sandboxes.create({ name: 'guided-demo-0000abcd' })
    const page = await open(t, browser, server, '/?demo=2&sandbox=guided-demo-mine')
    await page.getByRole('heading', { name: 'Firedrill in three minutes' }).waitFor()
    await page.getByRole('button', { name: 'Start' }).click()
    await page.getByRole('heading', { name: 'Create a backup' }).waitFor()
    t.equal(server.sandboxes.list().length, 4)
    await page.getByRole('link', { name: 'Faults', exact: true }).click()
    await page.getByRole('heading', { name: 'No fault is armed' }).waitFor()
    await page.getByRole('heading', { name: 'Create a backup' }).waitFor()
    await page.getByRole('button', { name: 'Leave the demo' }).click()
    await page.getByRole('complementary', { name: 'Guided demo' }).waitFor({ state: 'detached' })
    await page.getByText('Live', { exact: true }).waitFor()
    t.same(
      server.sandboxes.list().map(({ name }) => name),
      ['default', 'guided-demo-0000abcd', 'guided-demo-mine'],
    )
  })

  await t.test('a new demo deletes those of this browser whose tabs were closed, and no other', async t => {
    const server = await boot(t)
    const names = () => server.sandboxes.list().map(({ name }) => name)
    server.sandboxes.create({ name: 'guided-demo-0000abcd' })
    const context = await browser.newContext()
    t.teardown(() => context.close())
    const startDemo = async () => {
      const page = await context.newPage()
      const before = names()
      await page.goto(new URL('/?demo', server.url).href)
      await page.getByRole('button', { name: 'Start' }).click()
      await page.getByRole('heading', { name: 'Create a backup' }).waitFor()
      const [name = ''] = names().filter(each => !before.includes(each))
      return { page, name }
    }
    const closed = await startDemo()
    const open = await startDemo()
    t.ok(names().includes(closed.name), 'its tab is open')
    await closed.page.close()
    // It is looked at without the demo.
    await open.page.getByRole('link', { name: 'Faults', exact: true }).click()
    await open.page.goto(new URL(`/?sandbox=${open.name}`, server.url).href)
    await open.page.getByText('Live', { exact: true }).waitFor()
    const last = await startDemo()
    t.same(names().toSorted(), ['default', 'guided-demo-0000abcd', open.name, last.name].toSorted())
  })
})
