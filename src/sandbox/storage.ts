// Opens, replaces and removes the contents of sandboxes: in memory, or in the files of a data directory.
import { isoInstant } from './clock/clock.ts'
import type { Creation, DataDirectory } from './data-directory.ts'
import { migrationsOf } from './documents.ts'
import { type Draft, draftFile } from './files.ts'
import { History } from './history/history.ts'
import type { Found } from './history/moments.ts'
import { WriteLog } from './history/write-log.ts'
import { adoptSalt } from './ids.ts'
import {
  type ClockOption,
  type InitialStates,
  type InitialStatesOptions,
  isBuiltIn,
  type PastState,
  type PreparedState,
} from './initial-states.ts'
import { MAX_EVENTS } from './jobs/fired-events.ts'
import type { FileUser, OpenFiles } from './open-files.ts'
import { Refusal } from './refusal.ts'
import { Sandbox } from './sandbox.ts'
import { openMemory, type Store } from './store.ts'
import { StoreError } from './store-error.ts'

export interface StorageOptions extends InitialStatesOptions {
  /** For sandboxes that were created without a clock of their own. */
  clock: ClockOption
}

/** The initial state of a sandbox, and its contents while they are open. */
export interface Content extends Pick<Creation, 'initialState' | 'clock' | 'seed'>, FileUser {
  sandbox: Sandbox | undefined
  /** Of the sandbox since it was opened first; continues when its contents are replaced. */
  history?: History
}

/** Methods throw Refusal, FixtureError and StoreError, and then nothing has changed. */
export class Storage {
  readonly #options: StorageOptions
  readonly #initialStates: InitialStates
  readonly #directory: DataDirectory | undefined
  readonly #files: OpenFiles
  /** Sandboxes with a file whose clock has been set according to the server's option: once, since users may change it later. */
  readonly #clockApplied = new Set<string>()

  constructor(
    options: StorageOptions,
    initialStates: InitialStates,
    { directory, files }: { directory: DataDirectory | undefined; files: OpenFiles },
  ) {
    this.#options = options
    this.#files = files
    this.#initialStates = initialStates
    this.#directory = directory
  }

