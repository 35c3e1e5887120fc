// The frame of the console in a browser: navigation, sandbox, clock, token, lost connection, and what a build contains.
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { boot, call } from '../helpers.ts'
import { checkAccessibility, launch, open, overflowOf, PHONE } from './browser.ts'

const BUILT = new URL('../../dist/console/', import.meta.url)

t.test('the console is at most 150 KB, compressed', async t => {
  const names = readdirSync(BUILT).filter(name => name !== 'THIRD-PARTY-LICENSES')
  t.ok(names.includes('app.js.gz'))
  const sizeOf = (name: string) => {
    const content = readFileSync(new URL(name, BUILT))
    return (name.endsWith('.gz') ? content : gzipSync(content)).length
  }
  const bytes = names.reduce((sum, name) => sum + sizeOf(name), 0)
  t.ok(bytes <= 150_000, `${bytes} bytes`)
})

t.test('in a browser', async t => {
  const browser = await launch(t)

  await t.test('an empty sandbox says what to do next, and shows what arrives at once', async t => {
    const server = await boot(t)
    const page = await open(t, browser, server, '/?view=requests')
    await page.getByRole('heading', { name: 'No requests yet' }).waitFor()
    await page.getByText('Live', { exact: true }).waitFor()
    t.equal(await page.title(), 'Requests · default · Firedrill')
    await checkAccessibility(t, page, 'no requests')
    await call(server, { path: '/v1/instances', headers: { authorization: 'Bearer demo-token' }, contract: false })
    await page.getByRole('row').filter({ hasText: '/v1/instances' }).waitFor()
    await checkAccessibility(t, page, 'a request')
  })

  await t.test('a phone shows everything without scrolling sideways', async t => {
    const server = await boot(t)
    const page = await open(t, browser, server, '/', { viewport: PHONE })
    await page.getByText('Live', { exact: true }).waitFor()
    await page.getByRole('link', { name: 'Requests', exact: true }).click()
    t.equal(await overflowOf(page), 0)
  })

  await t.test('the token is asked for once, and kept out of the URL and of storage', async t => {
    const server = await boot(t, { adminToken: 'open-sesame' })
    const page = await open(t, browser, server, '/', { allowedErrors: /401/ })
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('alert').getByRole('button', { name: 'Try now' }).click()
    const token = page.getByLabel('Token', { exact: true })
    await token.fill('wrong')
    await page.keyboard.press('Enter')
    await page.getByText('The server did not accept this token.').waitFor()
    await checkAccessibility(t, page, 'the token dialog')
    await page.getByLabel('Token', { exact: true }).fill('open-sesame')
    await page.keyboard.press('Enter')
    await page.getByText('Live', { exact: true }).waitFor()
    t.equal(await page.getByRole('dialog').count(), 0)
    const kept = await page.evaluate<string>('location.href + JSON.stringify({ ...localStorage, ...sessionStorage })')
    t.notMatch(kept, 'sesame')
  })

  await t.test('a sandbox that does not exist can be created', async t => {
    const server = await boot(t)
    const page = await open(t, browser, server, '/?sandbox=t1', { allowedErrors: /404/ })
    await page.getByRole('button', { name: 'Create it' }).click()
    await page.getByText('Live', { exact: true }).waitFor()
    t.same(
      server.sandboxes.list().map(({ name }) => name),
      ['default', 't1'],
    )
    await page.getByRole('combobox', { name: 'Sandbox' }).selectOption('default')
    t.match(page.url(), /sandbox=default/)
    await page.goBack()
    t.match(page.url(), /sandbox=t1$/)
  })

  await t.test('links and commands lead to the shown sandbox, whatever the host names', async t => {
    const server = await boot(t)
    server.sandboxes.create({ name: 't1' })
    const url = server.url.replace('127.0.0.1', 't1.localhost')
    const page = await open(t, browser, { url }, '/?view=requests')
    const shown = async () => ({
      docs: await page.getByRole('link', { name: 'API documentation' }).getAttribute('href'),
      command: await page.getByText(/^curl /).innerText(),
    })
    await page.getByRole('heading', { name: 'No requests yet' }).waitFor()
    t.match(await shown(), { docs: `${url}/docs`, command: `'${url}/v1/instances` })
    await page.goto(`${url}/?view=requests&sandbox=default`)
    await page.getByRole('heading', { name: 'No requests yet' }).waitFor()
    t.match(await shown(), { docs: `${url}/@default/docs`, command: `'${url}/@default/v1/instances` })
  })

  await t.test('a proxy may serve it below a path', async t => {
    const server = await boot(t)
    const proxy = createServer((received, answer) => {
      const path = received.url?.replace(/^\/tools(?=\/)/, '') ?? '/'
      const { method, headers } = received
      const sent = request(new URL(path, server.url), { method, headers }, response => {
        answer.writeHead(response.statusCode ?? 502, response.headers)
        response.pipe(answer)
      })
      received.pipe(sent)
      answer.on('close', () => sent.destroy())
    })
    proxy.listen(0, '127.0.0.1')
    await once(proxy, 'listening')
    t.teardown(() => {
      proxy.close()
      proxy.closeAllConnections()
    })
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/tools`
    for (const path of ['/', '/@default/']) {
      const page = await open(t, browser, { url }, `/tools${path}?view=requests`)
      await page.getByText('Live', { exact: true }).waitFor()
      t.match(await page.getByText(/^curl /).innerText(), `'${url}/v1/instances`)
    }
  })
})
