// The server of the commands that run clients: it starts before them, and stops when they end or are interrupted.
import { isRefused } from '../certify/errors.ts'
import type { Environment } from '../config.ts'
import type { ReportUnexpected } from '../http/errors.ts'
import type { Firedrill } from '../start.ts'
import { type Outcome, textOf } from './command.ts'
import { type Flag, type Given, OptionError } from './flags.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Large enough for a client that polls without a pause: one whose requests are no longer known cannot be judged. */
const JOURNAL = { journalEntries: 200_000, journalBytes: 64 * 1024 * 1024, journalTotalBytes: 512 * 1024 * 1024 }

export const seedFlag: Flag = {
  value: 'TEXT',
  help: 'seed of all random values [firedrill]',
  env: 'FIREDRILL_SEED',
}

export function seedOf(given: Given, env: Environment): string | undefined {
  return textOf(given, 'seed') ?? env.FIREDRILL_SEED
}

/** `work` gets a signal that is aborted when the user stops the command. Throws OptionError for what the user can correct. */
export async function withServer(
  seed: string | undefined,
  report: ReportUnexpected,
  work: (server: Firedrill, signal: AbortSignal) => Promise<Outcome>,
): Promise<Outcome> {
  const { startServer } = await import('../start.ts')
  const server = await startServer({ ...(seed === undefined ? {} : { seed }), ...JOURNAL, onUnexpected: report })
  const stop = new AbortController()
  const interrupt = () => stop.abort()
  for (const signal of SIGNALS) process.on(signal, interrupt)
  try {
    return await work(server, stop.signal)
  } catch (error) {
    throw isRefused(error) ? new OptionError(error.message, { cause: error }) : error
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupt)
    await server.close()
  }
}
