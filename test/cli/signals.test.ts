// How signals stop the server.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { request } from 'node:http'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { serve } from '../program.ts'

const INSTANCE = '10000000-0000-4000-8000-000000000001'

t.test('SIGTERM and SIGINT let a running request finish', async t => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const server = await serve(t)
    const headers = { authorization: 'bearer demo-token', 'content-type': 'application/json', expect: '100-continue' }
    const path = `/v1/instances/${INSTANCE}/disaster-recovery/prepare`
    const upload = request(server.url + path, { method: 'POST', headers })
    upload.flushHeaders()
    // The server has the head of the request and waits for the rest.
    await once(upload, 'continue')
    upload.write('{"encryption_key":')
    server.child.kill(signal)
    await untilRefused(server.url)
    upload.end('"long-enough"}')
    const [response] = await once(upload, 'response')
    t.equal(response.statusCode, 200, signal)
    await response.toArray()
    t.match(await server.ended, { code: 0, signal: null, stderr: '' })
  }
})

/** Resolves when the server accepts no more connections. */
async function untilRefused(url: string): Promise<void> {
  for (;;) {
    const attempt = request(url)
    const outcome = await Promise.race([
      once(attempt.end(), 'response').then(([response]) => response.resume()),
      once(attempt, 'error').then(() => undefined),
    ]).catch(() => undefined)
    if (outcome === undefined) return
  }
}

t.test('SIGTERM does not wait for clients that only keep their connection', async t => {
  const server = await serve(t)
  await (await fetch(`${server.url}/nothing`)).text()
  server.child.kill('SIGTERM')
  t.match(await server.ended, { code: 0, stderr: '' })
})

t.test('a second signal does not wait', async t => {
  const server = await serve(t)
  const upload = request(`${server.url}/v1/instances/${INSTANCE}/disaster-recovery/prepare`, {
    method: 'POST',
    headers: { authorization: 'bearer demo-token', 'content-type': 'application/json', expect: '100-continue' },
  })
  upload.on('error', () => {})
  upload.flushHeaders()
  await once(upload, 'continue')
  server.child.kill('SIGTERM')
  await untilRefused(server.url)
  server.child.kill('SIGTERM')
  t.match(await server.ended, { code: 1 })
})

t.test('kill on npm start stops the server, not npm alone', async t => {
  const npm = spawn('npm', ['start', '--silent', '--', '--port', '0', '--json'], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  t.teardown(() => npm.kill('SIGKILL'))
  const [line] = await once(createInterface(npm.stdout), 'line')
  const { pid, url } = JSON.parse(line)
  t.teardown(() => {
    if (isRunning(pid)) process.kill(pid, 'SIGKILL')
  })
  // The output is closed when the last process that npm started has ended: the server.
  const ended = once(npm, 'close', { signal: AbortSignal.timeout(20_000) })
  npm.kill('SIGTERM')
  await ended
  // Its process number may be in use until the system collects it.
  await t.rejects(fetch(url), { cause: { code: 'ECONNREFUSED' } })
})

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

t.test('a server that is killed has kept its compiled modules for the next start', async t => {
  const folder = t.testdir({})
  const { url, child, ended } = await serve(t, { env: { NODE_COMPILE_CACHE: folder } })
  // It answers after it has written them.
  await fetch(`${url}/__admin/livez`)
  child.kill('SIGKILL')
  await ended
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  t.ok(files.length > 50, `${files.length} files`)
})
