// The view of the sandboxes in a browser: create, show, snapshot, restore, rewind, reset and delete, with the keyboard and on a phone.
import t from 'tap'
import { nextName } from '../../src/console/views/sandboxes/names.ts'
import { REQUESTS } from '../fault-requests.ts'
import { boot, call, createSandbox } from '../helpers.ts'
import { checkAccessibility, launch, open, overflowOf, PHONE } from './browser.ts'

const create = { ...REQUESTS.generateToken, path: `/@t1${REQUESTS.generateToken.path}` }
const list = { ...REQUESTS.listDisasterRecoveryFiles, path: `/@t1${REQUESTS.listDisasterRecoveryFiles.path}` }

t.test('the next free name', async t => {
  t.equal(nextName('t1', []), 't1-2')
  t.equal(nextName('t1-2', ['t1', 't1-2', 't1-3']), 't1-4')
  t.equal(nextName('test', ['test-1'], 1), 'test-2')
})

t.test('in a browser', async t => {
  const browser = await launch(t)

  await t.test('a sandbox is created from a scenario, shown, reset and deleted', async t => {
    const server = await boot(t)
    const page = await open(t, browser, server, '/?view=sandboxes')
    await page.getByText('default has no history').waitFor()
    await page.getByRole('button', { name: 'New sandbox', exact: true }).click()
    await page.getByLabel('Begins with').selectOption('scenario:busy')
    await page.getByLabel('Clock').selectOption('frozen')
    await checkAccessibility(t, page, 'the dialog of a new sandbox')
    await page.getByRole('button', { name: 'Create', exact: true }).click()
    await page.waitForURL(/sandbox=test-1/)
    await page.getByText('Live', { exact: true }).waitFor()
    t.match(server.sandbox('test-1').clock.get(), { mode: 'frozen' })
    t.ok(server.sandbox('test-1').jobs.list().length > server.default.jobs.list().length, 'the scenario')
    await checkAccessibility(t, page, 'the sandboxes')
    await page.getByRole('button', { name: 'Reset test-1' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Reset' }).click()
    await page.getByText('Sandbox test-1 reset').waitFor()
    await page.getByRole('button', { name: 'Delete test-1' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.waitForURL(/sandbox=default/)
    t.same(
      server.sandboxes.list().map(({ name }) => name),
      ['default'],
    )
  })

  await t.test('a snapshot is taken, restored, made a new sandbox of, and deleted', async t => {
    const server = await boot(t)
    const t1 = createSandbox(server, { name: 't1' })
    const page = await open(t, browser, server, '/?view=sandboxes&sandbox=t1', { allowedErrors: /409/ })
    await page.getByLabel('Snapshot of t1').fill('before')
    await page.getByRole('button', { name: 'Take snapshot' }).click()
    await page.getByText('Snapshot before taken').waitFor()
    t1.clock.advance({ by: '1h' })
    await page.getByRole('button', { name: 'Restore before into t1' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click()
    await page.getByText('Snapshot before restored').waitFor()
    t.equal(t1.clock.get().now, '2026-06-10T12:00:00.000Z')
    await page.getByRole('button', { name: 'New sandbox', exact: true }).click()
    await page.getByLabel('Begins with').selectOption('snapshot:before')
    await page.getByRole('dialog').getByLabel('Name').fill('default')
    await page.getByRole('button', { name: 'Create', exact: true }).click()
    await page.getByText('Sandbox "default" already exists').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Delete snapshot before' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByText('Snapshot before deleted').waitFor()
    t.same(server.default.snapshots.list(), [])
  })

  await t.test('a request is chosen with the keyboard, and a new sandbox begins right after it', async t => {
    const server = await boot(t, { history: 100 })
    const t1 = createSandbox(server, { name: 't1' })
    await call(server, create)
    const state = t1.state.export()
    t1.clock.advance({ by: '1h' })
    await call(server, list)
    const [second, first] = t1.requests.list().requests
    const path = `/?view=requests&sandbox=t1&entry=${second?.id}`
    const page = await open(t, browser, server, path, { allowedErrors: /409/ })
    await page.getByRole('link', { name: 'Rewind', exact: true }).click()
    await page.waitForURL(new RegExp(`view=sandboxes.*at=${second?.id}`))
    const moments = page.getByRole('grid', { name: 'Moments' })
    await moments.getByRole('row').nth(2).waitFor()
    await moments.focus()
    await page.keyboard.press('End')
    await page.waitForURL(new RegExp(`at=${first?.id}`))
    await checkAccessibility(t, page, 'a chosen moment')
    await page.getByLabel('Name of the new sandbox').focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(/sandbox=t1-2/)
    t.same(server.sandbox('t1-2').state.export(), state)
    t.equal(t1.clock.get().now, '2026-06-10T13:00:00.000Z')
    await page.goBack()
    await page.getByRole('textbox', { name: 'Moment' }).fill('-2h')
    await page.getByRole('button', { name: 'Rewind into a new sandbox' }).click()
    await page
      .getByText(/is too early: the history of sandbox "t1" reaches back to 2026-06-10T12:00:00.000Z/i)
      .waitFor()
    await page.getByRole('textbox', { name: 'Moment' }).fill('-30m')
    await page.getByRole('button', { name: 'Rewind into a new sandbox' }).click()
    await page.waitForURL(/sandbox=t1-3/)
    t.equal(server.sandbox('t1-3').clock.get().now, '2026-06-10T12:30:00.000Z')
  })

  await t.test('on a phone nothing is wider than the window', async t => {
    const server = await boot(t, { history: 100 })
    createSandbox(server, { name: `t1-${'long'.repeat(15)}` })
    createSandbox(server, { name: 't1' }).snapshots.take({ name: 'kept' })
    await call(server, create)
    const page = await open(t, browser, server, '/?view=sandboxes&sandbox=t1', { viewport: PHONE })
    await page.getByRole('button', { name: 'Delete snapshot kept' }).waitFor()
    await page.getByRole('grid', { name: 'Moments' }).waitFor()
    t.equal(await overflowOf(page), 0)
    await page.getByRole('button', { name: 'New sandbox', exact: true }).click()
    t.equal(await overflowOf(page), 0)
  })
})
