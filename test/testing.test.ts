// The test adapters: one server per process, a sandbox for each test, dropped afterwards, and the last requests of a failed test.
// The tests of examples/ use the real runners.
import { spawnSync } from 'node:child_process'
import { run as runNodeTests } from 'node:test'
import t, { type Test } from 'tap'
import FiredrillEnvironment from '../src/testing/jest.ts'
import { lastRequests } from '../src/testing/journal.ts'
import type { SandboxControl } from '../src/testing/sandbox.ts'
import { firedrill, withOptions } from '../src/testing/tap.ts'
import { withOptions as vitestWithOptions } from '../src/testing/vitest.ts'

const module = (name: string) => new URL(`../src/testing/${name}.ts`, import.meta.url).href

/** The names of all sandboxes on the server of this one. */
async function sandboxNames({ url }: SandboxControl): Promise<string[]> {
  const answer = await fetch(`${new URL(url).origin}/__admin/sandboxes`)
  const sandboxes = (await answer.json()) as { name: string }[]
  return sandboxes.map(({ name }) => name)
}

/** Runs a subtest and returns its sandbox after the subtest has ended. */
async function sandboxOfSubtest(
  t: Test,
  name: string,
  work: (t: Test) => Promise<SandboxControl>,
): Promise<SandboxControl> {
  let sandbox: SandboxControl | undefined
  await t.test(name, async t => {
    sandbox = await work(t)
  })
  return sandbox as SandboxControl
}

t.test('tap: each test has its own sandbox on one server, dropped afterwards', async t => {
  const first = await sandboxOfSubtest(t, 'Moves time, & nothing else', async t => {
    const sandbox = await firedrill(t)
    t.match(sandbox.name, /^\d+-moves-time-nothing-else$/, 'the name starts like that of the test')
    t.match(sandbox, { url: new RegExp(`/@${sandbox.name}$`), environment: { FIREDRILL_URL: sandbox.url } })
    t.ok((await sandboxNames(sandbox)).includes(sandbox.name))
    const { now } = sandbox.clock.get()
    t.equal(sandbox.clock.get().mode, 'frozen')
    sandbox.clock.advance({ by: '1h' })
    t.equal(Date.parse(sandbox.clock.get().now) - Date.parse(now), 3_600_000)
    return sandbox
  })
  const second = await sandboxOfSubtest(t, 'x'.repeat(100), async t => {
    const sandbox = await firedrill(t, { from: { scenario: 'empty' }, clock: 'frozen:2027-01-01T00:00:00Z' })
    t.equal(
      sandbox.clock.get().now,
      '2027-01-01T00:00:00.000Z',
      'the clock of the first sandbox does not affect the second',
    )
    t.same(sandbox.jobs.list(), [])
    t.equal(new URL(sandbox.url).origin, new URL(first.url).origin)
    t.notOk((await sandboxNames(sandbox)).includes(first.name), 'the first is gone')
    return sandbox
  })
  t.equal(second.name.length, 63)
  t.notOk((await sandboxNames(second)).includes(second.name))
})

t.test('tap: other options start another server', async t => {
  const sandbox = await withOptions({ clock: 'frozen:2028-01-01T00:00:00Z' })(t)
  t.equal(sandbox.clock.get().now, '2028-01-01T00:00:00.000Z')
  t.not(new URL(sandbox.url).origin, new URL((await firedrill(t)).url).origin)
})

t.test('two tests that start at the same time share a server', async t => {
  const firedrill = withOptions({})
  const [one, other] = await Promise.all([firedrill(t), firedrill(t)])
  t.equal(new URL(one.url).origin, new URL(other.url).origin)
  t.not(one.name, other.name)
})

t.test('a program can end while the server is running, but not before its requests are answered', async t => {
  const script = `
    import { firedrill } from '${module('tap')}'
    const { url, clock } = await firedrill({ name: 'x', teardown() {} })
    const { status } = await fetch(url + '/v1/instances/x/restores')
    process.stdout.write(String(status))`
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
    timeout: 30_000,
  })
  t.match({ status, stdout, stderr }, { status: 0, stdout: '401', stderr: '' })
})

