// Records the beginning and the size of a request or response body.

/** The number of bytes that are kept of each body. */
export const BODY_LIMIT_BYTES = 64 * 1024

export class Capture {
  sizeBytes = 0
  keptBytes = 0
  /** One character per byte. Strings take less memory than buffers. */
  #bytes = ''
  /** Precedes `#bytes`; in UTF-16. */
  #text = ''
  readonly #announced: string

  /** `announced`: the size in the Content-Length header, which the received body may not reach. */
  constructor(announced = '0') {
    this.#announced = announced
  }

  add(chunk: string | Buffer): void {
    const size = typeof chunk === 'string' ? Buffer.byteLength(chunk) : chunk.length
    const freeBytes = BODY_LIMIT_BYTES - this.keptBytes
    this.sizeBytes += size
    if (freeBytes <= 0) return
    this.keptBytes += Math.min(size, freeBytes)
    if (typeof chunk !== 'string') this.#bytes += chunk.toString('latin1', 0, freeBytes)
    else if (size <= freeBytes && this.#bytes === '') this.#text += chunk
    else this.#bytes += Buffer.from(chunk).toString('latin1', 0, freeBytes)
  }

  /** Counts bytes that are sent without being kept, as those of a download. */
  skip(sizeBytes: number): void {
    this.sizeBytes += sizeBytes
  }

  /** Whether all of the body has arrived and was kept. */
  get isWhole(): boolean {
    return this.keptBytes >= Math.max(this.sizeBytes, Number(this.#announced))
  }

  bytes(): Buffer {
    return Buffer.concat([Buffer.from(this.#text), Buffer.from(this.#bytes, 'latin1')])
  }
}
