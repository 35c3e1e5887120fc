// The view of faults in a browser: each kind has a form, and what is armed shows what it did.
import t from 'tap'
import { boot, call } from '../helpers.ts'
import { checkAccessibility, launch, open, overflowOf, PHONE } from './browser.ts'

const AUTHORIZATION = { authorization: 'Bearer demo-token' }
const BACKUPS = '/v1/instances/10000000-0000-4000-8000-000000000001/backups'

t.test('in a browser', async t => {
  const browser = await launch(t)

  await t.test('a fault is chosen, filled in, armed, seen at work and disarmed', async t => {
    const server = await boot(t)
    const page = await open(t, browser, server, '/?view=faults', { allowedErrors: /400/ })
    await page.getByRole('heading', { name: 'No fault is armed' }).waitFor()
    await checkAccessibility(t, page, 'no faults')
    await page.getByRole('button', { name: 'Open the catalogue' }).click()
    await page.getByLabel('Filter the faults').fill('timeout log-normal')
    t.equal(await page.getByRole('region', { name: 'Catalogue of faults' }).getByRole('listitem').count(), 1)
    await page.getByRole('link', { name: /^delay/ }).click()
    await page.getByText('There is no timeout, or a timeout that is too short').waitFor()
    await page.getByLabel('a uniformly distributed time').check()
    await page.getByLabel('minMs').fill('0')
    await page.getByLabel('Operation', { exact: true }).selectOption('listInstanceBackups')
    await page.getByRole('button', { name: 'Arm', exact: true }).click()
    await page.getByText(/^maxMs is required/).waitFor()
    t.equal(await page.getByLabel('maxMs').getAttribute('aria-invalid'), 'true', 'the error is at its field')
    await checkAccessibility(t, page, 'a form with an error')
    await page.getByLabel('maxMs').fill('1')
    await page.getByText('Only some of them').click()
    await page.getByLabel('range').selectOption('initial')
    await page.getByRole('button', { name: 'Add to headers' }).click()
    await page.getByLabel('Name 1 of headers').fill('accept')
    await page.getByLabel('Value 1 of headers').fill('{"contains": "json"}')
    await page.getByRole('spinbutton', { name: 'times' }).fill('1')
    await page.getByRole('button', { name: 'Arm', exact: true }).click()
    await page.getByText('of 0 matching requests').waitFor()
    t.match(server.default.faults.list(), [
      {
        ...{ fault: 'delay', distribution: 'uniform', minMs: 0, maxMs: 1, operation: 'listInstanceBackups', times: 1 },
        match: { range: 'initial', headers: { accept: { contains: 'json' } } },
      },
    ])
    await call(server, { path: BACKUPS, headers: { ...AUTHORIZATION, accept: 'application/json' }, contract: false })
    await page.getByText('1 hit', { exact: true }).waitFor()
    await page.getByText('used up').waitFor()
    await checkAccessibility(t, page, 'an armed fault')
    await page.getByRole('listitem').getByRole('link', { name: 'Requests' }).click()
    await page.getByRole('row').filter({ hasText: 'listInstanceBackups' }).waitFor()
    t.match(page.url(), /view=requests&filter=fault%3Adelay/)
    await page.goBack()
    await page.getByRole('button', { name: 'Disarm delay' }).click()
    await page.getByRole('heading', { name: 'No fault is armed' }).waitFor()
    t.same(server.default.faults.list(), [])
  })

  await t.test(
    'the URL chooses the operation, whose errors can be chosen; a sequence has a fault for each request',
    async t => {
      const server = await boot(t)
      const page = await open(t, browser, server, '/?view=faults&operation=listBackups&fault=error')
      await page.getByText('Choose a fault for listBackups').waitFor()
      await page.getByLabel('name').selectOption('TokenRequired')
      t.equal(
        await page.getByLabel('name').locator('option', { hasText: 'BadGateway' }).count(),
        0,
        'an error of another API',
      )
      await page.getByText(/^arcgis: \d+/).waitFor()
      await page.getByRole('button', { name: 'Arm', exact: true }).click()
      await page.getByText('0 hits').waitFor()
      t.match(server.default.faults.list(), [{ operation: 'listBackups', fault: 'error', name: 'TokenRequired' }])
      await page.getByRole('tab', { name: 'Catalogue' }).click()
      await page.getByRole('link', { name: /^sequence/ }).click()
      await page.getByRole('combobox', { name: 'Request 1' }).selectOption('no fault')
      await page.getByRole('button', { name: 'Add a request' }).click()
      await page.getByRole('combobox', { name: 'Request 2' }).selectOption('merge-patch')
      await page.getByRole('textbox', { name: 'patch' }).fill('{"state": "exploded"}')
      await page.getByRole('button', { name: 'Arm', exact: true }).click()
      await page.getByText('sequence: none, merge-patch', { exact: true }).waitFor()
      t.match(server.default.faults.list()[1], {
        sequence: [{ fault: 'none' }, { fault: 'merge-patch', patch: { state: 'exploded' } }],
      })
    },
  )

  await t.test('a plan shows its stages over virtual time; profiles are armed and cleared', async t => {
    const server = await boot(t, { clock: 'frozen:2026-06-10T12:00:00Z' })
    const page = await open(t, browser, server, '/?view=faults&tab=plans', { viewport: PHONE })
    await page.getByRole('button', { name: 'Arm outage-of-ten-minutes' }).click()
    const plan = page.getByRole('region', { name: 'Plan outage-of-ten-minutes' })
    await plan.getByText('stage 1 of 3').waitFor()
    t.equal(await overflowOf(page), 0)
    await plan.getByRole('button', { name: 'Advance to here' }).first().click()
    await plan.getByText('stage 2 of 3').waitFor()
    t.equal(server.default.clock.get().now, '2026-06-10T12:02:00.000Z')
    await checkAccessibility(t, page, 'an armed plan')
    await page.getByRole('tab', { name: 'Plans' }).click()
    await page.getByRole('button', { name: 'Change slow-night' }).click()
    await page
      .getByLabel('Plan', { exact: true })
      .fill('{"name": "mine", "stages": [{"from": "0s", "faults": [{"operation": "*", "fault": "hang"}]}]}')
    await checkAccessibility(t, page, 'a plan of a person')
    await page.getByRole('dialog').getByRole('button', { name: 'Arm' }).click()
    await page.getByRole('region', { name: 'Plan mine' }).waitFor()
    await page.getByRole('tab', { name: 'Profiles' }).click()
    t.equal(await overflowOf(page), 0)
    await checkAccessibility(t, page, 'profiles')
    await page.getByRole('button', { name: 'Arm slow-jobs' }).click()
    await page.getByText('3 job rules of profiles').waitFor()
    await page.getByRole('button', { name: 'Disarm all' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Disarm all' }).click()
    await page.getByRole('heading', { name: 'No fault is armed' }).waitFor()
    t.same([server.default.faults.list(), server.default.jobs.rules()], [[], []])
  })
})
