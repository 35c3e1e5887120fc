// The control operations on the journal, at WireMock's paths and in its shapes where it has them.
import { Type } from '@sinclair/typebox'
import * as wire from '../../../schemas/control.ts'
import { operation } from '../operation.ts'

const EntryPath = Type.Object({ id: Type.String() })
const Done = Type.Object({}, { $id: 'Done', additionalProperties: false })

const ACCOUNTING =
  'Made from the requests in the journal: those that were removed do not count, and reset, import and restore empty it. Bytes ' +
  'count when they are handed to the connection; of a client that disconnects, some that were waiting may count as well.'

export const listRequests = operation({
  id: 'listRequests',
  capability: 'journal',
  method: 'GET',
  path: '/requests',
  scope: 'sandbox',
  embedded: 'requests.list',
  summary: 'List requests and their responses, the latest first',
  in: { query: wire.RequestQuery },
  outcome: 'The requests',
  out: wire.RequestLog,
})

export const clearRequests = operation({
  id: 'clearRequests',
  capability: 'journal',
  method: 'DELETE',
  path: '/requests',
  scope: 'sandbox',
  embedded: 'requests.clear',
  summary: 'Empty the journal',
  outcome: 'Emptied',
  out: Done,
  aliases: [{ id: 'resetRequests', method: 'POST', path: '/requests/reset' }],
})

export const listUnmatchedRequests = operation({
  id: 'listUnmatchedRequests',
  capability: 'journal',
  method: 'GET',
  path: '/requests/unmatched',
  scope: 'sandbox',
  embedded: 'requests.unmatched',
  summary: 'List requests that no operation serves',
  outcome: 'The requests',
  out: wire.FoundRequests,
})

export const exportHar = operation({
  id: 'exportHar',
  capability: 'journal',
  method: 'GET',
  path: '/requests.har',
  scope: 'sandbox',
  embedded: 'requests.har',
  summary: 'Export the journal as an HTTP Archive (HAR 1.2)',
  outcome: 'The archive',
  out: wire.Har,
})

export const countRequests = operation({
  id: 'countRequests',
  capability: 'journal',
  method: 'POST',
  path: '/requests/count',
  scope: 'sandbox',
  embedded: 'requests.count',
  summary: 'Count the requests that match a pattern',
  in: { body: wire.RequestPattern },
  outcome: 'The number',
  out: wire.RequestCount,
})

export const findRequests = operation({
  id: 'findRequests',
  capability: 'journal',
  method: 'POST',
  path: '/requests/find',
  scope: 'sandbox',
  embedded: 'requests.find',
  summary: 'List the requests that match a pattern, in order of arrival',
  in: { body: wire.RequestPattern },
  outcome: 'The requests',
  out: wire.FoundRequests,
})

export const removeRequests = operation({
  id: 'removeRequests',
  capability: 'journal',
  method: 'POST',
  path: '/requests/remove',
  scope: 'sandbox',
  embedded: 'requests.remove',
  summary: 'Remove the requests that match a pattern',
  in: { body: wire.RequestPattern },
  outcome: 'The removed requests',
  out: wire.RemovedRequests,
})

export const verifyRequests = operation({
  id: 'verifyRequests',
  capability: 'journal',
  method: 'POST',
  path: '/requests/verify',
  scope: 'sandbox',
  embedded: 'requests.verify',
  summary: 'Check how many requests match a pattern',
  in: { body: wire.RequestExpectation },
  outcome: 'Whether the expectation holds',
  out: wire.Verdict,
  errors: ['conflict'],
})

export const waitForRequests = operation({
  id: 'waitForRequests',
  capability: 'journal',
  method: 'POST',
  path: '/requests/wait',
  scope: 'sandbox',
  embedded: 'requests.wait',
  summary: 'Wait until enough requests match a pattern',
  description: 'Requests before the call count. After `timeoutMs`, or when the sandbox is dropped, the answer is 408.',
  in: { body: wire.RequestWait },
  outcome: 'The requests',
  out: wire.FoundRequests,
  errors: ['conflict', 'timeout'],
  async: true,
})

