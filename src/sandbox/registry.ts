// The sandboxes of one server: each begins as a copy of a prepared database image, in memory or as a file.
import { existsSync } from 'node:fs'
import { type Beginning, Beginnings, type BeginningsOptions, type Begun, type ClockOption } from './beginnings.ts'
import { hostNow } from './clock.ts'
import { DataDirectory } from './datadirectory.ts'
import { migrationsOf } from './document.ts'
import { draftFile, openFile, removeFile } from './files.ts'
import { Refusal } from './refusal.ts'
import { Sandbox } from './sandbox.ts'
import { Snapshots } from './snapshots.ts'
import { openMemory, type Store } from './store.ts'

export interface RegistryOptions extends BeginningsOptions {
  clock: ClockOption
  /** Keeps one SQLite file per sandbox here; in memory without it. */
  dataDirectory?: string
  limits: { sandboxes: number; idleMs: number }
  /** Makes a sandbox for a name that nobody made. */
  createOnUse: boolean
}

interface Entry {
  beginning: Beginning
  clock: ClockOption
  /** Opened at the first request, so that making many costs little. */
  sandbox: Sandbox | undefined
  /** This machine's time, epoch ms. */
  usedAt: number
}

export const DEFAULT_SANDBOX = 'default'

/** Also a file's name and a host's label, hence so narrow. */
const NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/

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
  /** Sandboxes with a file on which the server's clock option has been applied: once, since people may change it then. */
  readonly #timed = new Set<string>()
  readonly #snapshots: Snapshots
  readonly #beginnings: Beginnings

  /** Opens the default sandbox, so that a bad fixture or file stops the start. Throws FixtureError and StoreError. */
  constructor(options: RegistryOptions) {
    this.#options = options
    if (options.dataDirectory !== undefined) this.#directory = new DataDirectory(options.dataDirectory)
    try {
      this.#snapshots = new Snapshots(this.#directory?.snapshots)
      this.#beginnings = new Beginnings(options, this.#snapshots)
      this.#add(DEFAULT_SANDBOX, { from: 'fixture' }, options.clock)
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
    entry ??= this.#addKnown(name)
    entry.usedAt = now
    entry.sandbox ??= this.#open(name, entry)
    return entry.sandbox
  }

  /** Throws Refusal when the name is taken or no name, the limit is reached, or there is nothing of that name to begin from. */
  create(name: string, beginning: Beginning = { from: 'fixture' }, clock: ClockOption = this.#options.clock): void {
    if (this.#exists(name)) throw new Refusal('conflict', `there is a sandbox "${name}" already`)
    // The usual beginnings are known to be good; any other must be refused now and not at its first request.
    if (beginning.from !== 'fixture' && beginning.from !== 'blank')
      this.#beginnings.begin(beginning, own => ({ ...own, ...clock }))
    this.#add(name, beginning, clock)
  }

  /** In alphabetical order, those that only a file remembers included. */
  names(): string[] {
    this.#forgetIdle()
    return [...new Set([...this.#entries.keys(), ...this.#storedNames()])].sort()
  }

  /** Throws Refusal when there is none, or when it is the default one. */
  drop(name: string): void {
    const entry = this.#known(name)
    if (name === DEFAULT_SANDBOX) throw new Refusal('conflict', 'the default sandbox can be reset, but not dropped')
    entry.sandbox?.close()
    entry.sandbox = undefined
    const path = this.#pathOf(name)
    if (path !== undefined) removeFile(path)
    this.#timed.delete(name)
    this.#entries.delete(name)
    this.#unbind(name)
  }

  /** Requests with the credential `made` reach the sandbox and are seen there with `credential`. Throws Refusal. */
  bind(name: string, made: string, credential: string): void {
    const holder = this.bindings.get(made)?.sandbox
    if (holder !== undefined && holder !== name) {
      throw new Refusal('conflict', `that credential is bound to sandbox "${holder}" already`)
    }
    this.bindings.set(made, { sandbox: name, credential })
  }

  #unbind(name: string): void {
    for (const [made, { sandbox }] of this.bindings) if (sandbox === name) this.bindings.delete(made)
  }

  /** Puts the sandbox back to how it was at first. Throws Refusal and StoreError, and then nothing has changed. */
  reset(name: string): void {
    const entry = this.#known(name)
    this.#put(name, entry, this.#beginningOf(entry))
  }

  /**
   * Puts something else in place of all that the sandbox holds; time goes on as it did unless that says otherwise. Throws
   * Refusal, FixtureError and StoreError, and then nothing has changed.
   */
  replace(name: string, beginning: Beginning): void {
    const { clock } = this.get(name)
    const entry = this.#known(name)
    const begun = this.#beginnings.begin(beginning, own => own ?? { rate: clock.setting.rate, at: clock.now() })
    this.#put(name, entry, begun)
  }

  /** Keeps what the sandbox holds now under a name of its own. Throws Refusal. */
  snapshot(name: string, snapshot: string): void {
    checkName(snapshot)
    const sandbox = this.get(name)
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
    return this.#entries.has(name) || this.#storedNames().includes(name)
  }

  /** A name that a request used: one that a file remembers, or a new one. */
  #addKnown(name: string): Entry {
    checkName(name)
    const { createOnUse, clock } = this.#options
    if (!createOnUse && !this.#exists(name))
      throw new Refusal('missing', `there is no sandbox "${name}"; make it first`)
    return this.#add(name, { from: 'fixture' }, clock)
  }

  #add(name: string, beginning: Beginning, clock: ClockOption): Entry {
    checkName(name)
    const { limits } = this.#options
    if (this.#entries.size >= limits.sandboxes) this.#forgetIdle()
    if (this.#entries.size >= limits.sandboxes) {
      throw new Refusal('limit', `there are ${limits.sandboxes} sandboxes already; drop some or raise the limit`)
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
    if (this.#pathOf(name) === undefined) this.#unbind(name)
  }

  #beginningOf({ beginning, clock }: Entry): Begun {
    return this.#beginnings.begin(beginning, own => ({ ...own, ...clock }))
  }

  /** Puts what begins in place of all that the sandbox holds, if it holds anything yet. */
  #put(name: string, entry: Entry, begun: Begun): void {
    const path = this.#pathOf(name)
    if (path === undefined) {
      const sandbox = this.#begin(name, openMemory(begun.bytes), entry, begun)
      entry.sandbox?.close()
      entry.sandbox = sandbox
      return
    }
    const migrations = migrationsOf(this.#options.tenants)
    const draft = draftFile(path, begun.bytes, migrations, store => this.#begin(name, store, entry, begun).close())
    try {
      entry.sandbox?.store.checkpoint()
    } catch (cause) {
      draft.discard()
      throw cause
    }
    entry.sandbox?.close()
    entry.sandbox = undefined
    draft.commit()
    this.#timed.add(name)
  }

  #open(name: string, entry: Entry): Sandbox {
    const path = this.#pathOf(name)
    if (path === undefined) {
      const begun = this.#beginningOf(entry)
      return this.#begin(name, openMemory(begun.bytes), entry, begun)
    }
    if (!existsSync(path)) this.#put(name, entry, this.#beginningOf(entry))
    const store = openFile(path, migrationsOf(this.#options.tenants))
    try {
      const sandbox = this.#begin(name, store, entry)
      const { rate, at } = entry.clock
      if (rate !== undefined && !this.#timed.has(name)) sandbox.advanceTo(now => Math.max(now, at ?? now), rate)
      this.#timed.add(name)
      return sandbox
    } catch (cause) {
      store.close()
      throw cause
    }
  }

  /** What the store remembers of its clock holds; without that, the clock of its beginning. */
  #begin(name: string, store: Store, { clock }: Entry, begun?: Begun): Sandbox {
    const { settings, tenants } = this.#options
    return new Sandbox(name, store, settings, tenants, begun?.clock ?? this.#beginnings.freshClock(clock))
  }

  #pathOf(name: string): string | undefined {
    return this.#directory?.pathOf(name)
  }

  #storedNames(): string[] {
    return this.#directory?.names() ?? []
  }
}

function checkName(name: string): void {
  if (!NAME.test(name)) {
    throw new Refusal('invalid', `"${name}" is no name: 1 to 63 of a-z, 0-9, - and _, the first a letter or a digit`)
  }
}
