// What the tests of commands share: a server, and a way to run commands on it.
import type { Test } from 'tap'
import { type CommandError, runCommand } from '../../src/cli/index.ts'
import type { Firedrill, OptionError, StartOptions } from '../../src/index.ts'
import { boot } from '../helpers.ts'

/** The time at which a server of `serverWithCommands` starts. */
export const NOW = '2026-06-10T12:00:00.000Z'
export const SOURCE = '10000000-0000-4000-8000-000000000001'
export const DESTINATION = '10000000-0000-4000-8000-000000000002'
/** The job that `startRestore` starts in a fresh sandbox. */
export const RESTORE = `a9s:restore/${DESTINATION}/1`

/** Runs a command line, whose words are separated by spaces, and returns its output. */
export type Say = (line: string) => Promise<string>

export interface CommandedServer {
  firedrill: Firedrill
  say: Say
  /** With `--json`. */
  raw: Say
  /** The lines that commands print before they end. */
  printed: string[]
}

export async function serverWithCommands(t: Test, options: StartOptions = {}): Promise<CommandedServer> {
  const firedrill = await boot(t, options)
  const printed: string[] = []
  const context = contextOf(t, { env: { FIREDRILL_URL: firedrill.url }, printed })
  const say = async (line: string) => {
    const { text, exitCode } = await runCommand(line.split(' '), context)
    t.equal(exitCode, 0, line)
    return text
  }
  return { firedrill, say, raw: line => say(`${line} --json`), printed }
}

interface Given {
  env?: Record<string, string>
  /** Collects the lines that the command prints before it ends. */
  printed?: string[]
}

/** What `runCommand` needs besides a command line. */
export function contextOf(t: Test, { env = {}, printed = [] }: Given = {}): Parameters<typeof runCommand>[1] {
  return {
    env,
    report: error => t.fail('unexpected failure', { error }),
    logFor: async () => undefined,
    print: line => printed.push(line),
  }
}

/** The command fails with an error of this class. */
export async function fails(
  t: Test,
  output: Promise<string>,
  kind: typeof OptionError | typeof CommandError,
  name?: string,
): Promise<void> {
  const error = await output.then(
    () => undefined,
    (reason: Error) => reason,
  )
  t.ok(error instanceof kind, name ?? `fails: ${error?.message}`)
}

/** Starts a restore that takes ten seconds. */
export async function startRestore({ url }: { url: string }): Promise<void> {
  const body = JSON.stringify({
    encryption_key: 'second-encryption-key',
    backup_guid: '3a2e59ee-40cb-472a-91d0-502ab259918c',
  })
  const headers = { authorization: 'Bearer demo-token', 'content-type': 'application/json' }
  await fetch(`${url}/v1/instances/${DESTINATION}/disaster-recovery/perform`, { method: 'POST', headers, body })
}
