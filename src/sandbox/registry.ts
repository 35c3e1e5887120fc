// The sandboxes of one server: each begins as a copy of a prepared database image, in memory or as a file.

import { hostNow } from './clock/clock.ts'
import { type Creation, DataDirectory, SANDBOX_NAME } from './data-directory.ts'
import { migrationsOf } from './documents.ts'
import { type Beginning, Beginnings } from './initial-states.ts'
import { Refusal } from './refusal.ts'
import type { Sandbox } from './sandbox.ts'
import { Snapshots } from './snapshots.ts'
import { type Content, Storage, type StorageOptions } from './storage.ts'

export interface RegistryOptions extends StorageOptions {
  /** Keeps one SQLite file per sandbox here; in memory without it. */
  dataDirectory?: string
  limits: { sandboxes: number; idleMs: number; snapshots: number }
  /** Makes a sandbox for a name that nobody made. */
  createOnUse: boolean
}

/** Its sandbox is opened at the first request, so that making many costs little. */
interface Entry extends Content {
  /** This machine's time, epoch ms. */
  usedAt: number
}

export const DEFAULT_SANDBOX = 'default'

/** A made-up credential that stands for a sandbox and for one of the credentials that its APIs know. */
export interface Binding {
  sandbox: string
  credential: string
}

export class Registry {
  /** By the made-up credential. */
  readonly bindings = new Map<string, Binding>()
  readonly #options: RegistryOptions
  readonly #directory: DataDirectory | undefined
  readonly #entries = new Map<string, Entry>()
  readonly #snapshots: Snapshots
  readonly #beginnings: Beginnings
  readonly #storage: Storage

  /** Opens the default sandbox, so that a bad fixture or file stops the start. Throws FixtureError and StoreError. */
  constructor(options: RegistryOptions) {
    this.#options = options
    if (options.dataDirectory !== undefined) this.#directory = new DataDirectory(options.dataDirectory)
    try {
      this.#snapshots = new Snapshots(
        this.#directory?.snapshots,
        migrationsOf(options.apiStates),
        options.limits.snapshots,
      )
      this.#beginnings = new Beginnings(options, this.#snapshots)
      this.#storage = new Storage(options, this.#beginnings, this.#directory)
      for (const { bound, ...binding } of this.#directory?.bindings() ?? []) this.bindings.set(bound, binding)
      this.#add(DEFAULT_SANDBOX, {})
      this.get(DEFAULT_SANDBOX)
    } catch (cause) {
      this.close()
      throw cause
    }
  }

  /** The sandbox of that name, made when there is none yet and that is allowed. Throws Refusal and StoreError. */
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

  /** The sandbox of that name, or undefined; makes none. Throws StoreError. */
  find(name: string): Sandbox | undefined {
    return this.#exists(name) ? this.get(name) : undefined
  }

  /** The sandbox of that name. Throws Refusal when there is none, and StoreError. */
  existing(name: string): Sandbox {
    const sandbox = this.find(name)
    if (sandbox) return sandbox
    throw missing(name)
  }

  /** Does the work in the sandbox of that name. One that was made for it is dropped when the work throws. Throws what `get` does. */
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
   * Makes a sandbox; in a data directory it is there for good when this returns. Throws Refusal when the name is taken or no
   * name, a credential is bound already, the limit is reached, or there is nothing of that name to begin from, FixtureError
   * and StoreError; then nothing has changed.
   */
  create(name: string, { beginning = { from: 'fixture' }, clock, credentials = {} }: Partial<Creation> = {}): void {
    if (this.#exists(name)) throw new Refusal('conflict', `there is a sandbox "${name}" already`)
    for (const bound of Object.keys(credentials)) this.#checkUnbound(bound)
    const entry = this.#add(name, { beginning, clock })
    try {
      this.#storage.create(name, entry, credentials)
    } catch (cause) {
      this.#entries.delete(name)
      throw cause
    }
    for (const [bound, credential] of Object.entries(credentials))
      this.bindings.set(bound, { sandbox: name, credential })
  }

  #checkUnbound(bound: string): void {
    const holder = this.bindings.get(bound)?.sandbox
    if (holder !== undefined) throw new Refusal('conflict', `that credential is bound to sandbox "${holder}" already`)
  }

