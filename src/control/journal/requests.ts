// Implements the control operations on the journal. Everything that they return is redacted.
import type * as wire from '../../../schemas/control.ts'
import type { Entry } from '../../sandbox/journal/entry.ts'
import type { Journal } from '../../sandbox/journal/journal.ts'
import { memoizeLast } from '../../sandbox/memoize.ts'
import { Refusal } from '../../sandbox/refusal.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { instantOf } from '../instants.ts'
import { type Implementation, implement } from '../invoke.ts'
import type { Listener } from '../operation.ts'
import { boundsOf, differenceOf } from './counting.ts'
import { curlOf, exchangeOf } from './curl.ts'
import { downloadAccounts } from './downloads.ts'
import { explain } from './explain.ts'
import { harOf } from './har.ts'
import { httpFileOf } from './http-file.ts'
import * as rows from './operations.ts'
import { compilePattern } from './patterns.ts'
import { SearchTime, search } from './searching.ts'
import { sentArchive } from './sent-archive.ts'
import { loggedRequest, serveEvent } from './views.ts'
import { waitFor } from './waiting.ts'

const DEFAULT_WAIT_MS = 5000

export const journalImplementations: readonly Implementation[] = [
  implement(rows.listRequests, ({ sandbox }, { query }) => listRequests(sandbox(), query)),
  implement(rows.clearRequests, ({ sandbox }) => {
    sandbox().journal.clear()
    return {}
  }),
  implement(rows.listUnmatchedRequests, ({ sandbox }) => {
    const unmatched = entriesOf(sandbox()).filter(({ matched }) => !matched)
    return { requests: unmatched.map(loggedRequest), ...journalState(sandbox()) }
  }),
  implement(rows.exportHar, ({ sandbox }) => harOf(entriesOf(sandbox()))),
  implement(rows.countRequests, ({ sandbox }, { body }) => ({
    count: matching(sandbox(), body).length,
    ...journalState(sandbox()),
  })),
  implement(rows.findRequests, ({ sandbox }, { body }) => ({
    requests: matching(sandbox(), body).map(loggedRequest),
    ...journalState(sandbox()),
  })),
  implement(rows.removeRequests, ({ sandbox }, { body }) => removeRequests(sandbox(), body)),
  implement(rows.verifyRequests, ({ sandbox }, { body }) => verifyRequests(sandbox(), body)),
  implement(rows.waitForRequests, ({ sandbox, signal }, { body }) => waitForRequests(sandbox(), body, signal?.())),
  implement(
    rows.watchRequests,
    ({ sandbox }) =>
      listener =>
        watchRequests(sandbox(), listener),
  ),
  implement(rows.readRequest, ({ sandbox }, { path }) => serveEvent(findEntry(sandbox(), path.id), sandbox())),
  implement(rows.dropRequest, ({ sandbox }, { path }) => {
    sandbox().journal.remove(new Set([findEntry(sandbox(), path.id)]))
    return {}
  }),
  implement(rows.explainRequest, ({ sandbox, operations }, { path }) =>
    explain(findEntry(sandbox(), path.id), operations, sandbox().name),
  ),
  implement(
    rows.exportCurl,
    ({ sandbox, serverUrl }, { path }) => `${curlOf(findEntry(sandbox(), path.id), serverUrl)}\n`,
  ),
  implement(rows.exportExchange, ({ sandbox, serverUrl }, { path }) =>
    exchangeOf(findEntry(sandbox(), path.id), serverUrl),
  ),
  implement(rows.exportHttp, ({ sandbox, serverUrl }, { path }) =>
    httpFileOf(findEntry(sandbox(), path.id), serverUrl),
  ),
  implement(rows.readSentArchive, ({ sandbox, apis }, { path }) => {
    const current = sandbox()
    return sentArchive(current, apis, findEntry(current, path.id))
  }),
  implement(rows.listDownloads, ({ sandbox }) => ({
    downloads: downloadAccounts(enabledJournal(sandbox()).entries()),
  })),
  implement(rows.readDownload, ({ sandbox }, { path }) => readDownload(sandbox(), path.file)),
]

