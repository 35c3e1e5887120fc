// The requests of the shown sandbox, live: what the lists and the timeline show of each.
import { effect, signal } from '@preact/signals'
import type { RequestLog, ServeEvent } from '../../../schemas/control.ts'
import { listen } from './events.ts'
import { call, inSandbox, type ServerError } from './server.ts'
import { sandboxName } from './url.ts'

export interface RequestRow {
  id: string
  method: string
  /** The routed path with its query. */
  path: string
  /** Undefined if no response was sent, or none yet. */
  status: number | undefined
  api: string | undefined
  operation: string | undefined
  /** When the request arrived, in virtual time, in ms since 1970. */
  virtualMs: number
  /** When the request arrived, in real time, in ms since 1970. */
  arrivedMs: number
  durationMs: number | undefined
  /** The kind of the fault that was applied. */
  fault: string | undefined
  /** The id of that fault. */
  faultId: string | undefined
  /** The documented response that the request asked for. */
  forced: string | undefined
  /** The name of the error in the catalogue of the API. */
  error: string | undefined
}

/** The page keeps this many of the latest requests. */
export const MAX_ROWS = 20_000

/** In order of arrival. Undefined until they have been read. */
export const requests = signal<readonly RequestRow[] | undefined>(undefined)
export const requestsError = signal<ServerError | undefined>(undefined)
export const isJournalDisabled = signal(false)

function rowOf({ id, request, response, firedrill }: ServeEvent): RequestRow {
  return {
    id,
    method: request.method,
    path: firedrill.path,
    status: response?.status,
    api: firedrill.api ?? undefined,
    operation: firedrill.operation ?? undefined,
    virtualMs: Date.parse(firedrill.virtualTime),
    arrivedMs: request.loggedDate,
    durationMs: firedrill.durationMs ?? undefined,
    fault: firedrill.fault?.fault,
    faultId: firedrill.fault?.id,
    forced: firedrill.forced ?? undefined,
    error: firedrill.error ?? undefined,
  }
}

/** Reads all of them anew, as after the journal was cleared. */
export async function reloadRequests(): Promise<void> {
  const sandbox = sandboxName.peek()
  waiting.clear()
  try {
    const log = await call<RequestLog>(inSandbox('/requests', sandbox), { query: { limit: MAX_ROWS } })
    if (sandbox !== sandboxName.peek()) return
    requests.value = log.requests.map(rowOf).reverse()
    isJournalDisabled.value = log.requestJournalDisabled
    requestsError.value = undefined
  } catch (error) {
    requestsError.value = error as ServerError
  }
  addWaiting()
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

/** Follows the shown sandbox. */
export function startJournal(): void {
  effect(() => {
    sandboxName.value
    requests.value = undefined
    requestsError.value = undefined
    waiting.clear()
  })
  listen({ opened: () => void reloadRequests(), requested: event => add(rowOf(event)) })
}
