// Where the contents of sandboxes are: in memory, or in the files of a data directory.

import { isoInstant } from './clock/clock.ts'
import type { Creation, DataDirectory } from './data-directory.ts'
import { migrationsOf } from './documents.ts'
import { type Draft, draftFile, openFile } from './files.ts'
import { type Beginnings, type BeginningsOptions, type Begun, type ClockOption, isUsual } from './initial-states.ts'
import { MAX_EVENTS } from './jobs/fired-events.ts'
import { Sandbox } from './sandbox.ts'
import { openMemory, type Store } from './store.ts'
import { StoreError } from './store-error.ts'

export interface StorageOptions extends BeginningsOptions {
  /** Of sandboxes that have none of their own. */
  clock: ClockOption
}

/** What a sandbox begins with, and its contents while they are open. */
export interface Content extends Pick<Creation, 'beginning' | 'clock'> {
  sandbox: Sandbox | undefined
}

/** Methods throw Refusal, FixtureError and StoreError, and then nothing has changed. */
export class Storage {
  readonly #options: StorageOptions
  readonly #beginnings: Beginnings
  readonly #directory: DataDirectory | undefined
  /** Sandboxes with a file on which the server's clock option has been applied: once, since people may change it then. */
  readonly #timed = new Set<string>()

  constructor(options: StorageOptions, beginnings: Beginnings, directory: DataDirectory | undefined) {
    this.#options = options
    this.#beginnings = beginnings
    this.#directory = directory
  }

  /** What is kept of the sandbox, or what it begins with when nothing is. */
  open(name: string, content: Content): Sandbox {
    if (!this.#directory) {
      const begun = this.#beginningOf(content)
      return this.#begin(name, openMemory(begun.bytes), content, begun)
    }
    if (!this.#directory.has(name)) this.reset(name, content)
    const store = openFile(this.#directory.pathOf(name), migrationsOf(this.#options.apiStates))
    try {
      const sandbox = this.#begin(name, store, content)
      if (content.clock === undefined && !this.#timed.has(name)) applyClock(sandbox, this.#options.clock)
      this.#timed.add(name)
      return sandbox
    } catch (cause) {
      store.close()
      throw cause
    }
  }

  /** In a data directory, the sandbox is there for good when this returns. */
  create(name: string, content: Content, credentials: Creation['credentials']): void {
    const { beginning, clock } = content
    if (this.#directory) {
      const draft = this.#draft(name, this.#directory.pathOf(name), content, this.#beginningOf(content))
      this.#directory.create(name, { beginning, clock, credentials }, draft)
      this.#timed.add(name)
    } else if (!isUsual(beginning)) {
      // The usual beginnings are known to be good, and stay; any other is opened now and not at its first request.
      content.sandbox = this.open(name, content)
    }
  }

  /** Puts what the sandbox begins with in place of all that it holds. */
  reset(name: string, content: Content): void {
    this.replace(name, content, this.#beginningOf(content))
  }

  /** Puts what has begun in place of all that the sandbox holds, if it holds anything yet. */
  replace(name: string, content: Content, begun: Begun): void {
    if (!this.#directory) {
      const sandbox = this.#begin(name, openMemory(begun.bytes), content, begun)
      content.sandbox?.close()
      content.sandbox = sandbox
      return
    }
    const draft = this.#draft(name, this.#directory.pathOf(name), content, begun)
    try {
      content.sandbox?.store.checkpoint()
    } catch (cause) {
      draft.discard()
      throw cause
    }
    content.sandbox?.close()
    content.sandbox = undefined
    draft.commit()
    this.#timed.add(name)
  }

  remove(name: string, content: Content): void {
    content.sandbox?.close()
    content.sandbox = undefined
    this.#directory?.remove(name)
    this.#timed.delete(name)
  }

  #beginningOf({ beginning, clock = this.#options.clock }: Content): Begun {
    return this.#beginnings.begin(beginning, own => ({ ...own, ...clock }))
  }

  /** What is to begin, complete and ready to take the place of the sandbox's file. */
  #draft(name: string, path: string, content: Content, begun: Begun): Draft {
    const migrations = migrationsOf(this.#options.apiStates)
    return draftFile(path, begun.bytes, migrations, store => this.#begin(name, store, content, begun).close())
  }

  /** What the store remembers of its clock holds; without that, the clock of its beginning. */
  #begin(name: string, store: Store, { clock = this.#options.clock }: Content, begun?: Begun): Sandbox {
    const { settings, apiStates } = this.#options
    return new Sandbox(name, store, settings, apiStates, begun?.clock ?? this.#beginnings.freshClock(clock))
  }
}

/**
 * A stored sandbox goes on as the option says, from where it was or a later instant. Throws StoreError when that is too far
 * away, and then nothing has changed.
 */
function applyClock(sandbox: Sandbox, { rate, at }: ClockOption): void {
  if (rate === undefined || (rate === sandbox.clock.setting.rate && at === undefined)) return
  sandbox.store.transaction(() => {
    const { stopped } = sandbox.advanceTo(now => Math.max(now, at ?? now), { rate })
    if (!stopped || at === undefined) return
    throw new StoreError(
      `the clock of sandbox "${sandbox.name}" cannot go to ${isoInstant(at)} at once, as more than ${MAX_EVENTS} events are due before; ` +
        'start without an instant, and advance it in steps',
    )
  })
}
