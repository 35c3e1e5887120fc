// A server that is to stop: it fails its readiness check for the drain delay, then lets running responses end.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { boot } from '../helpers.ts'
import { serve } from '../program.ts'

const FILES = '/backend/api/v1/disasterRecoveryFiles'
const KEY = 'Authorization: Bearer YOUR_API_KEY'
/** 82 MB. */
const BACKUP =
  '/backups.dscloud.pt/23457145698959364_Backup%20at%202024-12-07%2022:07:11.zip?85592d2b15ff867407964790224dcbb3a95ce82b'
const BOTH_LISTENERS = ['--tls', '--http-port', '0']

/** The status line and headers of a response, on a connection of its own. */
async function headOf(url: string): Promise<string> {
  const { stdout } = await promisify(execFile)('curl', ['-ksi', '-H', KEY, url])
  return stdout.split('\r\n\r\n')[0]?.toLowerCase() ?? ''
}

/** The URLs of both listeners of a server with `BOTH_LISTENERS`. */
async function urlsOf({ firstLine }: { firstLine: Promise<string> }): Promise<string[]> {
  const { url, httpUrl } = JSON.parse(await firstLine)
  return [url, httpUrl]
}

async function untilNotReady(url: string): Promise<void> {
  while (!(await headOf(`${url}/__admin/readyz`)).startsWith('http/1.1 503')) {}
}

async function untilRefused(url: string): Promise<void> {
  const isRefused = (error: { code?: number }) => error.code === 7
  while (!(await headOf(url).then(() => false, isRefused))) {}
}

/** A download that takes two or three seconds. Resolves when its first bytes have arrived. */
async function startDownload(
  t: Test,
  url: string,
  rate: '27M' | '41M',
): Promise<{ curl: ChildProcess; ended: Promise<number | null> }> {
  const curl = spawn('curl', ['-ks', '--limit-rate', rate, url + BACKUP])
  t.teardown(() => curl.kill('SIGKILL'))
  const ended = once(curl, 'close').then(([code]) => code)
  await once(curl.stdout, 'data')
  curl.stdout.resume()
  return { curl, ended }
}

t.test('during the drain delay all requests are answered, and only readyz fails', async t => {
  const server = await serve(t, { args: [...BOTH_LISTENERS, '--drain-delay', '1h'] })
  const urls = await urlsOf(server)
  for (const url of urls) {
    t.match(await headOf(`${url}/__admin/readyz`), /^http\/1\.1 200/)
    t.notMatch(await headOf(`${url}${FILES}/`), /\r\nconnection: close/)
  }
  server.child.kill('SIGTERM')
  for (const url of urls) {
    await untilNotReady(url)
    t.match(await headOf(`${url}${FILES}/`), /^http\/1\.1 200 .*\r\nconnection: close/s, 'connections are not kept')
    for (const path of ['livez', 'health', 'clock'])
      t.match(await headOf(`${url}/__admin/${path}`), /^http\/1\.1 200 /, path)
  }
  server.child.kill('SIGTERM')
  t.match(await server.ended, { code: 1 }, 'a second signal does not wait')
})

// Neither listener may end the server before the other one has sent everything.
for (const slower of ['https', 'http']) {
  t.test(`downloads that are running at SIGTERM end complete, those over ${slower} last`, async t => {
    const args = [...BOTH_LISTENERS, '--drain-delay', '50ms', '--shutdown-timeout', '1m']
    const server = await serve(t, { args })
    const urls = await urlsOf(server)
    const rateOf = (url: string) => (url.startsWith(`${slower}:`) ? '27M' : '41M')
    const downloads = await Promise.all(urls.map(url => startDownload(t, url, rateOf(url))))
    server.child.kill('SIGTERM')
    await Promise.all(urls.map(untilRefused))
    for (const { curl } of downloads) t.equal(curl.exitCode, null, 'the download is running')
    for (const { ended } of downloads) t.equal(await ended, 0, 'curl has received the whole file')
    t.match(await server.ended, { code: 0, signal: null, stderr: '' })
  })
}

t.test(
  'a fault that ends by itself does not lose its response when the server stops; one that does not is cut',
  async t => {
    const server = await boot(t, { shutdownTimeout: '1m' })
    const faults = server.default.faults
    faults.arm({ operation: 'listDisasterRecoveryFiles', fault: 'delay', ms: 500, times: 1 })
    faults.arm({ operation: 'listDisasterRecoveryFiles', fault: 'hang', times: 1 })
    const ask = () => fetch(`${server.url}${FILES}/`, { headers: { authorization: 'Bearer YOUR_API_KEY' } })
    const answers = [ask().then(response => response.status), ask().then(response => response.status)]
    const outcomes = Promise.allSettled(answers)
    while (faults.list().some(({ hits }) => hits === 0)) await new Promise(setImmediate)
    await server.close()
    const [delayed, hung] = (await outcomes).sort((a, b) => a.status.localeCompare(b.status))
    t.match(delayed, { status: 'fulfilled', value: 200 })
    t.match(hung, { status: 'rejected' })
  },
)

t.test('close() of an embedded server waits for the drain delay once, however often it is called', async t => {
  const server = await boot(t, { drainDelay: '50ms' })
  const first = server.close()
  const response = await fetch(`${server.url}/__admin/readyz`)
  t.equal(response.status, 503)
  await Promise.all([first, server.close()])
  await t.rejects(fetch(`${server.url}/__admin/readyz`))
})
