// Searches for the schedule of faults and time that breaks a client, prints it, and saves it as a drill.
import { writeFile } from 'node:fs/promises'
import { replayCommand } from '../certify/replay.ts'
import type { SearchReport } from '../certify/search.ts'
import { timeScaleOf } from './certify.ts'
import { seedFlag, seedOf, withServer } from './client-server.ts'
import { type Command, CommandError, textOf } from './command.ts'
import { type Given, OptionError } from './flags.ts'

const EXIT_CODES: Record<SearchReport['verdict'], number> = { held: 0, broken: 1, unusable: 3, interrupted: 3 }

/** A line of progress after so many runs. */
const PROGRESS_RUNS = 20
const MAX_RUNS = 200

export const searchCommand: Command = {
  name: 'search',
  summary: "Search for the faults that break a client: run a drill's task against random schedules of them",
  arguments: [],
  flags: {
    task: { value: 'DRILL', help: 'the drill whose task the client performs; its own faults are not used' },
    runs: { value: 'N', help: 'how many schedules are tried [100]' },
    'max-calls': { value: 'N', help: 'requests that the client may use [10 times as many as without faults]' },
    'time-scale': { value: 'FACTOR', help: 'how fast virtual time is, for clients that sleep [1]' },
    'time-limit': { value: 'DURATION', help: 'how long the client may run each time [that of the drill]' },
    save: { value: 'FILE', help: 'where the schedule that was found is saved as a drill [DRILL-found.json]' },
    seed: seedFlag,
  },
  takesCommand: true,
  async run({ words, commandLine, given, env, report, print }) {
    const task = textOf(given, 'task')
    if (commandLine.length === 0 || words.length > 0 || task === undefined) {
      throw new OptionError(
        'search expects a drill and the client after --, as in: firedrill search --task poll-until-done -- node client.js',
      )
    }
    const options = optionsOf(given)
    const seed = seedOf(given, env)
    return withServer(seed, report, async (server, signal) => {
      const onRun = ({ runs }: { runs: number }) => {
        if (runs % PROGRESS_RUNS === 0) print(`${runs} runs of the client`)
      }
      const seeded = seed === undefined ? {} : { seed }
      const found = await server.search({ ...options, ...seeded, task, client: commandLine, signal, onRun })
      const file = textOf(given, 'save') ?? `${task}-found.json`
      if (found.drill) await save(file, found.drill)
      const replay = replayCommand({ ...options, command: commandLine, seed: found.seed }, file)
      return { text: textFor(found, file, replay), exitCode: EXIT_CODES[found.verdict] }
    })
  },
}

function optionsOf(given: Given) {
  const [runs, maxCalls] = [textOf(given, 'runs'), textOf(given, 'max-calls')]
  const [timeScale, timeLimit] = [textOf(given, 'time-scale'), textOf(given, 'time-limit')]
  return {
    ...(runs === undefined ? {} : { runs: countOf('runs', runs, MAX_RUNS) }),
    ...(maxCalls === undefined ? {} : { maxCalls: countOf('max-calls', maxCalls, 100_000) }),
    ...(timeScale === undefined ? {} : { timeScale: timeScaleOf(timeScale) }),
    ...(timeLimit === undefined ? {} : { timeLimit }),
  }
}

function countOf(option: string, text: string, max: number): number {
  const count = /^\d{1,6}$/.test(text) ? Number(text) : 0
  if (count >= 1 && count <= max) return count
  throw new OptionError(`--${option} must be a whole number from 1 to ${max}, not "${text}"`)
}

function textFor({ verdict, runs, reasons, schedule }: SearchReport, file: string, replay: string): string {
  if (verdict === 'unusable') {
    return ['The client fails without any fault, so there is nothing to search for.', ...indented(reasons)].join('\n')
  }
  if (verdict === 'interrupted') return `Interrupted; nothing was found in ${runs} runs of the client`
  if (verdict === 'held') return `Nothing was found in ${runs} runs of the client`
  return [
    `Found after ${runs} runs of the client. It breaks when this happens:`,
    ...indented(schedule),
    'Then:',
    ...indented(reasons),
    `Saved as ${file}. Repeat it with`,
    `  ${replay}`,
  ].join('\n')
}

function indented(lines: readonly string[]): string[] {
  return lines.map(line => `  ${line}`)
}

async function save(file: string, drill: object): Promise<void> {
  try {
    await writeFile(file, `${JSON.stringify(drill, null, 2)}\n`)
  } catch (cause) {
    throw new CommandError(`The drill cannot be saved: ${(cause as Error).message}`, 1, { cause })
  }
}
