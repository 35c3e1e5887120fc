// Starting the server from the command line: what it prints, where it listens, and when it refuses to start.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import t from 'tap'
import { apis } from '../../src/apis/index.ts'
import { launch, refused, run, serve } from '../program.ts'

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))

t.test('the first line is JSON for programs', async t => {
  const { child, firstLine } = launch(t, { args: ['--port', '0', '--json'] })
  const ready = JSON.parse(await firstLine)
  t.match(ready, { ready: true, url: /^http:\/\/127\.0\.0\.1:\d+$/, pid: child.pid })
  t.ok((await fetch(`${ready.url}/v1/instances/x/restores`)).status === 401)
  t.match(ready.environment, {
    FIREDRILL_URL: ready.url,
    FIREDRILL_A9S_URL: `${ready.url}/v1`,
    FIREDRILL_A9S_TOKEN: /./,
  })
})

t.test('the first line has the URL; requests to try follow, for each API', async t => {
  const program = launch(t, { args: ['--port', '0'] })
  const line = await program.firstLine
  const [, url] = /^Firedrill \S+ is running at (http:\/\/127\.0\.0\.1:\d+)$/.exec(line) ?? []
  t.ok(url, line)
  t.ok(line.includes(version))
  program.child.kill('SIGTERM')
  const { stdout } = await program.ended
  t.match(stdout, /credentials are part of the demo data and work as they are/)
  for (const { title, mounts, tryIt } of apis) {
    const basePaths = mounts.map(({ basePath }) => basePath).join(', ')
    t.ok(stdout.includes(`${title}: ${basePaths}\n  ${tryIt(url as string)}\n`), title)
  }
})

t.test('--host and --port set the address to listen on', async t => {
  const { url } = await serve(t, { args: ['--host', '::1'] })
  t.match(url, /^http:\/\/\[::1\]:\d+$/)
  t.equal((await fetch(`${url}/nothing`)).status, 404)
})

t.test('a port in use', async t => {
  const other: Server = createServer().listen(0, '127.0.0.1')
  t.teardown(() => other.close())
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  const line = `${port} on 127.0.0.1 is in use by another program`
  refused(t, await run(t, { args: ['--port', `${port}`] }), `firedrill: --port ${line}`, 'by flag')
  refused(
    t,
    await run(t, { env: { FIREDRILL_PORT: `${port}` } }),
    `firedrill: FIREDRILL_PORT ${line}`,
    'by environment',
  )
})

t.test('a host that is not an address of this machine', async t => {
  for (const host of ['192.0.2.1', 'no-such-host.invalid']) {
    const ended = await run(t, { args: ['--port', '0', '--host', host] })
    refused(t, ended, `firedrill: --host ${host} is not an address of this machine`, host)
  }
})

t.test('an older Node.js is refused before the native module is loaded', async t => {
  for (const { version, isTooOld } of [
    { version: '20.19.0', isTooOld: true },
    { version: '22.17.9', isTooOld: true },
    { version: '22.18.0', isTooOld: false },
    { version: '26.0.0', isTooOld: false },
  ]) {
    const preload = `
      Object.defineProperty(process.versions, 'node', { value: '${version}' })
      const open = process.dlopen
      process.dlopen = (...given) => { process.stderr.write('native ' + given[1]); return open(...given) }`
    const nodeArgs = ['--import', `data:text/javascript,${encodeURIComponent(preload)}`]
    const program = launch(t, { nodeArgs, args: ['--port', '0'] })
    if (isTooOld) {
      const stderr = `firedrill: needs Node.js 22.18 or newer, this is ${version}\n`
      t.same(await program.ended, { code: 1, signal: null, stdout: '', stderr })
    } else {
      await program.firstLine
      program.child.kill()
      t.match(await program.ended, { stderr: /^native .*better-sqlite3.*\.node$/ }, 'this test would notice')
    }
  }
})

t.test('--openapi prints the committed document', async t => {
  const { code, stdout, stderr } = await run(t, { args: ['--openapi'] })
  t.match({ code, stderr }, { code: 0, stderr: '' })
  t.match(stdout, /^openapi: 3\.1/)
})
