// The latest events of a sandbox, in memory: what happened while the clock ran by itself is in no call's result.
import type { Fired } from './fired-events.ts'

const MAX_LOGGED = 5000

export class EventLog {
  #events: Fired[] = []

  add(events: readonly Fired[]): void {
    for (const event of events) this.#events.push(event)
    // Copying when half of the array is too much costs constant time per event.
    if (this.#events.length > 2 * MAX_LOGGED) this.#events = this.#events.slice(-MAX_LOGGED)
  }

  /** The latest events, in the order in which they happened. */
  list(): readonly Fired[] {
    return this.#events.slice(-MAX_LOGGED)
  }
}
