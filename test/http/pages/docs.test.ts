// The page at /docs in a browser: operations of each API can be tried, with their provenance and the credentials of the demo data.
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { accessibilityProblems, checkAccessibility, launch, open, overflowOf, PHONE } from '../../console/browser.ts'
import { boot, call, createSandbox } from '../../helpers.ts'

const browser = await launch(t)

interface Tried {
  api: string
  operation: string
  /** The section of the page that the operation is in. */
  tag?: string
  answer: RegExp
}

const TRIED: readonly Tried[] = [
  { api: 'a9s', operation: 'getInstance', answer: /orders-database/ },
  { api: 'dscloud', operation: 'listApplicationBackups', answer: /is_successful/ },
  { api: 'disaster-recovery-files', operation: 'listDisasterRecoveryFiles', answer: /database-backup/ },
  { api: 'arcgis', operation: 'getUserSelf', answer: /siteadmin/ },
  { api: 'control', tag: 'clock', operation: 'getClock', answer: /"now": "2026-/ },
]

/** Sends the request of the operation that is open, and returns what the page shows of the response. */
async function execute(page: Page): Promise<{ status: string; body: string }> {
  await page.locator('.opblock.is-open .execute').click()
  const response = page.locator('.live-responses-table tr.response').first()
  const status = await response.locator('.response-col_status').innerText()
  return { status, body: await response.locator('.response-col_description').innerText() }
}

t.test('an operation of each API can be tried in the sandbox of the page, and its provenance is shown', async t => {
  const server = await boot(t)
  const { requests, clock } = createSandbox(server, { name: 't1' })
  const page = await open(t, browser, server, '/@t1/docs?api=a9s#/a9s/getInstance')
  // Swagger UI takes its time to open a large document on a busy machine.
  page.setDefaultTimeout(60_000)
  for (const tried of TRIED) {
    const { api, tag = api, operation, answer } = tried
    if (api !== 'a9s') await page.goto(`${server.url}/@t1/docs?api=${api}#/${tag}/${operation}`)
    const { status, body } = await execute(page)
    t.match(status, /^2\d\d/, api)
    t.match(body, answer)
    t.equal(await page.locator('.errors-wrapper').count(), 0, 'all references of the operation are resolved')
    if (api === 'control') continue
    t.ok(
      requests.list().requests.some(({ firedrill }) => firedrill.operation === operation),
      'the sandbox got it',
    )
    const provenance = page.locator('.opblock.is-open .provenance')
    t.match(await provenance.locator('summary').innerText(), /^Where this comes from: \d+ documented/)
    t.equal(await provenance.locator('li').count(), await statementsOf(server, tried))
    if (api === 'a9s') await checkAccessibility(t, page, api)
    if (api === 'arcgis') await checkExpiredToken(t, page, () => clock.advance({ by: '30d' }))
  }
  t.same(server.default.requests.list().requests, [], 'no other sandbox got a request')
})

/** A token that has expired is replaced with the next request. */
async function checkExpiredToken(t: Test, page: Page, expire: () => void): Promise<void> {
  const send = page.locator('.opblock.is-open .execute')
  const body = page.locator('.live-responses-table tr.response .response-col_description').first()
  expire()
  await send.click()
  await body.filter({ hasText: 'Invalid token' }).waitFor()
  await send.click()
  await body.filter({ hasText: 'siteadmin' }).waitFor()
  t.pass('the page signed in again')
}

t.test('a request that could not sign in does not keep the next one from it', async t => {
  const server = await boot(t)
  server.default.faults.arm({ operation: 'generateToken', fault: 'status', status: 503, times: 1 })
  const path = '/docs?api=arcgis#/arcgis/getUserSelf'
  const page = await open(t, browser, server, path, { allowedErrors: /503/ })
  page.setDefaultTimeout(60_000)
  t.match((await execute(page)).body, /login/i, 'what the API answers without a token')
  await page.locator('.opblock.is-open .execute').click()
  await page.locator('.live-responses-table').filter({ hasText: 'siteadmin' }).first().waitFor()
  t.equal(server.default.faults.list()[0]?.hits, 1)
})

/** How many behaviours of the operation have a provenance. */
async function statementsOf(server: { url: string }, { api, operation }: Tried): Promise<number> {
  const { json } = await call(server, { path: `/openapi/${api}.json`, contract: false })
  const paths = Object.values<Record<string, { operationId: string; 'x-provenance': unknown[] }>>(json.paths)
  const found = paths.flatMap(path => Object.values(path)).find(({ operationId }) => operationId === operation)
  return found?.['x-provenance'].length ?? 0
}

t.test('the APIs are chosen by links, and a phone shows everything', async t => {
  const server = await boot(t)
  const page = await open(t, browser, server, '/docs', { viewport: PHONE })
  page.setDefaultTimeout(60_000)
  const links = page.getByRole('navigation', { name: 'APIs' }).getByRole('link')
  await links.filter({ hasText: 'DS Cloud' }).click()
  await page.getByRole('heading', { name: /^DS Cloud API v3/ }).waitFor()
  t.equal(await links.count(), 5)
  await page.getByRole('button', { name: /Get List of Application Backups/i }).click()
  await execute(page)
  t.equal(await overflowOf(page), 0)
  t.same(await accessibilityProblems(page), [], 'on a phone')
  await page.locator('.auth-wrapper .authorize').click()
  await page.locator('.modal-ux').getByText('Logout').waitFor()
  await page.goto(`${server.url}/docs?api=nope`)
  await page.getByText('There is no API named nope').waitFor()
})

t.test('the page and its files: headers, HEAD, validators, compression, no journal', async t => {
  const server = await boot(t)
  server.default.faults.arm({ operation: '*', fault: 'status', status: 503 })
  const files = ['', '/docs.js', '/docs.css', '/swagger-ui.css', '/swagger-ui-bundle.js', '/settings.json'] as const
  for (const path of files.map(file => `/docs${file}`)) {
    const { status, headers, bytes } = await call(server, { path, contract: false })
    t.equal(status, 200, path)
    t.equal(headers['x-content-type-options'], 'nosniff')
    t.match(headers['content-security-policy'], /^default-src 'none';.*frame-ancestors 'none'$/)
    t.notMatch(headers['content-security-policy'], /unsafe/)
    if (path.endsWith('.json')) continue
    const { etag = '' } = headers
    const packed = await call(server, { path, headers: { 'accept-encoding': 'gzip' }, contract: false })
    t.equal(packed.headers['content-encoding'] === 'gzip', packed.headers.etag !== etag, 'each form has its own tag')
    t.ok(packed.bytes.length <= bytes.length)
    const known = await call(server, { path, headers: { 'if-none-match': `"x", ${etag}` }, contract: false })
    t.match(known, { status: 304, text: '' })
    t.match(await call(server, { method: 'HEAD', path, contract: false }), { status: 200, text: '' })
  }
  const moved = await call(server, { path: '/@t1/docs/?api=arcgis', contract: false })
  t.match(moved, { status: 308, headers: { location: `${server.url}/@t1/docs?api=arcgis` } })
  for (const path of ['/docs/nope.js', '/docs/..%2Fpackage.json', '/docs/tsconfig', '/__console/nope.css']) {
    t.match(await call(server, { path, contract: false }), { status: 404, json: { title: 'No API here' } }, path)
  }
  t.same(server.default.requests.list().requests, [])
  t.match(server.default.faults.list(), [{ hits: 0 }])
})