t.test('node:test', async t => {
  const folder = t.testdir({
    'some.test.mjs': `
      import assert from 'node:assert/strict'
      import { test } from 'node:test'
      import { firedrill } from '${module('node-test')}'
      let first
      test('the first', async t => {
        first = await firedrill(t)
        assert.match(first.name, /^1-the-first$/)
        assert.equal((await fetch(first.url + '/__admin/clock')).status, 200)
      })
      test('the second', async t => {
        const { url } = await firedrill(t)
        const names = await (await fetch(new URL('/__admin/sandboxes', url))).json()
        assert.deepEqual(names.map(({ name }) => name), ['2-the-second', 'default'])
      })`,
  })
  const verdicts: string[] = []
  for await (const { type, data } of runNodeTests({ files: [`${folder}/some.test.mjs`] })) {
    if (type === 'test:pass' || type === 'test:fail') verdicts.push(`${type} ${data.name}`)
  }
  t.same(verdicts, ['test:pass the first', 'test:pass the second'])
})

/** In a test: requests of which the last is refused and has a secret. */
const ASK = `
  const ask = (sandbox, token) => fetch(sandbox.environment.FIREDRILL_A9S_URL + '/instances/10000000-0000-4000-8000-000000000001/backups',
    { headers: { authorization: 'bearer ' + token } })
  const askTwelveTimes = async sandbox => {
    for (let n = 0; n < 11; n++) await ask(sandbox, 'demo-token')
    await ask(sandbox, 'my-wrong-secret')
  }`

const INSTANCE = '10000000-0000-4000-8000-000000000001'

