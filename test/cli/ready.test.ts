// The command `ready`, the health check of the container image.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { boot } from '../helpers.ts'
import { run } from '../program.ts'

const ready = (t: Test, env: Record<string, string>, ...args: string[]) => run(t, { args: ['ready', ...args], env })

t.test('a server that takes requests is ready: by URL, and by the variables that it was started with', async t => {
  const { url } = await boot(t, { adminToken: 'secret' })
  const { port } = new URL(url)
  const expected = { code: 0, stdout: 'ready\n', stderr: '' }
  t.match(await ready(t, {}, '--url', `${url}/`), expected, 'without the admin token')
  t.match(await ready(t, { FIREDRILL_URL: url }), expected)
  t.match(await ready(t, { FIREDRILL_PORT: port, FIREDRILL_HOST: '0.0.0.0' }), expected)
})

t.test('with HTTPS, its certificate need not be trusted', async t => {
  const { url } = await boot(t, { tls: true })
  const env = { FIREDRILL_PORT: new URL(url).port, FIREDRILL_TLS: 'true' }
  t.match(await ready(t, env), { code: 0, stdout: 'ready\n', stderr: '' })
  t.match(await ready(t, { ...env, FIREDRILL_TLS: 'false' }), {
    code: 1,
    stdout: '',
    stderr: /^firedrill: No server at /,
  })
})

t.test('anything else is not ready, and why is said in one line', async t => {
  const stopping = createServer((_request, response) => void response.writeHead(503).end()).listen(0, '127.0.0.1')
  await once(stopping, 'listening')
  t.teardown(() => stopping.close())
  const url = `http://127.0.0.1:${(stopping.address() as AddressInfo).port}`
  t.match(await ready(t, {}, '--url', url), {
    code: 1,
    stderr: `firedrill: ${url}/__admin/readyz responded with 503\n`,
  })
  stopping.close()
  t.match(await ready(t, {}, '--url', url), {
    code: 1,
    stderr: /^firedrill: No server at \S+ \(connect ECONNREFUSED .+\)\n$/,
  })
  t.match(await ready(t, {}, '--url', 'nowhere'), { code: 2, stderr: /^firedrill: --url .*"nowhere"\n$/ })
  t.match(await ready(t, { FIREDRILL_PORT: '0' }), { code: 2, stderr: /^firedrill: FIREDRILL_PORT is 0: .+--url\n$/ })
  t.match(await ready(t, { FIREDRILL_PORT: 'x' }), { code: 2, stderr: /^firedrill: FIREDRILL_PORT must be / })
})
