// The sandboxes of one server: creates, finds, resets and drops them by name.
import { hostNow } from './clock/clock.ts'
import { type Creation, DataDirectory } from './data-directory.ts'
import { migrationsOf } from './documents.ts'
import type { FaultCheck } from './faults/checks.ts'
import type { History } from './history/history.ts'
import { findMoment, type Moment } from './history/moments.ts'
import { type InitialState, InitialStates } from './initial-states.ts'
import { checkName } from './names.ts'
import { OpenFiles } from './open-files.ts'
import { Refusal } from './refusal.ts'
import type { Sandbox } from './sandbox.ts'
import { Snapshots } from './snapshots.ts'
import { type Content, Storage, type StorageOptions } from './storage.ts'

export interface RegistryOptions extends StorageOptions {
  /** Where each sandbox has an SQLite file; sandboxes are in memory without it. */
  dataDirectory?: string
  limits: { sandboxes: number; openFiles: number; idleMs: number; snapshots: number }
  /** Whether using a name for the first time creates its sandbox. */
  createOnUse: boolean
}

/** The sandbox is opened at its first request, so that creating many costs little. */
interface Entry extends Content {
  usedAt: number
}

export type NewSandbox = Partial<Creation>

export const DEFAULT_SANDBOX = 'default'

/** What a bound credential stands for: a sandbox, and one of the credentials that are valid in it. */
export interface Binding {
  sandbox: string
  credential: string
}

export class Registry {
  /** By the bound credential. */
  readonly bindings = new Map<string, Binding>()
  readonly #options: RegistryOptions
  readonly #directory: DataDirectory | undefined
  readonly #entries = new Map<string, Entry>()
  readonly #snapshots: Snapshots
  readonly #initialStates: InitialStates
  readonly #storage: Storage

