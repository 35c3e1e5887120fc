// The view of drills in a browser: a run from its start to its verdict, and certifications.
import t from 'tap'
import { boot, call } from '../helpers.ts'
import { checkAccessibility, launch, open, overflowOf, PHONE } from './browser.ts'

const PREPARE = {
  ...{ method: 'POST', path: '/v1/instances/10000000-0000-4000-8000-000000000001/disaster-recovery/prepare' },
  ...{ headers: { authorization: 'Bearer demo-token' }, contract: false },
} as const

t.test('in a browser', async t => {
  const browser = await launch(t)
  const server = await boot(t)

  await t.test('a drill is found by the mistake that it detects, run, and judged with evidence', async t => {
    const page = await open(t, browser, server, '/?view=drills', { allowedErrors: /400/ })
    await page.getByLabel('Filter by title or client mistake').fill('first 502')
    await page.getByRole('combobox', { name: 'API' }).selectOption('a9s')
    await checkAccessibility(t, page, 'a filtered list')
    await page.getByRole('link', { name: /Retry once after a bad gateway/ }).click()
    await page.getByText('A failure of a gateway is often temporary').first().waitFor()
    await checkAccessibility(t, page, 'a drill')
    await page.getByRole('button', { name: 'Start a run' }).click()
    await page.getByText('Waiting for the first call…').waitFor()
    const task = page.getByRole('region', { name: 'Task' })
    t.match(await task.getByRole('figure', { name: 'Credentials' }).textContent(), /demo-token/)
    const url = (await task.getByRole('figure', { name: 'URL' }).textContent()) ?? ''
    t.equal(url, `${server.url}/@drill-retry-502-1`)

    const prepare = { ...PREPARE, path: `/@drill-retry-502-1${PREPARE.path}` }
    t.equal((await call(server, prepare)).status, 502)
    await page.getByText('1 call', { exact: true }).waitFor()
    server.sandbox('drill-retry-502-1').clock.advance({ by: '1s' })
    t.equal((await call(server, prepare)).status, 200)
    const verdict = page.getByRole('region', { name: 'Verdict' })
    await verdict.getByText('4 of 5 requirements passed so far.').waitFor()
    await page.getByLabel('success').check()
    await verdict.getByText('5 of 5 requirements passed.').waitFor()
    t.match(page.url(), /sandbox=drill-retry-502-1.*outcome=success/)
    await checkAccessibility(t, page, 'a verdict')

    await page.getByLabel('failure').check()
    await verdict.getByText('4 of 5 requirements passed.').waitFor()
    await verdict
      .getByRole('link', { name: /^Request 1: POST prepareDisasterRecovery, 502/ })
      .first()
      .click()
    t.match(page.url(), /view=requests.*entry=/)
    await page.goBack()
    await page.setViewportSize(PHONE)
    await page.getByText('Expected the client to report success; it reported failure.').waitFor()
    t.equal(await overflowOf(page), 0)
    await page.getByRole('button', { name: 'Delete the run' }).click()
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await page.getByRole('button', { name: 'Start a run' }).waitFor()
    t.same(
      server.sandboxes.list().map(({ name }) => name),
      ['default'],
    )
  })

  await t.test('what a client reported can be refused, with the reason at its field', async t => {
    const page = await open(t, browser, server, '/?view=drills&drill=cut-anywhere', { allowedErrors: /400/ })
    await page.getByRole('button', { name: 'Start a run' }).click()
    await page.getByLabel('SHA-256 of the file').fill('123')
    await page.getByText(/^sha256 must/).waitFor()
    t.equal(await page.getByLabel('SHA-256 of the file').getAttribute('aria-invalid'), 'true')
  })

  await t.test('certifications show the verdict of each run', async t => {
    const page = await open(t, browser, server, '/?view=drills&tab=certifications', { viewport: PHONE })
    await page.getByRole('heading', { name: 'No certifications' }).waitFor()
    await checkAccessibility(t, page, 'no certifications')
    const { id } = server.certifications.create({ drills: 'retry-502', client: { name: 'my-client' } })
    server.certifications.next(id)
    await page.reload()
    await page.getByRole('heading', { name: 'my-client' }).waitFor()
    await page.getByText('Runs', { exact: true }).click()
    await page.getByRole('link', { name: 'Retry once after a bad gateway' }).waitFor()
    t.equal(await overflowOf(page), 0)
    await checkAccessibility(t, page, 'a certification')
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Report' }).click()
    t.equal((await download).suggestedFilename(), `${id}.html`)
    await page.getByRole('button', { name: 'Delete the certification of my-client' }).click()
    await page.getByRole('heading', { name: 'No certifications' }).waitFor()
  })
})
