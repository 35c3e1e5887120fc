// What time did during one call: counted in full, listed up to a limit, and never too much at once.

/** Something that time did. `phase` is the one that ended; `state` is what the job or schedule is after it. */
export interface Fired {
  at: number
  api: string
  id: string
  kind: string
  phase?: string
  state: string
}

/** That one call applies, all its steps together: about a second's work. */
export const MAX_EVENTS = 100_000

/** That are applied for a request which finds its sandbox behind its clock. */
export const MAX_EVENTS_PER_REQUEST = 10_000

/** That are applied in one step of a call, between which other requests have their turn. */
export const MAX_EVENTS_PER_STEP = 1000

const MAX_LISTED = 1000

export class FiredEvents {
  /** The first ones, in the order in which they happened. */
  readonly listed: Fired[] = []
  /** The instant (epoch ms) that the clock was moved to. */
  now = Number.NaN
  /** The clock was to go further than `now`. */
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

  /** How many of each kind, by API. */
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
