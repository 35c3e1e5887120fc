// A body on its way through: its beginning is kept, and how long it is.

/** Of each body so much is kept. */
export const BODY_LIMIT_BYTES = 64 * 1024

/** A body as it comes: its beginning, and how long it is. */
export class Capture {
  sizeBytes = 0
  keptBytes = 0
  /** A character for each byte, or text that is ours: lighter to keep than buffers. */
  #bytes = ''
  #text = ''
  readonly #announced: string

  /** `announced`: how many bytes there are to be, as its header says, whether they come or not. */
  constructor(announced = '0') {
    this.#announced = announced
  }

  add(chunk: string | Buffer): void {
    const size = typeof chunk === 'string' ? Buffer.byteLength(chunk) : chunk.length
    const room = BODY_LIMIT_BYTES - this.keptBytes
    this.sizeBytes += size
    if (room <= 0) return
    this.keptBytes += Math.min(size, room)
    if (typeof chunk !== 'string') this.#bytes += chunk.toString('latin1', 0, room)
    else if (size <= room && this.#bytes === '') this.#text += chunk
    else this.#bytes += Buffer.from(chunk).toString('latin1', 0, room)
  }

  /** Counts what is sent without being held: a download. */
  skip(sizeBytes: number): void {
    this.sizeBytes += sizeBytes
  }

  /** All of it has come, and all of that has been kept. */
  get isWhole(): boolean {
    return this.keptBytes >= Math.max(this.sizeBytes, Number(this.#announced))
  }

  bytes(): Buffer {
    return Buffer.concat([Buffer.from(this.#text), Buffer.from(this.#bytes, 'latin1')])
  }
}
