// Named copies of sandboxes, shared by all sandboxes of a server; beside the data files when there are any.
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Refusal } from './refusal.ts'
import { writeWhole } from './store.ts'

export const FILE_SUFFIX = '.sqlite'

/** The names that a directory's database files stand for. */
export function namesIn(directory: string): string[] {
  const files = readdirSync(directory).filter(file => file.endsWith(FILE_SUFFIX))
  return files.map(file => file.slice(0, -FILE_SUFFIX.length))
}

export class Snapshots {
  readonly #directory: string | undefined
  readonly #images = new Map<string, Buffer>()

  /** Reads what the data directory holds from before. */
  constructor(dataDirectory: string | undefined) {
    if (dataDirectory === undefined) return
    this.#directory = join(dataDirectory, 'snapshots')
    mkdirSync(this.#directory, { recursive: true })
    for (const name of namesIn(this.#directory)) this.#images.set(name, readFileSync(this.#pathOf(name)))
  }

  save(name: string, image: Buffer): void {
    if (this.#directory !== undefined) writeWhole(this.#pathOf(name), image)
    this.#images.set(name, image)
  }

  /** Throws Refusal when there is none. */
  get(name: string): Buffer {
    const image = this.#images.get(name)
    if (image) return image
    throw new Refusal('missing', `there is no snapshot "${name}"; there are ${this.names().join(', ') || 'none'}`)
  }

  names(): string[] {
    return [...this.#images.keys()].sort()
  }

  /** Throws Refusal when there is none. */
  drop(name: string): void {
    this.get(name)
    if (this.#directory !== undefined) rmSync(this.#pathOf(name), { force: true })
    this.#images.delete(name)
  }

  #pathOf(name: string): string {
    return join(this.#directory ?? '', `${name}${FILE_SUFFIX}`)
  }
}