/** Checks the lines about those requests. */
function showsRequests(t: Test, lines: readonly string[], sandbox: string): void {
  const [heading = '', ...requests] = lines
  t.equal(heading, `firedrill: the last 10 of 12 requests to sandbox ${sandbox}:`)
  t.equal(requests.length, 10)
  const at = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`
  t.match(requests[0], new RegExp(`^  ${at} 200 GET /v1/instances/${INSTANCE}/backups$`))
  t.match(requests[9], new RegExp(`^  ${at} 401 GET .* \\(authentication failed: Unauthorized: The user .*\\)$`))
  t.notMatch(requests.join('\n'), /my-wrong-secret|demo-token/)
}

async function askTwelveTimes({ environment }: SandboxControl): Promise<void> {
  for (let n = 1; n <= 12; n++) {
    const headers = { authorization: `bearer ${n === 12 ? 'my-wrong-secret' : 'demo-token'}` }
    await (await fetch(`${environment.FIREDRILL_A9S_URL}/instances/${INSTANCE}/backups`, { headers })).text()
  }
}

t.test('tap: a failed test shows the last requests, and one that passes does not', async t => {
  const script = `
    import t from ${JSON.stringify(import.meta.resolve('tap'))}
    import { firedrill } from '${module('tap')}'
    ${ASK}
    t.test('passes', async t => { await askTwelveTimes(await firedrill(t)) })
    t.test('fails', async t => { await askTwelveTimes(await firedrill(t)); t.fail('no') })
    t.test('throws', async t => { await firedrill(t); throw new Error('no') })`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
    timeout: 30_000,
    env: { ...process.env, TAP: '1' },
  })
  const comments = stdout.split('\n').flatMap(line => /^ *# (firedrill: .*| {2}.*)$/.exec(line)?.[1] ?? [])
  showsRequests(t, comments.slice(0, -1), '2-fails')
  t.equal(comments.at(-1), 'firedrill: no requests to sandbox 3-throws')
})

t.test('node:test: a failed test shows the last requests, and one that passes does not', async t => {
  const folder = t.testdir({
    'failing.test.mjs': `
      import { test } from 'node:test'
      import { firedrill } from '${module('node-test')}'
      ${ASK}
      test('passes', async t => { await askTwelveTimes(await firedrill(t)) })
      test('throws', async t => { await askTwelveTimes(await firedrill(t)); throw new Error('no') })`,
  })
  const lines: string[] = []
  for await (const { type, data } of runNodeTests({ files: [`${folder}/failing.test.mjs`] })) {
    if (type === 'test:diagnostic' && /^(firedrill:| {2})/.test(data.message)) lines.push(data.message)
  }
  showsRequests(t, lines, '2-throws')
})

t.test('Vitest: a failed test shows the last requests', async t => {
  const finished: (() => void)[] = []
  const task = { name: 'fails', result: { state: 'run' } }
  const sandbox = await vitestWithOptions({})({ task, onTestFinished: end => finished.push(end) })
  await askTwelveTimes(sandbox)
  task.result.state = 'fail'
  const printed = t.capture(console, 'error')
  for (const end of finished) end()
  const texts = printed().map(({ args }) => String(args[0]))
  showsRequests(t, texts.join().split('\n'), sandbox.name)
})

t.test('Jest: a failed test shows the last requests', async t => {
  const environment = jestEnvironment({ firedrill: { seed: 'failing' } })
  const texts: string[] = []
  Object.assign(environment.global, { console: { error: (text: string) => texts.push(text) } })
  for (const errors of [[], [new Error('no')]]) {
    await environment.handleTestEvent({ name: 'test_start', test: { name: 'x' } })
    await askTwelveTimes(environment.global.firedrill as SandboxControl)
    await environment.handleTestEvent({ name: 'test_done', test: { name: 'x', errors } })
  }
  showsRequests(t, texts.join().split('\n'), '2-x')
})

t.test('a sandbox that the test has dropped does not hide why it failed', t => {
  const sandbox = {
    name: 'x',
    requests: {
      list: () => {
        throw new Error('there is no sandbox "x"')
      },
    },
  }
  t.same(lastRequests(sandbox as unknown as SandboxControl), [
    'firedrill: the requests to sandbox x cannot be shown: there is no sandbox "x"',
  ])
  t.end()
})

t.test('Vitest', async t => {
  const finished: (() => void)[] = []
  const context = { task: { name: 'A test' }, onTestFinished: (drop: () => void) => finished.push(drop) }
  const sandbox = await vitestWithOptions({})(context)
  t.equal(sandbox.name, '1-a-test')
  t.same(await sandboxNames(sandbox), ['1-a-test', 'default'])
  for (const drop of finished) drop()
  t.same(await sandboxNames(sandbox), ['default'])
})

t.test('Jest: the global exists while a test runs', async t => {
  const environment = jestEnvironment({ firedrill: { clock: 'frozen:2029-01-01T00:00:00Z' } })
  const global = () => environment.global.firedrill as SandboxControl | undefined
  await environment.setup()
  await environment.handleTestEvent({ name: 'run_start' })
  t.equal(global(), undefined)
  await environment.handleTestEvent({ name: 'test_start', test: { name: 'One' } })
  const one = global() as SandboxControl
  t.equal(one.name, '1-one')
  t.equal(one.clock.get().now, '2029-01-01T00:00:00.000Z', 'with the options of the configuration')
  await environment.handleTestEvent({ name: 'hook_start' })
  t.equal(global(), one, 'hooks of the test have the same sandbox')
  await environment.handleTestEvent({ name: 'test_done', test: { name: 'One' } })
  t.equal(global(), undefined)
  await environment.handleTestEvent({ name: 'test_start', test: { name: 'Two' } })
  const two = global() as SandboxControl
  t.same(await sandboxNames(two), ['2-two', 'default'])
  await environment.handleTestEvent({ name: 'test_skip', test: { name: 'Two' } })
  await environment.handleTestEvent({ name: 'test_skip', test: { name: 'Three' } })
  t.same(await sandboxNames(two), ['default'])
  await environment.teardown()

  const nextFile = jestEnvironment({ firedrill: { clock: 'frozen:2029-01-01T00:00:00Z' } })
  await nextFile.handleTestEvent({ name: 'test_start', test: { name: 'Next' } })
  const next = nextFile.global.firedrill as SandboxControl
  t.equal(new URL(next.url).origin, new URL(one.url).origin, 'test files in one process share a server')
})

/** An environment with the part of Jest's configuration that it reads. */
function jestEnvironment(testEnvironmentOptions: Record<string, unknown>): FiredrillEnvironment {
  const projectConfig = { testEnvironmentOptions, globals: {}, fakeTimers: {}, rootDir: import.meta.dirname }
  type Given = ConstructorParameters<typeof FiredrillEnvironment>
  return new FiredrillEnvironment({ projectConfig, globalConfig: {} } as Given[0], {} as Given[1])
}
