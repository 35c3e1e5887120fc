// Keeps the end of a stream of bytes, however long the stream is.

export class Tail {
  readonly #maxBytes: number
  #chunks: Buffer[] = []
  #keptBytes = 0
  #omittedBytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  add(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#keptBytes += chunk.length
    // Joined rarely, so that many small chunks do not cost a copy each.
    if (this.#keptBytes > 2 * this.#maxBytes) this.#trim()
  }

  /** As UTF-8, with a note at the beginning if something was left out. */
  text(): string {
    this.#trim()
    const kept = Buffer.concat(this.#chunks)
    // A character whose beginning was left out is left out as a whole.
    const from = this.#omittedBytes === 0 ? 0 : kept.findIndex(byte => (byte & 0xc0) !== 0x80)
    const note = this.#omittedBytes === 0 ? '' : `[${this.#omittedBytes} bytes left out]\n`
    return note + kept.toString('utf8', Math.max(from, 0))
  }

  #trim(): void {
    if (this.#keptBytes <= this.#maxBytes) return
    const all = Buffer.concat(this.#chunks)
    this.#omittedBytes += all.length - this.#maxBytes
    this.#chunks = [Buffer.from(all.subarray(all.length - this.#maxBytes))]
    this.#keptBytes = this.#maxBytes
  }
}
