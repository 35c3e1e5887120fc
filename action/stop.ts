// The post script of the GitHub Action, at the end of the job: stops the server, and shows what it printed to standard error.
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { group, state, warn } from './runner.ts'

const MAX_WAIT_MS = 10_000
const STEP_MS = 50

const [pid, log] = [Number(state('pid')), state('log')]
// Without them the server did not start, which the main script has reported.
if (pid > 0 && log !== undefined) {
  if (signal(pid, 'SIGTERM')) await ends(pid)
  else warn('The server ended before the job did')
  const text = readFileSync(log, 'utf8')
  if (text !== '') group('Standard error of Firedrill', text)
}

/** Returns false when there is no such process. Windows ends the process at once. */
function signal(pid: number, name: 'SIGTERM' | 'SIGKILL' | 0): boolean {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}

async function ends(pid: number): Promise<void> {
  for (let waitedMs = 0; waitedMs < MAX_WAIT_MS; waitedMs += STEP_MS) {
    if (!signal(pid, 0)) return
    await sleep(STEP_MS)
  }
  signal(pid, 'SIGKILL')
  warn(`The server did not end within ${MAX_WAIT_MS / 1000} seconds, and was killed`)
}
