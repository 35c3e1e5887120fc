// The statements that changed a database, in order: run on a copy from before, they give the same rows again.

export type Value = string | number | null | Buffer

export interface Write {
  sql: string
  params: readonly Value[]
}

/** The memory of a statement, and of each parameter besides its text. */
const WRITE_BYTES = 64
const PARAM_BYTES = 16

export class WriteLog {
  readonly #writes: Write[] = []
  #bytes = 0

  add(sql: string, params: readonly Value[]): void {
    const write = { sql, params }
    this.#writes.push(write)
    this.#bytes += sizeOf(write)
  }

  get length(): number {
    return this.#writes.length
  }

  /** About how much memory it takes. */
  get bytes(): number {
    return this.#bytes
  }

  /** Removes what was rolled back: everything after the first `length` statements. */
  cutTo(length: number): void {
    for (const write of this.#writes.splice(length)) this.#bytes -= sizeOf(write)
  }

  first(length: number): readonly Write[] {
    return this.#writes.slice(0, length)
  }
}

function sizeOf({ params }: Write): number {
  let bytes = WRITE_BYTES
  for (const param of params)
    bytes += PARAM_BYTES + (typeof param === 'string' || Buffer.isBuffer(param) ? param.length : 0)
  return bytes
}
