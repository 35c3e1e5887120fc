// dscloud: finds the account of an API key, and limits its requests. Synchronous; throws from the catalogue.
import type { Scope } from '../../../http/scope.ts'
import { catalogue } from '../errors.ts'
import { optionsOf } from '../options.ts'
import * as state from '../state.ts'

/** Of the upstream product's smallest plan; the vendor's own number is not documented. */
const MAX_REQUESTS = 60
const WINDOW_MS = 60_000
const REFUSAL_MS = 30 * 60_000

/** The account that the API key belongs to: the scope's `principal`. Throws ACCESS_DENIED and RATE_LIMIT_EXCEEDED. */
export function authenticate(scope: Scope, apiKey: string | undefined): state.Account {
  const { store, settings } = scope.sandbox
  const account = apiKey === undefined ? undefined : state.findAccount(store, apiKey)
  if (!account) throw catalogue.error('ACCESS_DENIED')
  if (optionsOf(settings).dscloudLimits) countRequest(scope, account)
  return account
}

/** Counts in windows that begin with a request. An account that exceeds the limit is refused for 30 minutes. */
function countRequest({ sandbox: { store }, now }: Scope, { accountId }: state.Account): void {
  const usage = state.findUsage(store, accountId)
  refuseUntil(usage?.refusedUntil ?? null, now)
  const isSameWindow = usage !== undefined && usage.refusedUntil === null && now < usage.windowStartedAt + WINDOW_MS
  const window = isSameWindow ? usage : { accountId, windowStartedAt: now, requests: 0 }
  const requests = window.requests + 1
  const refusedUntil = requests > MAX_REQUESTS ? now + REFUSAL_MS : null
  state.setUsage(store, { ...window, requests, refusedUntil })
  refuseUntil(refusedUntil, now)
}

function refuseUntil(refusedUntil: number | null, now: number): void {
  if (refusedUntil === null || refusedUntil <= now) return
  throw catalogue.error('RATE_LIMIT_EXCEEDED', { headers: retryAfter(refusedUntil, now) })
}

/** Both in epoch ms. */
export function retryAfter(at: number, now: number): { 'retry-after': string } {
  return { 'retry-after': String(Math.ceil((at - now) / 1000)) }
}
