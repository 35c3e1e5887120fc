// Shares the event loop between the streams that generate bytes and everything else that a server does.

/** Together about a tenth of a millisecond of generating and sending. With more of them, downloads are not faster. */
const CHUNKS_PER_TURN = 2

/**
 * Streams that share one of these generate a limited number of chunks per turn of the event loop, in the order in which they asked,
 * however many they are. Between turns, other requests are served.
 */
export class Turns {
  #left = CHUNKS_PER_TURN
  #isScheduled = false
  readonly #waiting: (() => void)[] = []

  /** Resolves when the next chunk may be generated. */
  async wait(): Promise<void> {
    if (!this.#isScheduled) this.#schedule()
    if (this.#left === 0) return new Promise(resolve => this.#waiting.push(resolve))
    this.#left--
  }

  #schedule(): void {
    this.#isScheduled = true
    setImmediate(() => this.#nextTurn())
  }

  #nextTurn(): void {
    const released = this.#waiting.splice(0, CHUNKS_PER_TURN)
    this.#left = CHUNKS_PER_TURN - released.length
    this.#isScheduled = false
    if (this.#waiting.length > 0) this.#schedule()
    for (const release of released) release()
  }
}
