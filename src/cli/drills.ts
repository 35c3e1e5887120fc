// The commands about drills: list them, start a run, and get the verdict.
import type { DrillRun } from '../../schemas/drills.ts'
import { getDrillVerdict, listDrills, startDrill } from '../control/drills/operations.ts'
import { columns } from './columns.ts'
import { type Call, type Command, CommandError, textOf } from './command.ts'
import { type RemoteInput, remoteCommand } from './remote.ts'

const DRILL = { name: 'DRILL' }

export const drillCommands: Command[] = [
  remoteCommand({
    name: 'drill list',
    operations: [listDrills],
    summary: 'List the drills for clients',
    run: async server => {
      const drills = await server.invoke(listDrills)
      return columns(drills.map(({ id, api, title }) => [id, api, title]))
    },
  }),
  remoteCommand({
    name: 'drill start',
    operations: [startDrill],
    summary: 'Start a run of a drill in its own sandbox, and print the task of the client',
    arguments: [DRILL],
    run: async (server, { words: [id = ''] }) => runText(await server.invoke(startDrill, { path: { id } })),
  }),
  remoteCommand({
    name: 'drill verdict',
    operations: [getDrillVerdict],
    summary: 'Judge whether the client did what a correct client does; fails with the reasons if it did not',
    arguments: [DRILL],
    flags: {
      sandbox: { value: 'NAME', help: "the run's sandbox; that of the latest run without it" },
      outcome: { value: 'OUTCOME', help: 'what the client reported to its user: success or failure' },
      sha256: { value: 'HEX', help: 'SHA-256 of the file that the client downloaded' },
    },
    run: async (server, call) => {
      const verdict = await server.invoke(getDrillVerdict, verdictInput(call))
      const { sandbox, passed, reasons, rules } = verdict
      if (!passed) throw new CommandError(reasons.join(' '))
      return `${sandbox} passed\n${columns(rules.map(({ rule, detail }) => [rule, detail]))}`
    },
  }),
]

function runText({ sandbox, url, story, credentials }: DrillRun): string {
  const facts = Object.entries({ sandbox, url, ...credentials })
  return `${story}\n\n${columns(facts)}`
}

function verdictInput({ words: [id = ''], given }: Call): RemoteInput {
  const [sandbox, outcome, sha256] = [textOf(given, 'sandbox'), textOf(given, 'outcome'), textOf(given, 'sha256')]
  return { path: { id }, query: { sandbox, outcome, sha256 } }
}
