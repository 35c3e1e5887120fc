// The journal of a sandbox in the hands of a rehearsal: searched, waited for, verified, explained and exported, without secrets.
import type * as wire from '../../../schemas/control.ts'
import type { Entry } from '../../sandbox/journal/entry.ts'
import type { Journal } from '../../sandbox/journal/journal.ts'
import { memoizeLast } from '../../sandbox/memoize.ts'
import { Refusal } from '../../sandbox/refusal.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import type { SandboxAccess } from '../access.ts'
import { instantOf } from '../instants.ts'
import { boundsOf, differenceOf } from './counting.ts'
import { curlOf, exchangeOf } from './curl.ts'
import { explain } from './explain.ts'
import { harOf } from './har.ts'
import type { Operation } from './nearest.ts'
import { compilePattern, type Pattern } from './patterns.ts'
import { SearchTime, search } from './searching.ts'
import { loggedRequest, serveEvent } from './views.ts'
import { waitFor } from './waiting.ts'

const USUAL_WAIT_MS = 5000

type Render = (entry: Entry) => wire.ServeEvent

const renderers = new WeakMap<Journal, Render>()

/** Listeners are told of an entry one after the other: rendered for the first, it is kept for the others. */
function rendererOf({ journal, name }: Sandbox): Render {
  const render = renderers.get(journal) ?? memoizeLast((entry: Entry) => serveEvent(entry, name))
  renderers.set(journal, render)
  return render
}

/** Methods throw Refusal for what there is not and for patterns that say what cannot be said. */
export class RequestsControl {
  readonly #sandbox: SandboxAccess
  readonly #operations: ReadonlyMap<string, Operation>

  constructor(sandbox: SandboxAccess, operations: ReadonlyMap<string, Operation>) {
    this.#sandbox = sandbox
    this.#operations = operations
  }

  /** The latest first; `since` is of this machine's time. */
  list({ limit, since, unmatched = false }: wire.RequestQuery = {}): wire.RequestLog {
    const { name } = this.#sandbox.find()
    const after = since === undefined ? Number.NEGATIVE_INFINITY : instantOf(since, Number.NaN)
    if (Number.isNaN(after)) throw new Refusal('invalid', `"${since}" is no instant; ISO 8601 with offset is`)
    const entries = this.#entries()
    const meant = entries.filter(({ receivedAt, matched }) => receivedAt > after && !(unmatched && matched))
    const requests = meant.reverse().slice(0, limit)
    return {
      requests: requests.map(entry => serveEvent(entry, name)),
      meta: { total: entries.length },
      ...this.#flag(),
    }
  }

  get(id: string): wire.ServeEvent {
    return serveEvent(this.#find(id), this.#sandbox.find().name)
  }

  count(match?: wire.RequestPattern): wire.RequestCount {
    return { count: this.#matching(compilePattern(match)).length, ...this.#flag() }
  }

  /** In order of arrival. */
  find(match?: wire.RequestPattern): wire.FoundRequests {
    return { requests: this.#matching(compilePattern(match)).map(loggedRequest), ...this.#flag() }
  }

  /** Those at which nothing is served. */
  unmatched(): wire.FoundRequests {
    const unmatched = this.#entries().filter(({ matched }) => !matched)
    return { requests: unmatched.map(loggedRequest), ...this.#flag() }
  }

  remove(match?: wire.RequestPattern): wire.RemovedRequests {
    const { name, journal } = this.#sandbox.find()
    const gone = this.#matching(compilePattern(match))
    journal.remove(new Set(gone))
    return { serveEvents: gone.map(entry => serveEvent(entry, name)) }
  }

  drop(id: string): void {
    this.#sandbox.find().journal.remove(new Set([this.#find(id)]))
  }

  clear(): void {
    this.#sandbox.find().journal.clear()
  }

  /**
   * Resolves with the matching requests as soon as `count` of them have been answered or cut off, those before included.
   * Rejects with a Refusal of kind `timeout` after `timeoutMs` of this machine's time, or when the sandbox goes.
   */
  async wait(
    { match, count = 1, timeoutMs = USUAL_WAIT_MS }: wire.RequestWait = {},
    signal?: AbortSignal,
  ): Promise<wire.FoundRequests> {
    const journal = this.#enabledJournal()
    const found = await waitFor(journal, { pattern: compilePattern(match), count, timeoutMs, signal })
    return { requests: found.map(loggedRequest), requestJournalDisabled: false }
  }

  verify({ match, ...expectation }: wire.RequestExpectation): wire.Verdict {
    const entries = this.#enabledJournal().entries()
    const pattern = compilePattern(match)
    const bounds = boundsOf(expectation)
    const time = new SearchTime()
    const found = search(entries, pattern.matches, time).length
    const passed = found >= bounds.least && found <= bounds.most
    return { passed, found, difference: passed ? null : differenceOf(pattern, bounds, found, entries, time) }
  }

  explain(id: string): wire.Explanation {
    return explain(this.#find(id), this.#operations, this.#sandbox.find().name)
  }

  /** HTTP Archive 1.2, in order of arrival. */
  har(): ReturnType<typeof harOf> {
    return harOf(this.#entries())
  }

  /** A command for a shell; secrets are variables (`$FIREDRILL_CREDENTIAL`). `serverUrl` instead of where it was sent. */
  curl(id: string, serverUrl?: string): string {
    return `${curlOf(this.#find(id), serverUrl)}\n`
  }

  /** The command and its answer as plain text, in the form of fixtures/exchanges. */
  exchange(id: string, serverUrl?: string): string {
    return exchangeOf(this.#find(id), serverUrl)
  }

  /**
   * Tells of each request when it has been answered or cut off: all listeners get the same object. Returns what ends it;
   * `closed`: the sandbox did. Throws Refusal when the server has as many listeners as it may.
   */
  live(told: (event: wire.ServeEvent) => void, closed: () => void = () => {}): () => void {
    const sandbox = this.#sandbox.find()
    const render = rendererOf(sandbox)
    return sandbox.journal.subscribeLive({ ended: entry => told(render(entry)), closed })
  }

  #entries(): Entry[] {
    return this.#sandbox.find().journal.entries()
  }

  #flag(): { requestJournalDisabled: boolean } {
    return { requestJournalDisabled: !this.#sandbox.find().journal.enabled }
  }

  #enabledJournal(): Sandbox['journal'] {
    const { journal } = this.#sandbox.find()
    if (!journal.enabled) throw new Refusal('conflict', 'the journal is off; start without --journal-entries 0')
    return journal
  }

  #matching(pattern: Pattern): Entry[] {
    return search(this.#entries(), pattern.matches)
  }

  #find(id: string): Entry {
    const entry = this.#entries().find(each => each.id === id)
    if (!entry) throw new Refusal('missing', `there is no request "${id}" in the journal`)
    return entry
  }
}
