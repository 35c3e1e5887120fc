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
    const from = this.#omittedBytes === 0 ? 0 : wholeFrom(kept)
    const omittedBytes = this.#omittedBytes + from
    const note = omittedBytes === 0 ? '' : `[${omittedBytes} bytes left out]\n`
    return note + kept.toString('utf8', from)
  }

  #trim(): void {
    if (this.#keptBytes <= this.#maxBytes) return
    const all = Buffer.concat(this.#chunks)
    this.#omittedBytes += all.length - this.#maxBytes
    this.#chunks = [Buffer.from(all.subarray(all.length - this.#maxBytes))]
    this.#keptBytes = this.#maxBytes
  }
}

const LINE_BREAK = 10
const MAX_LINE_BYTES = 4096

/**
 * Where the first whole line begins, because the end of a secret would not be recognized as one; in very long lines, the first whole
 * character.
 */
function wholeFrom(bytes: Buffer): number {
  const lineBreak = bytes.subarray(0, MAX_LINE_BYTES).indexOf(LINE_BREAK)
  return lineBreak === -1
    ? Math.max(
        bytes.findIndex(byte => (byte & 0xc0) !== 0x80),
        0,
      )
    : lineBreak + 1
}
