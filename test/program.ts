// Runs Firedrill in its own process, as a user does, and ends it with the test.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'

const CLI = fileURLToPath(new URL('../src/cli.ts', import.meta.url))

export interface Launch {
  args?: readonly string[]
  env?: Record<string, string>
  /** The folder in which it runs; default that of the tests. */
  cwd?: string
  /** Arguments of Node itself. */
  nodeArgs?: readonly string[]
  /** The maximum number of file descriptors of the process. */
  maxDescriptors?: number
  /** How large a file the process may write, in blocks of 512 bytes. */
  maxFileBlocks?: number
}

/** A test, or another object that ends the programs when it is done. */
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
  /** The first line on stdout; rejects when the program ends without one. */
  firstLine: Promise<string>
  ended: Promise<Ended>
}

export function launch(t: Owner, { args = [], env = {}, cwd, nodeArgs = [], ...limits }: Launch = {}): Program {
  const node = [process.execPath, ...nodeArgs, CLI, ...args] as const
  const { maxDescriptors, maxFileBlocks } = limits
  const ulimits = [
    ...(maxDescriptors === undefined ? [] : [`ulimit -n ${maxDescriptors}; `]),
    // What tap loads into processes would end this one at the signal for files that are too large, which Node ignores.
    ...(maxFileBlocks === undefined ? [] : [`unset NODE_OPTIONS; ulimit -f ${maxFileBlocks}; `]),
  ].join('')
  const [program, ...rest] = ulimits === '' ? node : (['sh', '-c', `${ulimits}exec "$@"`, 'sh', ...node] as const)
  const child = spawn(program, rest, { cwd, env: { ...cleanEnvironment(), ...env } })
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

/** Runs the program until it ends. */
export function run(t: Owner, what: Launch): Promise<Ended> {
  return launch(t, what).ended
}

/** Starts a server on a free port; `url` is the URL that it prints. */
export async function serve(t: Owner, { args = [], ...more }: Launch = {}): Promise<Program & { url: string }> {
  const program = launch(t, { args: ['--port', '0', '--json', ...args], ...more })
  const { url } = JSON.parse(await program.firstLine)
  return { ...program, url }
}

/** Runs four checks at a time, which is the fastest. */
export async function inParallel<T>(cases: readonly T[], check: (each: T) => Promise<void>): Promise<void> {
  const queue = [...cases]
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await check(next)
  }
  await Promise.all([worker(), worker(), worker(), worker()])
}

/** Checks that the program ended with exit code 2 and one line on stderr. */
export function refused(t: Test, { code, stdout, stderr }: Ended, message: string | RegExp, name: string): void {
  t.match({ code, stdout, stderr: stderr.trimEnd() }, { code: 2, stdout: '', stderr: message }, name)
  t.match(stderr, /^firedrill: [^\n]+\n$/, `${name}: one line`)
}

/** The environment of the person who runs the tests must not affect the results. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('FIREDRILL_')))
}
