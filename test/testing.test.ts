// The test adapters: one server per process, a sandbox for each test, dropped afterwards. The tests of examples/ use the real runners.
import { spawnSync } from 'node:child_process'
import { run as runNodeTests } from 'node:test'
import t, { type Test } from 'tap'
import FiredrillEnvironment from '../src/testing/jest.ts'
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
