// The requests of the shown sandbox, live: what the lists and the timeline show of each.
import { effect, signal } from '@preact/signals'
import type { RequestLog } from '../../../schemas/control.ts'
import { changes, listen } from './events.ts'
import { type RequestRow, rowOf } from './request-row.ts'
import { call, inSandbox, type ServerError } from './server.ts'
import { sandboxName } from './url.ts'

/** The page keeps this many of the latest requests. */
export const MAX_ROWS = 20_000

/** In order of arrival. Undefined until they have been read. */
export const requests = signal<readonly RequestRow[] | undefined>(undefined)
export const requestsError = signal<ServerError | undefined>(undefined)
export const isJournalDisabled = signal(false)

/** How many requests of the journal are still to be read; undefined when all have been. */
export const unread = signal<number | undefined>(undefined)

/** The server answers nothing else while it makes a list. */
const PAGE_ROWS = 250

const readings = signal(0)

/** Reads all of them anew, the latest first, as after the journal was cleared. */
export async function reloadRequests(): Promise<void> {
  const reading = readings.peek() + 1
  readings.value = reading
  const sandbox = sandboxName.peek()
  const isOutdated = () => reading !== readings.peek() || sandbox !== sandboxName.peek()
  waiting.clear()
  const rows: RequestRow[] = []
  for (;;) {
    const before = rows.at(-1)?.id
    const query = { limit: PAGE_ROWS, ...(before === undefined ? {} : { before }) }
    const page = await readPage(sandbox, query)
    if (isOutdated()) return
    if (!page) break
    const read = page.requests.map(rowOf)
    rows.push(...read)
    isJournalDisabled.value = page.requestJournalDisabled
    const left = page.requests.length < PAGE_ROWS || rows.length >= MAX_ROWS ? 0 : page.meta.total - rows.length
    unread.value = left > 0 ? left : undefined
    const older = read.toReversed()
    requests.value = before === undefined ? older : [...older, ...(requests.peek() ?? [])]
    addWaiting()
    if (unread.peek() === undefined) break
  }
}

/** Undefined if it cannot be read. A request that was just removed from the journal has no older ones there. */
async function readPage(sandbox: string, query: { limit: number; before?: string }): Promise<RequestLog | undefined> {
  try {
    const page = await call<RequestLog>(inSandbox('/requests', sandbox), { query })
    requestsError.value = undefined
    return page
  } catch (error) {
    unread.value = undefined
    if (query.before === undefined) requestsError.value = error as ServerError
    return undefined
  }
}

/** Requests that were answered since the list was last shown. */
const waiting = new Map<string, RequestRow>()
const isAddingDue = signal(false)
const ADDING_DELAY_MS = 50

function add(row: RequestRow): void {
  waiting.set(row.id, row)
  if (isAddingDue.peek()) return
  isAddingDue.value = true
  setTimeout(() => {
    isAddingDue.value = false
    addWaiting()
  }, ADDING_DELAY_MS)
}

function addWaiting(): void {
  // Without a list there is nothing to add to: it is being read.
  if (waiting.size === 0 || requests.peek() === undefined) return
  // Requests are listed from their arrival, and reported when they are answered, so some are in the list already.
  const kept = (requests.peek() ?? []).filter(({ id }) => !waiting.has(id))
  const added = [...kept, ...waiting.values()]
  waiting.clear()
  // Nearly sorted, which takes little time.
  requests.value = added.sort((a, b) => a.arrivedMs - b.arrivedMs).slice(-MAX_ROWS)
}

/** Leaves out the oldest requests that the journal does not keep any more: it is limited, and can be emptied by others. */
async function dropRemoved(): Promise<void> {
  // The request that caused this call is in the total.
  addWaiting()
  const known = requests.peek()
  if (!known || known.length === 0 || unread.peek() !== undefined) return
  const sandbox = sandboxName.peek()
  const log = await readPage(sandbox, { limit: 0 })
  if (!log || sandbox !== sandboxName.peek()) return
  // Requests that arrived meanwhile are in the total, too: too few are left out rather than too many.
  const removed = new Set(known.slice(0, Math.max(0, known.length - log.meta.total)).map(({ id }) => id))
  if (removed.size > 0) requests.value = (requests.peek() ?? []).filter(({ id }) => !removed.has(id))
}

/** Follows the shown sandbox. */
export function startJournal(): void {
  effect(() => {
    changes.value
    void dropRemoved()
  })
  effect(() => {
    sandboxName.value
    requests.value = undefined
    requestsError.value = undefined
    waiting.clear()
  })
  listen({ opened: () => void reloadRequests(), requested: event => add(rowOf(event)) })
}