  /** In alphabetical order, those that only a file remembers included. */
  names(): string[] {
    this.#forgetIdle()
    return [...new Set([...this.#entries.keys(), ...(this.#directory?.names() ?? [])])].sort()
  }

  /** Throws Refusal when there is none, or when it is the default one. */
  drop(name: string): void {
    const entry = this.#known(name)
    if (name === DEFAULT_SANDBOX) throw new Refusal('conflict', 'the default sandbox can be reset, but not dropped')
    this.#storage.remove(name, entry)
    this.#entries.delete(name)
    this.#unbind(name)
  }

  #unbind(name: string): void {
    for (const [bound, { sandbox }] of this.bindings) if (sandbox === name) this.bindings.delete(bound)
  }

  /** Puts the sandbox back to how it was at first. Throws Refusal and StoreError, and then nothing has changed. */
  reset(name: string): void {
    this.#storage.reset(name, this.#known(name))
  }

  /**
   * Puts something else in place of all that the sandbox holds; time goes on as it did unless that says otherwise. Throws
   * Refusal, FixtureError and StoreError, and then nothing has changed.
   */
  replace(name: string, beginning: Beginning): void {
    const { clock } = this.get(name)
    const entry = this.#known(name)
    const begun = this.#beginnings.begin(beginning, own => own ?? { rate: clock.setting.rate, at: clock.now() })
    this.#storage.replace(name, entry, begun)
  }

  /** Keeps what the sandbox holds now under a name of its own. Throws Refusal and StoreError. */
  snapshot(name: string, snapshot: string): void {
    checkName(snapshot)
    const sandbox = this.existing(name)
    sandbox.settle()
    this.#snapshots.save(snapshot, sandbox.store.image())
  }

  snapshots(): string[] {
    return this.#snapshots.names()
  }

  /** Throws Refusal when there is none. */
  dropSnapshot(snapshot: string): void {
    this.#snapshots.drop(snapshot)
  }

  /** Ends all waiting for requests to come: a server that let it go on would never close. */
  endWaits(): void {
    for (const { sandbox } of this.#entries.values()) sandbox?.journal.close()
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

  /** A name that a request used: one that a file remembers, or a new one. */
  #addKnown(name: string): Entry {
    checkName(name)
    if (!this.#options.createOnUse && !this.#exists(name)) throw missing(name)
    return this.#add(name, this.#directory?.creationOf(name) ?? {})
  }

  #add(name: string, { beginning = { from: 'fixture' }, clock }: Partial<Creation>): Entry {
    checkName(name)
    const { limits } = this.#options
    if (this.#entries.size >= limits.sandboxes) this.#forgetIdle()
    if (this.#entries.size >= limits.sandboxes) {
      throw new Refusal('limit', `there are ${limits.sandboxes} sandboxes already; drop some, or raise --max-sandboxes`)
    }
    const entry: Entry = { beginning, clock, sandbox: undefined, usedAt: hostNow() }
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

  /** Lets go of the memory; what is in a file stays there. */
  #forget(name: string, { sandbox }: Entry): undefined {
    sandbox?.close()
    this.#entries.delete(name)
    if (!this.#directory) this.#unbind(name)
  }
}

function missing(name: string): Refusal {
  return new Refusal('missing', `there is no sandbox "${name}"; make it first`)
}

/** Throws Refusal for what can be no name, neither of a sandbox nor of a snapshot. */
export function checkName(name: string): void {
  if (!SANDBOX_NAME.test(name)) {
    throw new Refusal('invalid', `"${name}" is no name: 1 to 63 of a-z, 0-9, - and _, the first a letter or a digit`)
  }
}
