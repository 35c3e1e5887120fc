// The requests that faults of the kind `hold` keep waiting: who waits for them, and what ends each of them.
import type { HoldEnd, HoldPoint } from '../../../schemas/holds.ts'
import { hostTimeout } from '../clock/clock.ts'
import { Refusal } from '../refusal.ts'

/** A request to be held. */
export interface Held {
  /** Of its journal entry; undefined when the journal is off. */
  requestId: string | undefined
  operation: string
  at: HoldPoint
  /** Epoch ms of virtual time. */
  since: number
  /** The hold ends by itself after this much of this machine's time. */
  maxMs: number
  /** Called once, never while a control operation is running. */
  ended(end: HoldEnd): void
}

interface Waiter {
  isSatisfied(): boolean
  reject(reason: string): void
}

export interface HoldWait {
  count: number
  /** Of this machine's time. */
  timeoutMs: number
  signal: AbortSignal | undefined
}

export class Holds {
  readonly #heldByFault = new Map<string, Set<HeldRequest>>()
  readonly #waiters = new Map<string, Set<Waiter>>()

  /** Holds the request until something ends it. The returned function tells that its connection was closed. */
  add(faultId: string, held: Held): () => void {
    const request = new HeldRequest(held, () => this.#remove(faultId, request))
    const others = this.#heldByFault.get(faultId)
    if (others) others.add(request)
    else this.#heldByFault.set(faultId, new Set([request]))
    for (const waiter of [...(this.#waiters.get(faultId) ?? [])]) waiter.isSatisfied()
    return () => request.endNow('client disconnected')
  }

  get areInUse(): boolean {
    return this.#heldByFault.size > 0 || this.#waiters.size > 0
  }

  /** Those that the fault holds now, in the order in which they came. */
  of(faultId: string): Held[] {
    return this.#requestsOf(faultId).map(({ held }) => held)
  }

  /** Resolves when the fault holds `count` requests. Rejects with a Refusal of kind `timeout`. */
  wait(faultId: string, { count, timeoutMs, signal }: HoldWait): Promise<Held[]> {
    const { promise, resolve, reject } = Promise.withResolvers<Held[]>()
    const waiter: Waiter = {
      isSatisfied: () => {
        const held = this.of(faultId)
        if (held.length < count) return false
        resolve(held)
        return true
      },
      reject: reason =>
        reject(new Refusal('timeout', `${reason} The fault holds ${this.of(faultId).length} of ${count} requests.`)),
    }
    if (waiter.isSatisfied()) return promise
    const waiters = this.#waiters.get(faultId) ?? new Set()
    this.#waiters.set(faultId, waiters.add(waiter))
    const stopTimeout = hostTimeout(timeoutMs, () => waiter.reject(`Timed out after ${timeoutMs} ms.`))
    signal?.addEventListener('abort', () => waiter.reject('The wait was aborted.'))
    return promise.finally(() => {
      stopTimeout()
      waiters.delete(waiter)
      if (waiters.size === 0) this.#waiters.delete(faultId)
    })
  }

  /** Ends the holds of a fault, and returns their number. */
  end(faultId: string, end: HoldEnd): number {
    const requests = this.#requestsOf(faultId)
    for (const request of requests) request.endSoon(end)
    return requests.length
  }

  /** The fault no longer exists: its requests continue, and nothing can be waited for. */
  disarm(faultId: string): void {
    this.end(faultId, 'disarmed')
    for (const waiter of [...(this.#waiters.get(faultId) ?? [])]) waiter.reject('The fault was disarmed.')
  }

  disarmAll(): void {
    for (const faultId of [...this.#heldByFault.keys(), ...this.#waiters.keys()]) this.disarm(faultId)
  }

  /** The sandbox or the server closes. */
  close(): void {
    for (const requests of [...this.#heldByFault.values()])
      for (const request of [...requests]) request.endNow('closed')
    for (const waiters of [...this.#waiters.values()]) {
      for (const waiter of [...waiters]) waiter.reject('The sandbox was dropped or reset, or the server was closed.')
    }
  }

  /** Without those whose end is decided. */
  #requestsOf(faultId: string): HeldRequest[] {
    return [...(this.#heldByFault.get(faultId) ?? [])].filter(({ isDecided }) => !isDecided)
  }

  #remove(faultId: string, request: HeldRequest): void {
    const requests = this.#heldByFault.get(faultId)
    requests?.delete(request)
    if (requests?.size === 0) this.#heldByFault.delete(faultId)
  }
}

class HeldRequest {
  readonly held: Held
  isDecided = false
  #isEnded = false
  readonly #remove: () => void
  readonly #stopTimeout: () => void

  constructor(held: Held, remove: () => void) {
    this.held = held
    this.#remove = remove
    this.#stopTimeout = hostTimeout(held.maxMs, () => this.endNow('timed out'))
  }

  /** After the control operation that is running, which may be within a transaction; unless something ends it before. */
  endSoon(end: HoldEnd): void {
    this.isDecided = true
    queueMicrotask(() => this.endNow(end))
  }

  /** Only the first call has an effect. */
  endNow(end: HoldEnd): void {
    if (this.#isEnded) return
    this.#isEnded = true
    this.isDecided = true
    this.#stopTimeout()
    this.#remove()
    this.held.ended(end)
  }
}
