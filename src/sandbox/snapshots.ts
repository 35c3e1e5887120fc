// Named copies of sandboxes, shared by all sandboxes of a server: in memory, or in the data directory.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkImage, removeFile, writeWhole } from './files.ts'
import { Refusal } from './refusal.ts'
import { FILE_SUFFIX, namesIn } from './sandbox-files.ts'
import type { Migrations } from './store.ts'
import { asStoreError } from './store-error.ts'

export class Snapshots {
  /** Undefined: snapshots are in memory. */
  readonly #directory: string | undefined
  readonly #migrations: readonly Migrations[]
  readonly #maxSnapshots: number
  readonly #images = new Map<string, Buffer>()

  constructor(directory: string | undefined, migrations: readonly Migrations[], maxSnapshots: number) {
    this.#directory = directory
    this.#migrations = migrations
    this.#maxSnapshots = maxSnapshots
  }

  /**
   * Throws Refusal when the limit is reached, and StoreError for an image that is damaged or cannot be written; then nothing
   * has changed.
   */
  save(name: string, image: Buffer): void {
    const names = this.names()
    if (!names.includes(name) && names.length >= this.#maxSnapshots) {
      throw new Refusal(
        'limit',
        `there are already ${this.#maxSnapshots} snapshots; drop some, or raise --max-snapshots`,
      )
    }
    try {
      checkImage(image, this.#migrations)
    } catch (cause) {
      throw asStoreError(`snapshot "${name}"`, cause)
    }
    if (this.#directory === undefined) this.#images.set(name, image)
    else writeWhole(this.#pathOf(name), image)
  }

  /** Throws Refusal when the snapshot does not exist, and StoreError when its file cannot be used. */
  get(name: string): Buffer {
    this.#check(name)
    return this.#images.get(name) ?? this.#read(this.#pathOf(name))
  }

  #read(path: string): Buffer {
    try {
      const image = readFileSync(path)
      checkImage(image, this.#migrations)
      return image
    } catch (cause) {
      throw asStoreError(path, cause)
    }
  }

  names(): string[] {
    return (this.#directory === undefined ? [...this.#images.keys()] : namesIn(this.#directory)).sort()
  }

  /** Throws Refusal when the snapshot does not exist, and StoreError. */
  drop(name: string): void {
    this.#check(name)
    if (this.#directory !== undefined) removeFile(this.#pathOf(name))
    this.#images.delete(name)
  }

  #check(name: string): void {
    const names = this.names()
    if (names.includes(name)) return
    throw new Refusal('missing', `there is no snapshot "${name}"; there are ${names.join(', ') || 'none'}`)
  }

  #pathOf(name: string): string {
    return join(this.#directory ?? '', `${name}${FILE_SUFFIX}`)
  }
}
