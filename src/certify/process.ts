// Runs the command of a client in a process group of its own, and stops the whole group at a time limit.
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import spawn from 'cross-spawn'
import { hostStopwatch, hostTimeout } from '../sandbox/clock/clock.ts'
import { Tail } from './tail.ts'

/** How long a client may take to end after SIGTERM, before SIGKILL. */
const GRACE_MS = 2000
/** How long the output may take to end after the client did: a process that left the group may keep it open. */
const OUTPUT_MS = 500
const MAX_OUTPUT_BYTES = 64 * 1024

export interface ClientRun {
  command: readonly string[]
  env: Readonly<Record<string, string | undefined>>
  /** The folder in which it runs; default that of this process. */
  cwd?: string
  timeLimitMs: number
  /** Stops the client when it is aborted. */
  signal?: AbortSignal
}

/** How a client ended. */
export interface ClientExit {
  /** Null if a signal ended it. */
  exitCode: number | null
  signal: NodeJS.Signals | null
  /** It was stopped at the time limit. */
  timedOut: boolean
  /** It was stopped because the signal of the run was aborted. */
  interrupted: boolean
  /** The end of what it printed, on stdout and stderr together. */
  output: string
  /** In this machine's time. */
  durationMs: number
}

/** The command does not exist or cannot be run; the message is one line. */
export class ClientStartError extends Error {}

/**
 * Runs the command without a shell and without input. Processes that it leaves behind in its group are killed.
 * Throws ClientStartError.
 */
export async function runClient({ command, env, cwd, timeLimitMs, signal }: ClientRun): Promise<ClientExit> {
  const startedAt = hostStopwatch()
  const child = started(command, env, cwd)
  const output = new Tail(MAX_OUTPUT_BYTES)
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => output.add(chunk))
  const closed = once(child, 'close')
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  // A command that does not start ends with `error`, which rejects both.
  closed.catch(() => {})
  const stopper = new Stopper(child)
  const stopAtLimit = hostTimeout(timeLimitMs, () => stopper.stop('timedOut'))
  const interrupt = () => stopper.stop('interrupted')
  if (signal?.aborted) interrupt()
  signal?.addEventListener('abort', interrupt)
  try {
    const [exitCode, endedBy] = await ended
    const durationMs = hostStopwatch() - startedAt
    sendToGroup(child, 'SIGKILL')
    await within(OUTPUT_MS, closed)
    const { reason } = stopper
    return {
      exitCode,
      signal: endedBy,
      timedOut: reason === 'timedOut',
      interrupted: reason === 'interrupted',
      output: output.text(),
      durationMs,
    }
  } catch (cause) {
    throw startProblem(command, cwd, cause)
  } finally {
    stopAtLimit()
    stopper.end()
    signal?.removeEventListener('abort', interrupt)
    for (const stream of [child.stdout, child.stderr]) stream?.destroy()
  }
}

/** A group of its own: Ctrl-C in a terminal reaches only this process, which decides what happens to the client. */
function started([program = '', ...args]: readonly string[], env: ClientRun['env'], cwd: string | undefined) {
  try {
    // On Windows, where there are no such groups, it would open a window.
    const detached = process.platform !== 'win32'
    return spawn(program, args, { env, cwd, detached, windowsHide: true, stdio: ['ignore', 'pipe', 'pipe'] })
  } catch (cause) {
    throw startProblem([program], cwd, cause)
  }
}

/** Stops a process group: SIGTERM, and SIGKILL if it is still there after a while. */
class Stopper {
  /** Why the client was stopped first; undefined if it was not. */
  reason: 'timedOut' | 'interrupted' | undefined
  readonly #child: ChildProcess
  #cancelKill = () => {}

  constructor(child: ChildProcess) {
    this.#child = child
  }

  stop(reason: 'timedOut' | 'interrupted'): void {
    if (this.reason !== undefined) return
    this.reason = reason
    sendToGroup(this.#child, 'SIGTERM')
    this.#cancelKill = hostTimeout(GRACE_MS, () => sendToGroup(this.#child, 'SIGKILL'))
  }

  end(): void {
    this.#cancelKill()
  }
}

/** Does nothing when the group no longer exists. macOS answers EPERM for one that has ended but was not collected yet. */
function sendToGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    if (process.platform === 'win32') endTree(pid)
    else process.kill(-pid, signal)
  } catch (error) {
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}

/** Windows has no signals: the process and those that it started end at once. They are not found once the process itself has ended. */
function endTree(pid: number): void {
  // It fails for a process that has ended, and what it prints is not needed.
  spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true }).on('error', () => {})
}

async function within(ms: number, promise: Promise<unknown>): Promise<void> {
  let cancel = () => {}
  const timeUp = new Promise<void>(resolve => {
    cancel = hostTimeout(ms, resolve)
  })
  await Promise.race([promise, timeUp])
  cancel()
}

function startProblem([program = '']: readonly string[], cwd: string | undefined, cause: unknown): ClientStartError {
  const { code, message } = cause as NodeJS.ErrnoException
  // The same code for a folder that does not exist.
  if (code === 'ENOENT' && cwd !== undefined && !existsSync(cwd))
    return new ClientStartError(`There is no folder "${cwd}"`, { cause })
  if (code === 'ENOENT') return new ClientStartError(`There is no command "${program}"`, { cause })
  const reason = code === 'EACCES' ? 'it is not executable' : message.replace(/\s*[\r\n]+\s*/g, ' ')
  return new ClientStartError(`"${program}" cannot be run: ${reason}`, { cause })
}
