// Firedrill as a program of its own: started as a user starts it, watched through its output, and ended with the test.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'

const CLI = fileURLToPath(new URL('../src/cli.ts', import.meta.url))

export interface Launch {
  args?: readonly string[]
  env?: Record<string, string>
  /** For Node itself. */
  nodeArgs?: readonly string[]
  /** How many file descriptors the process may have. */
  maxOpenFiles?: number
}

/** A test, or whatever else ends the programs that it started. */
export interface Owner {
  teardown(stop: () => unknown): void
}

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

export interface Program {
  child: ChildProcess
  /** The first line on its stdout; rejects when it ends without one. */
  firstLine: Promise<string>
  ended: Promise<Ended>
}

export function launch(t: Owner, { args = [], env = {}, nodeArgs = [], maxOpenFiles }: Launch = {}): Program {
  const node = [process.execPath, ...nodeArgs, CLI, ...args] as const
  const [program, ...rest] =
    maxOpenFiles === undefined ? node : (['sh', '-c', `ulimit -n ${maxOpenFiles}; exec "$@"`, 'sh', ...node] as const)
  const child = spawn(program, rest, { env: { ...cleanEnvironment(), ...env } })
  t.teardown(() => child.kill('SIGKILL'))
  const output = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', text => {
      output[stream] += text
    })
  }
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, ...output }))
  const line = once(createInterface(child.stdout), 'line').then(([text]) => text as string)
  const firstLine = Promise.race([
    line,
    ended.then(({ code, stderr }) => Promise.reject(new Error(`it ended with ${code}: ${stderr}`))),
  ])
  // Not every test waits for a line.
  firstLine.catch(() => {})
  return { child, firstLine, ended }
}

/** Runs to its end. */
export function run(t: Owner, what: Launch): Promise<Ended> {
  return launch(t, what).ended
}

/** Starts a server on a free port; `url` is where it says that it is. */
export async function serve(t: Owner, { args = [], ...more }: Launch = {}): Promise<Program & { url: string }> {
  const program = launch(t, { args: ['--port', '0', '--json', ...args], ...more })
  const { url } = JSON.parse(await program.firstLine)
  return { ...program, url }
}

/** Four at a time: all at once would be slow, and one by one, too. */
export async function inParallel<T>(cases: readonly T[], check: (each: T) => Promise<void>): Promise<void> {
  const queue = [...cases]
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await check(next)
  }
  await Promise.all([worker(), worker(), worker(), worker()])
}

/** It ended with 2 and one line on stderr. */
export function refused(t: Test, { code, stdout, stderr }: Ended, message: string | RegExp, name: string): void {
  t.match({ code, stdout, stderr: stderr.trimEnd() }, { code: 2, stdout: '', stderr: message }, name)
  t.match(stderr, /^firedrill: [^\n]+\n$/, `${name}: one line`)
}

/** The environment of the person who runs the tests must not affect the results. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('FIREDRILL_')))
}