  /** Opens the default sandbox, so that an invalid fixture or file fails the start. Throws FixtureError and StoreError. */
  constructor(options: RegistryOptions) {
    this.#options = options
    if (options.dataDirectory !== undefined) this.#directory = new DataDirectory(options.dataDirectory)
    try {
      this.#snapshots = new Snapshots(
        this.#directory?.snapshots,
        migrationsOf(options.apiStates),
        options.limits.snapshots,
      )
      this.#initialStates = new InitialStates(options, this.#snapshots)
      this.#storage = new Storage(options, this.#initialStates, {
        directory: this.#directory,
        files: new OpenFiles(options.limits.openFiles),
      })
      for (const { bound, ...binding } of this.#directory?.bindings() ?? []) this.bindings.set(bound, binding)
      this.#add(DEFAULT_SANDBOX, {})
      this.get(DEFAULT_SANDBOX)
    } catch (cause) {
      this.close()
      throw cause
    }
  }

  /** Of sandboxes that have none of their own. */
  get seed(): string {
    return this.#options.settings.seed
  }

  /** Of all sandboxes. */
  get checkFault(): FaultCheck {
    return this.#options.settings.checkFault
  }

  /** The sandbox of that name, created if it does not exist and `createOnUse` is set. Throws Refusal and StoreError. */
  get(name: string): Sandbox {
    const now = hostNow()
    let entry = this.#entries.get(name)
    if (entry && this.#isIdle(name, entry, now)) entry = this.#forget(name, entry)
    const isNew = !entry
    entry ??= this.#addKnown(name)
    entry.usedAt = now
    try {
      entry.sandbox ??= this.#storage.open(name, entry)
    } catch (cause) {
      if (isNew) this.#entries.delete(name)
      throw cause
    }
    return entry.sandbox
  }

  /** The sandbox of that name, or undefined; creates none. Throws StoreError. */
  find(name: string): Sandbox | undefined {
    return this.#exists(name) ? this.get(name) : undefined
  }

  /** The sandbox of that name. Throws Refusal when there is none, and StoreError. */
  existing(name: string): Sandbox {
    const sandbox = this.find(name)
    if (sandbox) return sandbox
    throw missing(name)
  }

  /** Does the work in the sandbox of that name. If that created the sandbox and the work throws, it is dropped again. */
  change<T>(name: string, work: (sandbox: Sandbox) => T): T {
    if (this.#exists(name)) return work(this.get(name))
    try {
      return work(this.get(name))
    } catch (error) {
      if (this.#exists(name)) this.drop(name)
      throw error
    }
  }

  /**
   * Creates a sandbox; in a data directory it has been written to disk when this returns. Throws Refusal when the name is
   * invalid or taken, a credential is already bound, the limit is reached, or the initial state does not exist; also
   * FixtureError and StoreError. Then nothing has changed.
   */
  create(name: string, creation: NewSandbox = {}): void {
    const { initialState = { from: 'fixture' }, clock, credentials = {}, seed } = creation
    if (this.#exists(name)) throw new Refusal('conflict', `sandbox "${name}" already exists`)
    for (const bound of Object.keys(credentials)) this.#checkUnbound(bound)
    const entry = this.#add(name, { initialState, clock, seed })
    try {
      this.#storage.create(name, entry, credentials)
    } catch (cause) {
      this.#entries.delete(name)
      throw cause
    }
    for (const [bound, credential] of Object.entries(credentials))
      this.bindings.set(bound, { sandbox: name, credential })
  }

  /**
   * What the sandbox of that name contained at a moment of its history, as the initial state of a new sandbox `copy`, which also
   * needs its seed. Throws Refusal when the history does not reach back to the moment, and StoreError.
   */
  past(name: string, moment: Moment, copy: string): Pick<NewSandbox, 'initialState' | 'seed'> {
    const found = findMoment(this.existing(name), moment)
    const entry = this.#known(name)
    return { initialState: this.#storage.pastOf(entry, found, copy), seed: entry.seed }
  }

  /** How far back the history of the sandbox of that name reaches; undefined if it has none or is not open. Opens no sandbox. */
  historyOf(name: string): History | undefined {
    return this.#entries.get(name)?.sandbox?.history
  }

  /** The sandboxes that are open. Opens none. */
  open(): Sandbox[] {
    return [...this.#entries.values()].flatMap(({ sandbox }) => sandbox ?? [])
  }

  #checkUnbound(bound: string): void {
    const holder = this.bindings.get(bound)?.sandbox
    if (holder !== undefined) throw new Refusal('conflict', `the credential is already bound to sandbox "${holder}"`)
  }

  /** In alphabetical order, including sandboxes that are only in a file. */
  names(): string[] {
    this.#forgetIdle()
    return [...new Set([...this.#entries.keys(), ...(this.#directory?.names() ?? [])])].sort()
  }

  /** Throws Refusal when the sandbox does not exist or is the default one, and StoreError. */
  drop(name: string): void {
    const entry = this.#known(name)
    if (name === DEFAULT_SANDBOX)
      throw new Refusal('conflict', 'the default sandbox cannot be dropped; reset it instead')
    this.#storage.remove(name, entry)
    this.#entries.delete(name)
    this.#unbind(name)
  }

  #unbind(name: string): void {
    for (const [bound, { sandbox }] of this.bindings) if (sandbox === name) this.bindings.delete(bound)
  }

  /** Replaces everything in the sandbox with its initial state. Throws Refusal and StoreError, and then nothing has changed. */
  reset(name: string): void {
    this.#storage.reset(name, this.#known(name))
  }

  /**
   * Replaces everything in the sandbox; its clock continues unless the new state has a clock of its own. Throws Refusal,
   * FixtureError and StoreError, and then nothing has changed.
   */
  replace(name: string, state: InitialState): void {
    const { clock } = this.get(name)
    const entry = this.#known(name)
    const prepared = this.#initialStates.prepare(state, own => own ?? { rate: clock.setting.rate, at: clock.now() })
    this.#storage.replace(name, entry, prepared)
  }

  /** Saves a copy of the sandbox as it is now under the name `snapshot`. Throws Refusal and StoreError. */
  snapshot(name: string, snapshot: string): void {
    checkName(snapshot, 'snapshot')
    const sandbox = this.existing(name)
    sandbox.settle()
    this.#snapshots.save(snapshot, sandbox.store.image())
  }

  /** In alphabetical order. */
  scenarios(): string[] {
    return Object.keys(this.#options.scenarios).sort()
  }

  snapshots(): string[] {
    return this.#snapshots.names()
  }

  /** Throws Refusal when there is none. */
  dropSnapshot(snapshot: string): void {
    this.#snapshots.drop(snapshot)
  }

  /** Ends every wait for a request, and cuts the requests that faults keep waiting without a time limit, which nothing can end any more. */
  endWaits(): void {
    for (const { sandbox } of this.#entries.values()) {
      sandbox?.journal.close()
      sandbox?.faults.cutUntimedRequests()
    }
  }

  close(): void {
    for (const { sandbox } of this.#entries.values()) sandbox?.close()
    this.#entries.clear()
    this.#directory?.close()
  }

  #known(name: string): Entry {
    const entry = this.#entries.get(name)
    if (entry) return entry
    if (!this.#exists(name)) throw new Refusal('missing', `there is no sandbox "${name}"`)
    return this.#addKnown(name)
  }

  #exists(name: string): boolean {
    const entry = this.#entries.get(name)
    if (entry && this.#isIdle(name, entry, hostNow())) this.#forget(name, entry)
    return this.#entries.has(name) || (this.#directory?.has(name) ?? false)
  }

  /** For a name that a request used: a sandbox that has a file, or a new one. */
  #addKnown(name: string): Entry {
    checkName(name)
    if (!this.#options.createOnUse && !this.#exists(name)) throw missing(name)
    return this.#add(name, this.#directory?.creationOf(name) ?? {})
  }

  #add(name: string, { initialState = { from: 'fixture' }, clock, seed }: NewSandbox): Entry {
    checkName(name)
    const { limits } = this.#options
    if (this.#entries.size >= limits.sandboxes) this.#forgetIdle()
    if (this.#entries.size >= limits.sandboxes) this.#forgetLeastRecentlyUsed()
    if (this.#entries.size >= limits.sandboxes) {
      throw new Refusal('limit', `there are already ${limits.sandboxes} sandboxes; drop some, or raise --max-sandboxes`)
    }
    const entry: Entry = { initialState, clock, seed, sandbox: undefined, usedAt: hostNow() }
    this.#entries.set(name, entry)
    return entry
  }

  #isIdle(name: string, { usedAt }: Entry, now: number): boolean {
    return name !== DEFAULT_SANDBOX && now - usedAt > this.#options.limits.idleMs
  }

  #forgetIdle(): void {
    const now = hostNow()
    for (const [name, entry] of this.#entries) if (this.#isIdle(name, entry, now)) this.#forget(name, entry)
  }

  /** Only if its file is kept, and nothing is running in it. */
  #forgetLeastRecentlyUsed(): void {
    if (!this.#directory) return
    let oldest: [string, Entry] | undefined
    for (const each of this.#entries) {
      const [name, { usedAt, sandbox }] = each
      const isOlder = usedAt < (oldest?.[1].usedAt ?? Number.POSITIVE_INFINITY)
      if (isOlder && name !== DEFAULT_SANDBOX && !sandbox?.isInUse) oldest = each
    }
    if (oldest) this.#forget(...oldest)
  }

  /** Frees the memory; a file is kept. */
  #forget(name: string, { sandbox }: Entry): undefined {
    sandbox?.close()
    this.#entries.delete(name)
    if (!this.#directory) this.#unbind(name)
  }
}

function missing(name: string): Refusal {
  return new Refusal('missing', `there is no sandbox "${name}"; create it first`)
}
