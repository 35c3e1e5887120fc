// The embedded API certifies a client: its environment, its verdicts, and the report.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Value } from '@sinclair/typebox/value'
import t, { type Test } from 'tap'
import { Report } from '../../schemas/report.ts'
import type { CertifyOptions } from '../../src/index.ts'
import { boot } from '../helpers.ts'
import { careful, clientOf, drill, hasty } from './clients.ts'

/** Certifies a client with `drill`, or with a changed one. */
async function certify(t: Test, options: CertifyOptions, document: object = drill) {
  const server = await boot(t)
  const folder = t.testdir({})
  const file = join(folder, 'drill.json')
  writeFileSync(file, JSON.stringify(document))
  const report = await server.certify({ drills: file, ...options })
  t.same(server.certifications.list(), [], 'nothing is left on the server')
  t.same(
    server.sandboxes.list().filter(({ name }) => name !== 'default'),
    [],
  )
  return { report, file, judged: report.drills[0] as Report['drills'][number] }
}

t.test('a client that passes', async t => {
  const judgedOnes: string[] = []
  const { report, judged, file } = await certify(t, {
    command: careful,
    seed: 'a seed',
    client: { name: 'careful', version: '1.0.0' },
    onDrill: ({ id, verdict }) => judgedOnes.push(`${id} ${verdict}`),
  })
  t.match(report, {
    verdict: 'passed',
    lifecycle: 'finished',
    seed: 'a seed',
    client: { name: 'careful', version: '1.0.0' },
    summary: { passed: 1, failed: 0 },
  })
  t.match(judged, {
    id: 'list-after-503',
    version: 3,
    verdict: 'passed',
    lifecycle: 'finished',
    result: { claim: 'success', exitCode: 0 },
    calls: [
      { operation: 'listDisasterRecoveryFiles', status: 503, fault: 'proxy-error' },
      { operation: 'listDisasterRecoveryFiles', status: 200, fault: null },
    ],
  })
  t.same(judgedOnes, ['list-after-503 passed'])
  t.ok(judged.replay?.startsWith(`firedrill certify --drills ${file} --seed 'a seed' -- env -u NODE_OPTIONS `))
  t.ok(Value.Check(Report, report))
})

t.test('a client that fails, with proof and without its credentials', async t => {
  const { report, judged } = await certify(t, { command: hasty })
  t.match(report, { verdict: 'failed', summary: { failed: 1 } })
  const waits = judged.requirements.find(({ id }) => id === 'list-after-503/waits')
  t.match(waits, { verdict: 'failed', expected: /at least 2s/, observed: /was \d+ms/ })
  const known = judged.calls.map(({ id }) => id)
  t.ok((waits?.evidence.length ?? 0) > 0)
  t.ok(waits?.evidence.every(id => known.includes(id)))
  t.equal(judged.result?.output, '503, again with [redacted]\n')
})

t.test('how a client ends', async t => {
  const cases = [
    { script: 'process.exitCode = 7', verdict: 'inconclusive', result: { claim: 'none', exitCode: 7 } },
    {
      script: `await get(task.inputs.filesPath); process.exitCode = 7`,
      verdict: 'failed',
      result: { claim: 'none', exitCode: 7 },
    },
    {
      script: `await get(task.inputs.filesPath); process.kill(process.pid, 'SIGKILL')`,
      verdict: 'failed',
      result: { claim: 'none', signal: 'SIGKILL' },
    },
    {
      script: `await get(task.inputs.filesPath); say({ sha256: 1 })`,
      verdict: 'failed',
      result: { claim: 'none', problem: /^the field sha256/ },
    },
    {
      script: `await get(task.inputs.filesPath); await wait('2s'); await get(task.inputs.filesPath); say({ count: 2 }); process.exit(1)`,
      verdict: 'passed',
      result: { claim: 'failure', answer: { count: 2 } },
    },
  ]
  await Promise.all(
    cases.map(({ script, verdict, result }) =>
      t.test(script, async t => {
        const { judged } = await certify(t, { command: clientOf(script) })
        t.match(judged, { verdict, result })
      }),
    ),
  )
})

t.test('a client that hangs is stopped at the time limit of the drill', async t => {
  const command = clientOf('await get(task.inputs.filesPath); setInterval(() => {}, 1000)')
  const { judged } = await certify(t, { command }, { ...drill, timeLimit: '1s' })
  t.match(judged, { verdict: 'failed', result: { claim: 'none', timedOut: true, signal: 'SIGTERM' } })
})

