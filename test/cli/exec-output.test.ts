// `firedrill exec --har` and `--report`: what they write, also when the command fails, and that paths are checked first.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { launch, refused, run } from '../program.ts'

const INSTANCE = '10000000-0000-4000-8000-000000000001'

/** A command line that runs this JavaScript, in which `ask(path, token)` sends a request. */
const client = (script: string) => {
  const ask = `
    const url = process.env.FIREDRILL_URL
    const ask = (path, token = 'demo-token') =>
      fetch(url + path, { headers: { authorization: 'bearer ' + token } }).then(answer => answer.arrayBuffer())`
  return ['--', process.execPath, '--input-type=module', '--eval', `${ask}\n${script}`]
}

const read = (...path: string[]) => readFileSync(join(...path), 'utf8')

t.test(
  'the journals of all sandboxes, explanations of refused requests and the state, when the command fails',
  async t => {
    const folder = t.testdir()
    const [har, report] = [join(folder, 'new', 'folder', 'all.har'), join(folder, 'report')]
    const script = `
    await ask('/v1/instances/${INSTANCE}/backups')
    await ask('/@second/v1/instances/${INSTANCE}/backups', 'my-wrong-secret')
    await ask('/nothing')
    process.exit(7)`
    const ended = await run(t, { args: ['exec', '--har', har, '--report', report, ...client(script)] })
    t.match(ended, { code: 7, stdout: '', stderr: '' })
    const { entries } = JSON.parse(read(har)).log
    t.match(entries, [
      { request: { method: 'GET' }, response: { status: 200 }, comment: 'listInstanceBackups', _sandbox: 'default' },
      { response: { status: 401 }, _sandbox: 'second' },
      { response: { status: 404 }, _sandbox: 'default' },
    ])
    t.same(readdirSync(report).sort(), ['sandbox-default', 'sandbox-second', 'summary.md'])
    t.same(JSON.parse(read(report, 'sandbox-second', 'requests.har')).log.entries, [entries[1]])
    t.match(JSON.parse(read(report, 'sandbox-second', 'explanations.json')), [
      { request: `GET /@second/v1/instances/${INSTANCE}/backups`, verdict: /^Answered 401: authentication failed: / },
    ])
    t.equal(JSON.parse(read(report, 'sandbox-default', 'explanations.json')).length, 1, 'only of refused requests')
    const state = JSON.parse(read(report, 'sandbox-default', 'state.json'))
    t.match(state, { a9s: { tokens: [{ token: '[redacted]' }] }, format: 1 })
    const summary = read(report, 'summary.md')
    t.match(summary, /ended with exit code 7\n/)
    t.match(summary, '| `default` | 2 | 1 | [journal](sandbox-default/requests.har)')
    t.match(summary, /\| `second` \| `GET \/@second\/v1\/[^`]+` \| Answered 401: authentication failed: /)
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      t.notMatch(name, /partial/)
      if (/\.\w+$/.test(name)) t.notMatch(read(folder, name).replace(/^# .*/, ''), /my-wrong-secret|demo-token/, name)
    }
  },
)

t.test('a signal ends the command and keeps the output', async t => {
  const folder = t.testdir()
  const script = `await ask('/v1/instances/${INSTANCE}'); console.log('asked'); process.stdin.resume()`
  const { child, firstLine, ended } = launch(t, { args: ['exec', '--report', folder, ...client(script)] })
  await firstLine
  child.kill('SIGTERM')
  t.match(await ended, { code: 128 + 15, stderr: '' })
  t.match(read(folder, 'summary.md'), 'ended with exit code 143')
  t.equal(JSON.parse(read(folder, 'sandbox-default', 'requests.har')).log.entries.length, 1)
})

t.test('with many sandboxes the report has those with refused requests, and replaces an earlier report', async t => {
  const folder = t.testdir()
  mkdirSync(join(folder, 'sandbox-earlier'))
  for (const name of ['requests.har', 'state.json']) writeFileSync(join(folder, 'sandbox-earlier', name), '{}')
  mkdirSync(join(folder, 'sandbox-mine'))
  writeFileSync(join(folder, 'sandbox-mine', 'notes.txt'), 'not of a report')
  const script = `
    for (let n = 100; n < 230; n++) await ask('/@n' + n + '/v1/instances/${INSTANCE}/backups', n === 229 ? 'x' : undefined)`
  t.match(await run(t, { args: ['exec', '--report', folder, ...client(script)] }), { code: 0, stderr: '' })
  const folders = readdirSync(folder).filter(name => name.startsWith('sandbox-n'))
  t.equal(folders.length, 100)
  t.ok(folders.includes('sandbox-n229'), 'the one with a refused request')
  t.match(read(folder, 'summary.md'), '31 more sandboxes are left out.')
  t.notOk(existsSync(join(folder, 'sandbox-earlier')), 'the files of the earlier report are gone')
  t.equal(read(folder, 'sandbox-mine', 'notes.txt'), 'not of a report', 'other files are kept')
})

t.test('paths that cannot be written are refused before the command starts', async t => {
  const folder = t.testdir({ file: '' })
  const file = join(folder, 'file')
  for (const { option, path, message } of [
    { option: '--har', path: folder, message: `--har ${folder} cannot be written: it is a folder` },
    { option: '--har', path: join(file, 'x.har'), message: `--har ${join(file, 'x.har')} cannot be written: E` },
    { option: '--report', path: file, message: `--report ${file} cannot be written: EEXIST` },
    { option: '--report', path: '', message: '--report must be a text that is not empty, not ""' },
  ]) {
    const ended = await run(t, { args: ['exec', option, path, ...client('console.log("started")')] })
    refused(t, ended, `firedrill: ${message}`, `${option} ${path}`)
  }
  t.same(readdirSync(folder), ['file'])
})

t.test('output that cannot be written at the end is reported, and a failed command keeps its exit code', async t => {
  for (const { exitCode, code } of [
    { exitCode: 0, code: 1 },
    { exitCode: 7, code: 7 },
  ]) {
    const folder = t.testdir()
    const path = join(folder, 'all.har')
    const script = `const { mkdirSync } = await import("node:fs"); mkdirSync(${JSON.stringify(path)}); process.exit(${exitCode})`
    const { stderr, ...ended } = await run(t, { args: ['exec', '--har', path, ...client(script)] })
    t.match(ended, { code, stdout: '' })
    t.match(stderr, /^firedrill: the output of exec cannot be written: [^\n]+\n$/)
    t.same(readdirSync(folder), ['all.har'], 'no draft is left')
  }
})
