// The command that shows the requests of clients and the responses to them.
import type * as wire from '../../schemas/control.ts'
import * as rows from '../control/journal/operations.ts'
import { columns } from './columns.ts'
import { type Call, type Command, textOf } from './command.ts'
import { OptionError } from './flags.ts'
import { remoteCommand, type Server } from './remote.ts'

/** Options of which only one can be given. */
const VIEWS = ['unmatched', 'watch', 'curl', 'http', 'explain', 'har', 'clear'] as const

export const requestCommands: Command[] = [
  remoteCommand({
    name: 'requests',
    operations: [
      rows.listRequests,
      rows.watchRequests,
      rows.exportCurl,
      rows.exportHttp,
      rows.explainRequest,
      rows.exportHar,
      rows.clearRequests,
    ],
    summary: 'List the requests of clients and the statuses of the responses',
    flags: {
      limit: { value: 'N', help: 'only the latest N' },
      unmatched: { value: undefined, help: 'only those that no operation serves' },
      watch: {
        value: undefined,
        help: 'print each request when it is answered, until Ctrl-C; with --json as JSON lines',
      },
      curl: { value: 'ID', help: 'print one request as a curl command' },
      http: { value: 'ID', help: 'print one request as an .http file for the HTTP client of an editor' },
      explain: { value: 'ID', help: 'say why one request was answered as it was' },
      har: { value: undefined, help: 'print all requests as an HTTP Archive (HAR)' },
      clear: { value: undefined, help: 'empty the journal' },
    },
    run: requests,
  }),
]

async function requests(server: Server, { given, print }: Call): Promise<string> {
  if (VIEWS.filter(view => given[view] !== undefined).length > 1) {
    throw new OptionError(`requests takes only one of ${VIEWS.map(view => `--${view}`).join(', ')}`)
  }
  const limit = textOf(given, 'limit')
  if (limit !== undefined && VIEWS.some(view => view !== 'unmatched' && given[view] !== undefined)) {
    throw new OptionError('--limit applies only to the list of requests')
  }
  if (given.watch === true) {
    await server.watch(rows.watchRequests, {}, event =>
      print(given.json ? JSON.stringify(event) : columns([row(event)])),
    )
    return ''
  }
  const [curl, http, explain] = [textOf(given, 'curl'), textOf(given, 'http'), textOf(given, 'explain')]
  if (curl !== undefined) return (await server.invoke(rows.exportCurl, { path: { id: curl } })).trimEnd()
  if (http !== undefined) return (await server.invoke(rows.exportHttp, { path: { id: http } })).trimEnd()
  if (explain !== undefined) {
    return explanationText(await server.invoke(rows.explainRequest, { path: { id: explain } }))
  }
  if (given.har === true) return JSON.stringify(await server.invoke(rows.exportHar), null, 2)
  if (given.clear === true) {
    await server.invoke(rows.clearRequests)
    return 'Journal emptied'
  }
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