t.test('the task is in the environment', async t => {
  const command = clientOf(`
    const { FIREDRILL_DRILL, FIREDRILL_URL, FIREDRILL_CLOCK_URL, FIREDRILL_SEED } = process.env
    console.log(JSON.stringify({ task, FIREDRILL_DRILL, FIREDRILL_URL, FIREDRILL_CLOCK_URL, FIREDRILL_SEED }))
  `)
  const { judged } = await certify(t, { command, seed: 'mine', timeScale: 20 })
  const { task, ...variables } = JSON.parse(judged.result?.output ?? '')
  t.match(task, {
    drill: drill.id,
    version: 3,
    title: drill.title,
    task: drill.task,
    inputs: drill.inputs,
    credentials: { apiKey: /./ },
    timeLimitMs: 10_000,
    timeScale: 20,
  })
  t.same(variables, {
    FIREDRILL_DRILL: drill.id,
    FIREDRILL_URL: task.url,
    FIREDRILL_CLOCK_URL: task.clockUrl,
    FIREDRILL_SEED: 'mine',
  })
})

t.test('a client that sleeps is served by a faster clock', async t => {
  const command = clientOf(`
    while ((await get(task.inputs.filesPath)).status === 503) await new Promise(resolve => setTimeout(resolve, 2000 / task.timeScale))
  `)
  const { judged } = await certify(t, { command, timeScale: 10 })
  t.equal(judged.verdict, 'passed')
})

t.test('several clients run at the same time', async t => {
  const folder = t.testdir({})
  // Each client waits for the other.
  const command = clientOf(`
    import { readdirSync } from 'node:fs'
    writeFileSync(${JSON.stringify(folder)} + '/' + task.drill, '')
    while (readdirSync(${JSON.stringify(folder)}).length < 2) await new Promise(resolve => setTimeout(resolve, 10))
  `)
  const server = await boot(t)
  const { drills } = await server.certify({ command, drills: 'retry-502,retry-after', jobs: 2 })
  t.same(
    drills.map(({ id, result }) => [id, result?.claim]),
    [
      ['retry-502', 'success'],
      ['retry-after', 'success'],
    ],
  )
})

t.test('the report is written as files', async t => {
  const folder = join(t.testdir({}), 'new', 'report')
  const server = await boot(t)
  const report = await server.certify({ command: hasty, drills: 'retry-502', report: folder })
  t.same(readdirSync(folder).sort(), ['evidence', 'junit.xml', 'report.html', 'report.json', 'summary.md'])
  t.same(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')), report)
  for (const { evidence } of report.drills) {
    for (const file of Object.values(evidence ?? {})) JSON.parse(readFileSync(join(folder, file), 'utf8'))
    t.equal(Object.keys(evidence ?? {}).length, 4)
  }
  t.match(readFileSync(join(folder, 'report.html'), 'utf8'), 'Content-Security-Policy')
})

t.test('what cannot be run is refused, and nothing is left', async t => {
  const server = await boot(t)
  const file = join(t.testdir({ file: '', 'null.json': 'null' }), 'file')
  const cases: { options: CertifyOptions; message: RegExp }[] = [
    { options: { command: ['no-such-command'], jobs: 3 }, message: /^There is no command "no-such-command"$/ },
    { options: { command: careful, drills: 'no-such-drill' }, message: /no-such-drill/ },
    {
      options: { command: careful, report: join(file, 'report') },
      message: /^The folder of the report cannot be made: /,
    },
    { options: { command: careful, cwd: '/no-such-folder' }, message: /^There is no folder "\/no-such-folder"$/ },
    { options: { command: careful, jobs: 0 }, message: /^jobs must be a positive whole number, not 0$/ },
    { options: { command: careful, drills: ' ,' }, message: /^The list of drills is empty; / },
    {
      options: { command: careful, drills: join(file, '..', 'null.json') },
      message: /null\.json is not a JSON object$/,
    },
    { options: { command: careful, timeScale: -1 }, message: /timeScale/ },
    { options: { command: careful, knownFailing: ['no-such-id'] }, message: /no-such-id/ },
  ]
  for (const { options, message } of cases) {
    await t.rejects(server.certify(options), { message })
    t.same(server.certifications.list(), [])
  }
  t.notOk(existsSync(join(file, 'report')))
})
