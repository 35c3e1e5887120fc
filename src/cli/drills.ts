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
      answer: { value: 'JSON', help: 'further fields that the client reports, as the task says' },
    },
    run: async (server, call) => {
      const verdict = await server.invoke(getDrillVerdict, verdictInput(call))
      const { sandbox, requirements, reasons } = verdict
      const isGood = verdict.verdict === 'passed' || verdict.verdict === 'warning'
      if (!isGood) throw new CommandError(`${verdict.verdict}: ${reasons.join(' ')}`)
      const lines = requirements.map(each => [each.verdict, each.expected, each.observed])
      return `${sandbox} ${verdict.verdict}\n${columns(lines)}`
    },
  }),
]

function runText({ sandbox, url, task, credentials }: DrillRun): string {
  const facts = Object.entries({ sandbox, url, ...credentials })
  return `${task}\n\n${columns(facts)}`
}

function verdictInput({ words: [id = ''], given }: Call): RemoteInput {
  const names = ['sandbox', 'outcome', 'sha256', 'answer']
  return { path: { id }, query: Object.fromEntries(names.map(name => [name, textOf(given, name)])) }
}
