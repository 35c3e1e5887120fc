// Named copies of sandboxes, shared by all sandboxes of a server; beside the data files when there are any.
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { FILE_SUFFIX, namesIn } from './datadirectory.ts'
import { writeWhole } from './files.ts'
import { Refusal } from './refusal.ts'

export class Snapshots {
  readonly #directory: string | undefined
  readonly #images = new Map<string, Buffer>()

  /** Reads what the directory holds from before. */
  constructor(directory: string | undefined) {
    if (directory === undefined) return
    this.#directory = directory
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
