// Limits how many files of sandboxes are open at once: the one that was used longest ago is closed, until its next use.
import { openFile, reopenFile } from './files.ts'
import type { Migrations, Store } from './store.ts'

/** What the file of a sandbox belongs to. */
export interface FileUser {
  /** When the sandbox was last used: this machine's time, epoch ms. */
  readonly usedAt: number
}

export class OpenFiles {
  readonly #max: number
  /** May include stores that have been closed since. */
  readonly #users = new Map<Store, FileUser>()

  constructor(max: number) {
    this.#max = max
  }

  /** Opens the file as `openFile` does; the store opens it again when it is used after it was closed here. Throws StoreError. */
  open(path: string, migrations: readonly Migrations[], user: FileUser): Store {
    this.#makeRoom()
    const reopen = (store: Store) => {
      this.#makeRoom()
      const db = reopenFile(path)
      this.#users.set(store, user)
      return db
    }
    const store = openFile(path, migrations, reopen)
    this.#users.set(store, user)
    return store
  }

  /** Closes one file if the limit is reached, but none in the middle of a transaction: then one more file is open. */
  #makeRoom(): void {
    if (this.#users.size < this.#max) return
    let oldest: Store | undefined
    let usedAt = Number.POSITIVE_INFINITY
    for (const [store, user] of this.#users) {
      if (!store.hasFileOpen) this.#users.delete(store)
      else if (user.usedAt < usedAt && !store.inTransaction) {
        oldest = store
        usedAt = user.usedAt
      }
    }
    if (!oldest || this.#users.size < this.#max) return
    oldest.closeFile()
    this.#users.delete(oldest)
  }
}
