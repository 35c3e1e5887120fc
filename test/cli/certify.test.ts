// `firedrill certify`: its output, exit codes and report, and that Ctrl-C stops the clients.
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { runCommand } from '../../src/cli/index.ts'
import { OptionError } from '../../src/index.ts'
import { careful, clientOf, drill, hasty } from '../certify/clients.ts'
import { launch } from '../program.ts'
import { contextOf } from './server.ts'

/** A folder with `drill.json`; not in that of the test, whose path may contain characters that a shell quotes. */
function folderWith(t: Test, document: object = drill): { folder: string; file: string } {
  const folder = mkdtempSync(join(tmpdir(), 'firedrill-certify-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'drill.json')
  writeFileSync(file, JSON.stringify(document))
  return { folder, file }
}

/** Runs the command within this process. */
async function certify(t: Test, args: readonly string[], client: readonly string[]) {
  const printed: string[] = []
  const { text, exitCode } = await runCommand(['certify', ...args, '--', ...client], contextOf(t, { printed }))
  return { code: exitCode, stdout: [...printed, text, ''].join('\n') }
}

/** The words of a command line as a shell reads them. */
function wordsOf(line: string): string[] {
  return execFileSync('sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1)
}

t.test('a client that passes, with a report', async t => {
  const { folder, file } = folderWith(t)
  const report = join(folder, 'report')
  const names = ['--client-name', 'careful', '--client-version', '1.0', '--client-url', 'https://client.example/']
  const { code, stdout } = await certify(t, ['--drills', file, '--report', report, ...names], careful)
  t.equal(code, 0)
  t.match(
    stdout,
    /^passed {14}list-after-503: List the files again after a 503 \(\d+\.\d s\)\n1 drill: 1 passed\nReport: .+\/report\.html\n$/,
  )
  const written = JSON.parse(readFileSync(join(report, 'report.json'), 'utf8'))
  t.match(written, {
    format: 'firedrill-report/1',
    client: { name: 'careful', version: '1.0', url: 'https://client.example/' },
    verdict: 'passed',
  })
})

t.test('a client that fails is shown with what it did, and its run can be repeated', async t => {
  const { file } = folderWith(t)
  const failed = await certify(t, ['--drills', file, '--seed', 'a seed'], hasty)
  t.equal(failed.code, 1)
  t.match(failed.stdout, /^failed {14}list-after-503: /)
  t.match(failed.stdout, /\n {4}failed list-after-503\/waits: expected .*at least 2s.*; .*was \d+ms\n/)
  t.match(failed.stdout, '\n    client: exit code 0, it claimed success\n')
  t.match(failed.stdout, '\n    | 503, again with [redacted]\n')
  const [, words = ''] = /\n {4}repeat: firedrill (certify .*)\n1 drill: 1 failed\n$/s.exec(failed.stdout) ?? []
  t.match(words, `certify --drills ${file} --seed 'a seed' -- env -u NODE_OPTIONS`)
  const repeated: string[] = []
  const { exitCode } = await runCommand(wordsOf(words), contextOf(t, { printed: repeated }))
  t.equal(exitCode, 1)
  t.match(repeated[0], /failed list-after-503\/waits: expected .*at least 2s/)
})

t.test('nothing is known of a client that sends no request', async t => {
  const { file } = folderWith(t)
  const { code, stdout } = await certify(t, ['--drills', file], clientOf(''))
  t.match({ code, stdout }, { code: 3, stdout: /^inconclusive {8}list-after-503: .*\n1 drill: 1 inconclusive\n$/s })
  const [, reason, client] = stdout.split('\n')
  t.same(
    [reason, client],
    ['    The client sent no request to the API.', '    client: exit code 0, it claimed success'],
  )
})

t.test('known failures may fail, but not pass', async t => {
  const { folder, file } = folderWith(t)
  const list = join(folder, 'known')
  writeFileSync(list, '# known\n\nlist-after-503/waits # until it is repaired\r\n')
  const args = ['--drills', file, '--known-failing', list]
  const [failed, passed] = await Promise.all([certify(t, args, hasty), certify(t, args, careful)])
  t.match(failed, { code: 0, stdout: /^failed as known {5}list-after-503: .*\n1 drill: 1 failed as known\n$/ })
  t.match(passed, {
    code: 1,
    stdout:
      /^passed unexpectedly .*\n {4}Remove what passed from the list of known failures\n {4}passed unexpectedly list-after-503\/waits: /,
  })
})

t.test('Ctrl-C stops the clients, and the report is still written', async t => {
  const { folder, file } = folderWith(t)
  const started = join(folder, 'started')
  const script = `
    import { renameSync } from 'node:fs'
    writeFileSync(${JSON.stringify(`${started}.new`)}, String(process.pid))
    renameSync(${JSON.stringify(`${started}.new`)}, ${JSON.stringify(started)})
    setInterval(() => {}, 1000)
  `
  const report = join(folder, 'report')
  const args = ['certify', '--drills', `${file},retry-502`, '--report', report, '--', ...clientOf(script)]
  const watcher = watch(folder)
  const { child, ended } = launch(t, { args })
  while (!existsSync(started)) await once(watcher, 'change')
  watcher.close()
  child.kill('SIGINT')
  const { code, stdout } = await ended
  t.match({ code, stdout }, { code: 3, stdout: /Interrupted: the other drills were not run\.\nReport: / })
  t.match(JSON.parse(readFileSync(join(report, 'report.json'), 'utf8')), {
    lifecycle: 'interrupted',
    verdict: 'inconclusive',
  })
  t.throws(() => process.kill(Number(readFileSync(started, 'utf8')), 0), { code: 'ESRCH' }, 'the client has ended')
})

t.test('wrong usage starts no client, and says why in one line', async t => {
  const { folder, file } = folderWith(t)
  const cases = [
    { args: [], client: [], message: /^certify expects the client after --/ },
    { args: ['retry-502'], client: careful, message: /^certify expects the client after --/ },
    { args: ['--drills', 'no-such-drill'], client: careful, message: /no-such-drill/ },
    {
      args: ['--drills', join(folder, 'missing.json')],
      client: careful,
      message: /missing\.json cannot be read: ENOENT/,
    },
    { args: ['--drills', file], client: [join(folder, 'no-client')], message: /^There is no command "/ },
    { args: ['--drills', file], client: [file], message: /cannot be run: it is not executable$/ },
    { args: ['--jobs', '0'], client: careful, message: /^--jobs must be a whole number from 1 to 64, not "0"$/ },
    { args: ['--time-scale', 'x'], client: careful, message: /^--time-scale must be 0 or a number/ },
    { args: ['--known-failing', join(folder, 'no-list')], client: careful, message: /no-list cannot be read: ENOENT/ },
    {
      args: ['--drills', file, '--report', join(file, 'x')],
      client: careful,
      message: /^The folder of the report cannot be made/,
    },
  ]
  for (const { args, client, message } of cases) {
    const error: unknown = await certify(t, args, client).catch(reason => reason)
    t.ok(error instanceof OptionError, `${args} ${error}`)
    t.match(error, { message })
  }
})
