// The process of a client: its exit code, signal and output, and that the whole process group ends with it.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { type ClientRun, ClientStartError, runClient } from '../../src/certify/process.ts'

/** Runs JavaScript in Node. */
function runNode(script: string, more: Partial<ClientRun> = {}) {
  const command = [process.execPath, '--input-type=module', '--eval', script]
  const { NODE_OPTIONS, ...env } = process.env
  return runClient({ command, env, timeLimitMs: 30_000, ...more })
}

const runShell = (script: string, more: Partial<ClientRun> = {}) =>
  runClient({ command: ['sh', '-c', script], env: process.env, timeLimitMs: 30_000, ...more })

function isRunning(pid: number): boolean {
  try {
    // A process that has ended but whose parent has not noticed is still there, as a zombie.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

/** A process ends a moment after the signal was sent. */
async function hasEnded(pid: number): Promise<boolean> {
  while (isRunning(pid)) await setImmediate()
  return true
}

t.test('exit code, signal and output are reported', async t => {
  t.match(await runShell('echo out; echo err >&2; exit 3'), {
    exitCode: 3,
    signal: null,
    timedOut: false,
    interrupted: false,
    output: 'out\nerr\n',
  })
  t.match(await runShell('kill -SEGV $$'), { exitCode: null, signal: 'SIGSEGV', timedOut: false })
})

t.test('the command is run without a shell, with its arguments as they are, its environment and folder', async t => {
  const cwd = t.testdir()
  const command = ['sh', '-c', 'printf "%s|%s|%s" "$1" "$GREETING" "$PWD"', 'sh', '$(echo no) *; exit 1']
  const { output, exitCode } = await runClient({
    command,
    cwd,
    env: { ...process.env, GREETING: 'hello' },
    timeLimitMs: 30_000,
  })
  t.equal(exitCode, 0)
  t.equal(output, `$(echo no) *; exit 1|hello|${cwd}`)
})

t.test('input is empty', async t => {
  t.match(await runShell('cat; echo read'), { output: 'read\n', exitCode: 0 })
})

t.test('a client that hangs is stopped with its children', async t => {
  const pids = join(t.testdir(), 'pids')
  const exit = await runShell(`sleep 600 & echo $! >${pids}; echo waiting; wait`, { timeLimitMs: 200 })
  t.match(exit, { timedOut: true, signal: 'SIGTERM', exitCode: null, output: 'waiting\n' })
  t.ok(await hasEnded(Number(readFileSync(pids, 'utf8'))), 'its child, too')
})

t.test('a client that ignores SIGTERM is killed', async t => {
  const exit = await runShell('trap "" TERM; while :; do sleep 0.05; done', { timeLimitMs: 100 })
  t.match(exit, { timedOut: true, signal: 'SIGKILL', exitCode: null })
})

t.test('a client that ends in order after SIGTERM has still timed out', async t => {
  const exit = await runShell('trap "echo bye; exit 0" TERM; while :; do sleep 0.05; done', { timeLimitMs: 200 })
  t.match(exit, { timedOut: true, exitCode: 0, output: 'bye\n' })
})

t.test('what a client leaves behind in its group is killed, and its output does not delay the end', async t => {
  const pids = join(t.testdir(), 'pids')
  const exit = await runShell(`sleep 600 & echo $! >${pids}; exit 1`)
  t.match(exit, { exitCode: 1, timedOut: false })
  t.ok(exit.durationMs < 10_000)
  t.ok(await hasEnded(Number(readFileSync(pids, 'utf8'))))
})

t.test('a process that left the group does not delay the end', async t => {
  const pids = join(t.testdir(), 'pids')
  const script = `
    import { spawn } from 'node:child_process'
    import { writeFileSync } from 'node:fs'
    const child = spawn('sleep', ['600'], { detached: true, stdio: 'inherit' })
    writeFileSync(${JSON.stringify(pids)}, String(child.pid))
    child.unref()
    console.log('gone')
  `
  t.match(await runNode(script), { exitCode: 0, output: 'gone\n' })
  const pid = Number(readFileSync(pids, 'utf8'))
  t.ok(isRunning(pid))
  process.kill(pid, 'SIGKILL')
})

t.test('an aborted run stops the client', async t => {
  const stop = new AbortController()
  const file = join(t.testdir(), 'started')
  const running = runShell(`echo >${file}; while :; do sleep 0.05; done`, { signal: stop.signal })
  stop.abort()
  t.match(await running, { interrupted: true, timedOut: false })
  t.match(await runShell('sleep 600', { signal: AbortSignal.abort() }), { interrupted: true }, 'before it started')
})

t.test('of much output the end is kept', async t => {
  const { output } = await runNode(`process.stdout.write('é'.repeat(1_000_001) + '!')`)
  const [, omitted = '', rest = ''] = /^\[(\d+) bytes left out\]\n(.*)$/s.exec(output) ?? []
  t.equal(Number(omitted) + Buffer.byteLength(rest), 2 * 1_000_001 + 1)
  t.ok(Number(omitted) - (2 * 1_000_001 + 1 - 65_536) <= 1, 'and not less than fits')
  t.match(rest, /^é+!$/, 'in whole characters')
  t.equal((await runNode(`process.stdout.write('x'.repeat(65_536))`)).output.length, 65_536)
  const { output: lines } = await runNode(`process.stdout.write('a line with a secret\\n'.repeat(10_000))`)
  t.match(lines, /^\[\d+ bytes left out\]\n(a line with a secret\n)+$/, 'from a whole line on')
})

t.test('a command that cannot be started is refused in one line', async t => {
  const folder = t.testdir()
  const file = join(folder, 'client')
  writeFileSync(file, 'exit 0', { mode: 0o644 })
  const cases = [
    { command: ['no-such-command', 'x'], message: 'There is no command "no-such-command"' },
    { command: [file], message: `"${file}" cannot be run: it is not executable` },
    { command: [folder], message: `"${folder}" cannot be run: it is not executable` },
    { command: ['a\0b'], message: /^"a\0b" cannot be run: [^\n]+$/ },
  ]
  for (const { command, message } of cases) {
    const error: unknown = await runClient({ command, env: process.env, timeLimitMs: 1000 }).catch(reason => reason)
    t.ok(error instanceof ClientStartError)
    t.match(error, { message })
  }
})