export const watchRequests = operation({
  id: 'watchRequests',
  capability: 'journal',
  method: 'GET',
  path: '/requests/live',
  scope: 'sandbox',
  embedded: 'requests.watch',
  summary: 'Watch requests as they are answered',
  description:
    'Server-sent events: `id` is the request’s id, `event` is `request`, `data` is what reading the request returns.',
  outcome: 'Continues until either side ends it',
  out: wire.ServeEvent,
  kind: 'events',
  errors: ['limit'],
})

export const readRequest = operation({
  id: 'readRequest',
  capability: 'journal',
  method: 'GET',
  path: '/requests/:id',
  scope: 'sandbox',
  embedded: 'requests.get',
  summary: 'Read a request and its response',
  in: { path: EntryPath },
  outcome: 'The request',
  out: wire.ServeEvent,
})

export const dropRequest = operation({
  id: 'dropRequest',
  capability: 'journal',
  method: 'DELETE',
  path: '/requests/:id',
  scope: 'sandbox',
  embedded: 'requests.drop',
  summary: 'Remove a request from the journal',
  in: { path: EntryPath },
  outcome: 'Removed',
  out: Done,
})

export const explainRequest = operation({
  id: 'explainRequest',
  capability: 'journal',
  method: 'GET',
  path: '/requests/:id/explain',
  scope: 'sandbox',
  embedded: 'requests.explain',
  summary: 'Explain why a request was answered as it was',
  in: { path: EntryPath },
  outcome: 'The explanation',
  out: wire.Explanation,
})

export const exportCurl = operation({
  id: 'exportCurl',
  capability: 'journal',
  method: 'GET',
  path: '/requests/:id/curl',
  scope: 'sandbox',
  embedded: 'requests.curl',
  summary: 'Export a request as a curl command; each secret becomes a shell variable',
  in: { path: EntryPath },
  outcome: 'The command',
  out: Type.String(),
  media: 'text/plain',
})

export const exportExchange = operation({
  id: 'exportExchange',
  capability: 'journal',
  method: 'GET',
  path: '/requests/:id/exchange',
  scope: 'sandbox',
  embedded: 'requests.exchange',
  summary: 'Export a request and its response in the format of fixtures/exchanges',
  in: { path: EntryPath },
  outcome: 'The command and the response',
  out: Type.String(),
  media: 'text/plain',
})

export const exportHttp = operation({
  id: 'exportHttp',
  capability: 'journal',
  method: 'GET',
  path: '/requests/:id/http',
  scope: 'sandbox',
  embedded: 'requests.http',
  summary: 'Export a request as an .http file for the HTTP clients in editors; each secret becomes a variable',
  in: { path: EntryPath },
  outcome: 'The file',
  out: Type.String(),
  media: 'text/plain',
})

export const readSentArchive = operation({
  id: 'readSentArchive',
  capability: 'journal',
  method: 'GET',
  path: '/requests/:id/archive',
  scope: 'sandbox',
  embedded: 'requests.archive',
  summary: 'List the entries of the archive that was sent, and which of them the response contained',
  description: 'The archive is made again for this, which fails when the file has changed or was deleted since.',
  in: { path: EntryPath },
  outcome: 'The archive',
  out: wire.SentArchive,
  errors: ['conflict'],
  async: true,
})

export const listDownloads = operation({
  id: 'listDownloads',
  capability: 'journal',
  method: 'GET',
  path: '/downloads',
  scope: 'sandbox',
  embedded: 'downloads.list',
  summary: 'List what was sent of each file that clients downloaded',
  description: ACCOUNTING,
  outcome: 'The files',
  out: wire.DownloadAccounts,
  errors: ['conflict'],
})

export const readDownload = operation({
  id: 'readDownload',
  capability: 'journal',
  method: 'GET',
  path: '/downloads/:file',
  scope: 'sandbox',
  embedded: 'downloads.get',
  summary: 'Read which bytes of a file were sent, more than once, never, or of several versions',
  description: ACCOUNTING,
  in: { path: wire.DownloadPath },
  outcome: 'What was sent of the file',
  out: wire.DownloadAccount,
  errors: ['conflict'],
})
