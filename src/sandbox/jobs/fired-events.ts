// The events that fired during one call: all are counted, the first are listed, and their number is limited.

/** An event of a job or schedule. `phase` is the phase that ended; `state` is the state after the event. */
export interface Fired {
  at: number
  api: string
  id: string
  kind: string
  phase?: string
  state: string
}

/** The maximum for one call, in all its steps: about a second's work. */
export const MAX_EVENTS = 100_000

/** The maximum for one request that has to bring its sandbox up to date. */
export const MAX_EVENTS_PER_REQUEST = 10_000

/** The maximum for one step of a call. Other requests are served between steps. */
export const MAX_EVENTS_PER_STEP = 1000

const MAX_LISTED = 1000

export class FiredEvents {
  /** The first events, in the order in which they fired. */
  readonly listed: Fired[] = []
  /** The instant (epoch ms) that the clock was moved to. */
  now = Number.NaN
  /** Whether the clock stopped at `now` before its target. */
  stopped = false
  readonly #max: number
  readonly #maxOfStep: number
  readonly #counts = new Map<string, Map<string, number>>()
  #total = 0
  #stepEnd: number

  constructor(max = MAX_EVENTS, maxOfStep = max) {
    this.#max = max
    this.#maxOfStep = maxOfStep
    this.#stepEnd = Math.min(max, maxOfStep)
  }

  get isFull(): boolean {
    return this.#total >= this.#max
  }

  get isStepFull(): boolean {
    return this.#total >= this.#stepEnd
  }

  beginStep(): void {
    this.#stepEnd = Math.min(this.#max, this.#total + this.#maxOfStep)
  }

  /** The number of events of each kind, by API. */
  get counts(): Record<string, Record<string, number>> {
    return Object.fromEntries([...this.#counts].map(([api, kinds]) => [api, Object.fromEntries(kinds)]))
  }

  add(event: Fired): void {
    this.#total += 1
    if (this.listed.length < MAX_LISTED) this.listed.push(event)
    const kinds = this.#counts.get(event.api) ?? new Map<string, number>()
    kinds.set(event.kind, (kinds.get(event.kind) ?? 0) + 1)
    this.#counts.set(event.api, kinds)
  }
}
