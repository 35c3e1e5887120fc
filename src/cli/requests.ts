// The command that shows what clients sent, and what they got.
import type * as wire from '../../schemas/control.ts'
import * as rows from '../control/journal/operations.ts'
import { columns } from './columns.ts'
import { type Call, type Command, textOf } from './command.ts'
import { OptionError } from './flags.ts'
import { remoteCommand, type Server } from './remote.ts'

/** Other views of the journal, of which one can be asked for. */
const VIEWS = ['unmatched', 'curl', 'explain', 'har', 'clear'] as const

export const requestCommands: Command[] = [
  remoteCommand({
    name: 'requests',
    operations: [rows.listRequests, rows.exportCurl, rows.explainRequest, rows.exportHar, rows.clearRequests],
    summary: 'List the requests that clients sent, and the answers',
    flags: {
      limit: { value: 'N', help: 'the latest so many' },
      unmatched: { value: undefined, help: 'only those at which nothing is served' },
      curl: { value: 'ID', help: 'one of them as a curl command instead' },
      explain: { value: 'ID', help: 'why one of them was answered as it was instead' },
      har: { value: undefined, help: 'all of them as an HTTP Archive instead' },
      clear: { value: undefined, help: 'empty the journal instead' },
    },
    run: requests,
  }),
]

async function requests(server: Server, { given }: Call): Promise<string> {
  if (VIEWS.filter(view => given[view] !== undefined).length > 1) {
    throw new OptionError(`requests takes one of ${VIEWS.map(view => `--${view}`).join(', ')}`)
  }
  const [curl, explain] = [textOf(given, 'curl'), textOf(given, 'explain')]
  if (curl !== undefined) return (await server.invoke(rows.exportCurl, { path: { id: curl } })).trimEnd()
  if (explain !== undefined) {
    return explanationText(await server.invoke(rows.explainRequest, { path: { id: explain } }))
  }
  if (given.har === true) return JSON.stringify(await server.invoke(rows.exportHar), null, 2)
  if (given.clear === true) {
    await server.invoke(rows.clearRequests)
    return 'Journal emptied'
  }
  const limit = textOf(given, 'limit')
  const query = { limit, unmatched: given.unmatched === true ? 'true' : undefined }
  const log = await server.invoke(rows.listRequests, { query })
  return log.requests.length === 0 ? 'No requests' : columns(log.requests.toReversed().map(row))
}

function row({ id, request, response, firedrill }: wire.ServeEvent): (string | null)[] {
  const { virtualTime, operation, fault, forced } = firedrill
  const why = fault ? `fault ${fault.fault}` : forced === null ? '' : `forced ${forced}`
  return [
    virtualTime,
    response ? String(response.status) : 'none',
    request.method,
    request.url,
    operation ?? 'unmatched',
    id,
    why,
  ]
}

function explanationText({ request, verdict, checks, unknownParameters, nearest }: wire.Explanation): string {
  const near = nearest.map(({ operation, method, url, difference }) => [operation, `${method} ${url}`, difference])
  return [
    request,
    verdict,
    columns(checks.map(({ check, outcome, detail }) => [check, outcome, detail])),
    ...unknownParameters.map(
      ({ name, nearest }) => `unknown parameter: ${name}${nearest === null ? '' : `, the nearest is ${nearest}`}`,
    ),
    ...(near.length === 0 ? [] : ['nearest:', columns(near)]),
  ].join('\n')
}
