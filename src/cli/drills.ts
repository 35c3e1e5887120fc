// The commands about drills: what there is, a run of one, and whether its client did what a correct one does.
import type { DrillRun, DrillSummary, DrillVerdict } from '../../schemas/drills.ts'
import { columns } from './columns.ts'
import { type Call, type Command, CommandError, textOf } from './command.ts'
import { serverCommand } from './remote.ts'

const DRILL = { name: 'DRILL' }

export const drillCommands: Command[] = [
  serverCommand({
    name: 'drill list',
    summary: 'List the drills for clients',
    run: async server => {
      const drills = await server.askServer<DrillSummary[]>('GET', '/drills')
      return columns(drills.map(({ id, api, title }) => [id, api, title]))
    },
  }),
  serverCommand({
    name: 'drill start',
    summary: 'Start a run of a drill in a sandbox of its own, and say what the client is to do',
    arguments: [DRILL],
    run: async (server, { words: [id = ''] }) =>
      runText(await server.askServer<DrillRun>('POST', `/drills/${encodeURIComponent(id)}/start`)),
  }),
  serverCommand({
    name: 'drill verdict',
    summary: 'Say whether the client did what a correct one does; fails with the reasons why not',
    arguments: [DRILL],
    flags: {
      sandbox: { value: 'NAME', help: "the run's sandbox; that of the latest run when left out" },
      outcome: { value: 'OUTCOME', help: 'what the client told its user: success or failure' },
      sha256: { value: 'HEX', help: 'of the file that the client downloaded' },
    },
    run: async (server, call) => {
      const verdict = await server.askServer<DrillVerdict>('GET', verdictPath(call))
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

function verdictPath({ words: [id = ''], given }: Call): string {
  const reported = ['sandbox', 'outcome', 'sha256'].flatMap((name): [string, string][] => {
    const value = textOf(given, name)
    return value === undefined ? [] : [[name, value] as const]
  })
  return `/drills/${encodeURIComponent(id)}/verdict?${new URLSearchParams(Object.fromEntries(reported))}`
}
