// A server that an install path has started: what it answers, and whether it stops at a signal.
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

const OPTIONS = ['--port', '0', '--json', '--clock', 'frozen:2026-06-10T12:00:00Z', '--archive-size', '40MiB']
const LIMIT_MS = 60_000

interface Question {
  path: string
  method?: string
  headers?: Record<string, string>
  body?: string
  /** Part of the answer. */
  expected: string
}

const QUESTIONS: readonly Question[] = [
  {
    path: '/backend/api/v1/disasterRecoveryFiles/',
    headers: { authorization: 'Bearer YOUR_API_KEY' },
    expected: 'database-backup',
  },
  {
    path: '/backend/api/v1/disasterRecoveryFiles/123',
    headers: {
      authorization: 'Bearer YOUR_API_KEY',
      accept: 'application/x-7z-compressed',
      range: 'bytes=0-999999',
    },
    expected: '7z',
  },
  {
    method: 'POST',
    path: '/v1/instances/10000000-0000-4000-8000-000000000001/disaster-recovery/prepare',
    headers: { authorization: 'Bearer demo-token' },
    expected: '3a2e59ee-40cb-472a-91d0-502ab259918c',
  },
  {
    // The key of an archive of this size is computed in a worker thread, which has a file of its own.
    method: 'POST',
    path: '/v3/apps/64d0c750212742ca8704fb458c9771af/backups',
    headers: { authorization: '23457145698959364-demo' },
    expected: '"key"',
  },
  {
    method: 'POST',
    path: '/arcgis/sharing/rest/generateToken',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'username=siteadmin&password=siteadmin.pass1&f=json',
    expected: '"token"',
  },
  { path: '/', headers: { accept: 'text/html' }, expected: '<script' },
]

interface Place {
  cwd: string
  env: NodeJS.ProcessEnv
}

/**
 * Starts a server, asks each API and the console, and stops it. Returns a digest of all answers, which is the same for each way to
 * start the same version. Throws when something is not as it should be.
 */
export async function tryServer(command: string, place: Place, keepsSignals: boolean): Promise<string> {
  const { child, errors, ended } = launch(command, place)
  const limit = setTimeout(() => killGroup(child), LIMIT_MS)
  try {
    const line = await Promise.race([once(createInterface(child.stdout), 'line'), ended.then(() => undefined)])
    if (!line) throw new Error(`${command} did not start: ${errors.join('')}`)
    const { url, pid } = JSON.parse(line[0])
    const digest = await ask(url)
    process.kill(keepsSignals ? pid : (child.pid as number), 'SIGTERM')
    const [code, signal] = await ended
    if (code !== 0) throw new Error(`${command} ended with ${signal ?? code}: ${errors.join('')}`)
    if (isRunning(pid)) throw new Error(`${command} ended, but the server still runs`)
    return digest
  } finally {
    clearTimeout(limit)
    killGroup(child)
  }
}

/** Throws unless the server refuses to start, in one line. */
export async function expectRefusal(command: string, place: Place, refusal: string): Promise<void> {
  const { child, errors, ended } = launch(command, place)
  const limit = setTimeout(() => killGroup(child), LIMIT_MS)
  const [code] = await ended
  clearTimeout(limit)
  // Deno says in colours what it downloads.
  const text = errors.join('').slice(errors.join('').indexOf('firedrill:'))
  if (code !== 1 || !text.startsWith(refusal) || text.trimEnd().includes('\n')) {
    throw new Error(`${command} ended with ${code}: ${errors.join('')}`)
  }
}

function launch(command: string, { cwd, env }: Place) {
  const [program = '', ...args] = command.split(' ')
  const child = spawn(program, [...args, ...OPTIONS], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  const errors: string[] = []
  child.stderr.setEncoding('utf8').on('data', text => errors.push(text))
  return { child, errors, ended: once(child, 'close') }
}

async function ask(url: string): Promise<string> {
  const hash = createHash('sha256')
  for (const { path, expected, ...init } of QUESTIONS) {
    const response = await fetch(url + path, { ...init, signal: AbortSignal.timeout(LIMIT_MS) })
    const text = Buffer.from(await response.arrayBuffer()).toString('latin1')
    if (!response.ok || !text.includes(expected)) throw new Error(`${path} answered ${response.status}: ${text}`)
    hash.update(text.replaceAll(url, ''))
  }
  return hash.digest('hex')
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Ends whatever the command has started and is still there. */
function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // All of them have ended.
  }
}