  /** Opens the sandbox's file. Without one, the sandbox is created in its initial state. */
  open(name: string, content: Content): Sandbox {
    if (!this.#directory) return this.#openMemory(name, content, this.#prepare(content))
    if (!this.#directory.has(name)) this.reset(name, content)
    const store = this.#files.open(this.#directory.pathOf(name), migrationsOf(this.#options.apiStates), content)
    try {
      const sandbox = this.#openStore(name, store, content)
      if (content.clock === undefined && !this.#clockApplied.has(name)) applyClock(sandbox, this.#options.clock)
      this.#clockApplied.add(name)
      this.#historyOf(content)?.begin(sandbox)
      return sandbox
    } catch (cause) {
      store.close()
      throw cause
    }
  }

  /** In a data directory, the sandbox has been written to disk when this returns. */
  create(name: string, content: Content, credentials: Creation['credentials']): void {
    const { initialState, clock, seed } = content
    if (this.#directory) {
      const draft = this.#draft(name, this.#directory.pathOf(name), content, this.#prepare(content))
      this.#directory.create(name, { initialState, clock, seed, credentials }, draft)
      this.#clockApplied.add(name)
    } else if (!isBuiltIn(initialState)) {
      // Opened now and not at its first request, because the initial state may be invalid or be dropped before then.
      content.sandbox = this.open(name, content)
    }
  }

  /** Replaces everything in the sandbox with its initial state. */
  reset(name: string, content: Content): void {
    this.replace(name, content, this.#prepare(content))
  }

  /** Replaces everything in the sandbox, if it contains anything yet. */
  replace(name: string, content: Content, prepared: PreparedState): void {
    content.history?.noteNow()
    if (!this.#directory) {
      const sandbox = this.#openMemory(name, content, prepared)
      content.sandbox?.close()
      content.sandbox = sandbox
      return
    }
    const draft = this.#draft(name, this.#directory.pathOf(name), content, prepared)
    try {
      content.sandbox?.store.checkpoint()
    } catch (cause) {
      draft.discard()
      throw cause
    }
    content.sandbox?.close()
    content.sandbox = undefined
    draft.commit()
    this.#clockApplied.add(name)
  }

  remove(name: string, content: Content): void {
    content.sandbox?.close()
    content.sandbox = undefined
    this.#directory?.remove(name)
    this.#clockApplied.delete(name)
  }

  /** What a sandbox with this content contained at a moment of its history, for a new sandbox `name`. */
  pastOf(content: Content, { recorded, at: until }: Found, name: string): PastState {
    const { image, writes, at, rate, latest } = recorded
    const { settings, apiStates } = this.#options
    const store = openMemory(image)
    try {
      store.replay(writes)
      adoptSalt(store, name)
      const startedAt = store.get<{ startedAt: number }>('SELECT startedAt FROM clock')?.startedAt ?? at
      // A new sandbox has a clock of its own.
      store.run('DELETE FROM clock')
      if (until > at) {
        const own = { ...settings, seed: content.seed ?? settings.seed }
        const clock = { virtualAt: at, hostAt: at, rate: 0, startedAt }
        if (new Sandbox(name, store, own, apiStates, clock).advanceTo(until).stopped) {
          const span = `${isoInstant(at)} and ${isoInstant(until)}`
          throw new Refusal(
            'conflict',
            `more than ${MAX_EVENTS} events were due between ${span}, which is too much for one copy`,
          )
        }
        store.run('DELETE FROM clock')
      }
      return { from: 'past', image: store.image(), clock: { at: until, rate, startedAt }, latest }
    } finally {
      store.close()
    }
  }

  #historyOf(content: Content): History | undefined {
    const { history: limits } = this.#options.settings
    if (limits) content.history ??= new History(limits)
    return content.history
  }

  /** A new sandbox in memory. Its history begins with the image that it is opened from, which others may share. */
  #openMemory(name: string, content: Content, prepared: PreparedState): Sandbox {
    const store = openMemory(prepared.bytes)
    const history = this.#historyOf(content)
    const log = history && new WriteLog()
    store.recordIn(log)
    const sandbox = this.#openStore(name, store, content, prepared)
    if (log) history.begin(sandbox, { image: prepared.bytes, log })
    return sandbox
  }

  #prepare({ initialState, clock: own, seed }: Content): PreparedState {
    const clock = own ?? this.#options.clock
    const prepared = this.#initialStates.prepare(initialState, ofDocument => ({ ...ofDocument, ...clock }), seed)
    // A snapshot and a past state have a clock of their own, which the clock option of the sandbox moves forward.
    const hasOwnClock = initialState.from === 'snapshot' || initialState.from === 'past'
    return hasOwnClock && own ? { ...prepared, moveTo: own } : prepared
  }

  /** A complete file that is ready to replace the sandbox's. */
  #draft(name: string, path: string, content: Content, prepared: PreparedState): Draft {
    const migrations = migrationsOf(this.#options.apiStates)
    return draftFile(path, prepared.bytes, migrations, store => this.#openStore(name, store, content, prepared).close())
  }

  /** A clock in the store takes precedence over the one of the prepared state. */
  #openStore(name: string, store: Store, content: Content, prepared?: PreparedState): Sandbox {
    const { settings, apiStates } = this.#options
    const { clock = this.#options.clock, seed = settings.seed } = content
    const clockSetting = prepared?.clock ?? this.#initialStates.newClock(clock)
    const sandbox = new Sandbox(name, store, { ...settings, seed }, apiStates, clockSetting)
    if (content.initialState.from === 'past') sandbox.journal.continueAfter(content.initialState.latest)
    const { moveTo } = prepared ?? {}
    if (moveTo) sandbox.advanceTo(now => moveTo.at ?? now, { rate: moveTo.rate })
    // Opening reads each table once, and the schema of all of them.
    store.release()
    return sandbox
  }
}

/**
 * Sets the clock of a stored sandbox as the option says, forward only. Throws StoreError when the instant is too many events
 * away, and then nothing has changed.
 */
function applyClock(sandbox: Sandbox, { rate, at }: ClockOption): void {
  if (rate === undefined || (rate === sandbox.clock.setting.rate && at === undefined)) return
  sandbox.store.transaction(() => {
    const { stopped } = sandbox.advanceTo(now => Math.max(now, at ?? now), { rate })
    if (!stopped || at === undefined) return
    throw new StoreError(
      `the clock of sandbox "${sandbox.name}" cannot be set to ${isoInstant(at)} at once, because more than ${MAX_EVENTS} ` +
        'events are due before then; start without an instant and advance the clock in steps',
    )
  })
}