function listRequests(
  sandbox: Sandbox,
  { limit, since, before, unmatched = false }: wire.RequestQuery,
): wire.RequestLog {
  const after = since === undefined ? Number.NEGATIVE_INFINITY : instantOf(since, Number.NaN)
  if (Number.isNaN(after)) throw new Refusal('invalid', `since: "${since}" is not an instant; use ISO 8601 with offset`)
  const entries = entriesOf(sandbox)
  const end = before === undefined ? entries.length : entries.indexOf(findEntry(sandbox, before))
  const selected = entries
    .slice(0, end)
    .filter(({ receivedAt, matched }) => receivedAt > after && !(unmatched && matched))
  const requests = selected.reverse().slice(0, limit)
  return {
    requests: requests.map(entry => serveEvent(entry, sandbox)),
    meta: { total: entries.length },
    ...journalState(sandbox),
  }
}

function removeRequests(sandbox: Sandbox, pattern: wire.RequestPattern): wire.RemovedRequests {
  const removed = matching(sandbox, pattern)
  sandbox.journal.remove(new Set(removed))
  return { serveEvents: removed.map(entry => serveEvent(entry, sandbox)) }
}

/**
 * Resolves when `count` matching requests have ended; those before the call count. Rejects with a Refusal of kind `timeout` after
 * `timeoutMs` in real time, or when the sandbox is dropped.
 */
async function waitForRequests(
  sandbox: Sandbox,
  { match, count = 1, timeoutMs = DEFAULT_WAIT_MS }: wire.RequestWait,
  signal: AbortSignal | undefined,
): Promise<wire.FoundRequests> {
  const journal = enabledJournal(sandbox)
  const found = await waitFor(journal, { pattern: compilePattern(match), count, timeoutMs, signal })
  return { requests: found.map(loggedRequest), requestJournalDisabled: false }
}

function verifyRequests(sandbox: Sandbox, { match, ...expectation }: wire.RequestExpectation): wire.Verdict {
  const entries = enabledJournal(sandbox).entries()
  const pattern = compilePattern(match)
  const bounds = boundsOf(expectation)
  const time = new SearchTime()
  const found = search(entries, pattern.matches, time).length
  const passed = found >= bounds.min && found <= bounds.max
  return { passed, found, difference: passed ? null : differenceOf(pattern, bounds, found, entries, time) }
}

/** Throws Refusal when the limit of listeners is reached. */
function watchRequests(sandbox: Sandbox, { event, closed = () => {} }: Listener<wire.ServeEvent>): () => void {
  const render = rendererOf(sandbox)
  return sandbox.journal.subscribeLive({ ended: entry => event(render(entry)), closed })
}

type Render = (entry: Entry) => wire.ServeEvent

const renderers = new WeakMap<Journal, Render>()

/** An entry is rendered once for all listeners, which receive it one after another. */
function rendererOf(sandbox: Sandbox): Render {
  const { journal } = sandbox
  const render = renderers.get(journal) ?? memoizeLast((entry: Entry) => serveEvent(entry, sandbox))
  renderers.set(journal, render)
  return render
}

function entriesOf({ journal }: Sandbox): Entry[] {
  return journal.entries()
}

function journalState({ journal }: Sandbox): { requestJournalDisabled: boolean } {
  return { requestJournalDisabled: !journal.enabled }
}

function enabledJournal({ journal }: Sandbox): Sandbox['journal'] {
  if (!journal.enabled) throw new Refusal('conflict', 'the journal is disabled; start without --journal-entries 0')
  return journal
}

function readDownload(sandbox: Sandbox, file: string): wire.DownloadAccount {
  const accounts = downloadAccounts(
    enabledJournal(sandbox)
      .entries()
      .filter(({ transfer }) => transfer?.file === file),
  )
  if (!accounts[0]) throw new Refusal('missing', `no download of file "${file}" is in the journal`)
  return accounts[0]
}

function matching(sandbox: Sandbox, pattern: wire.RequestPattern): Entry[] {
  return search(entriesOf(sandbox), compilePattern(pattern).matches)
}

function findEntry(sandbox: Sandbox, id: string): Entry {
  const entry = entriesOf(sandbox).find(each => each.id === id)
  if (!entry) throw new Refusal('missing', `request "${id}" is not in the journal`)
  return entry
}
