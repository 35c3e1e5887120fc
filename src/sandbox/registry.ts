// The sandboxes of one server: each begins as a copy of a prepared database image, in memory or as a file.
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type ClockSetting, hostNow } from './clock.ts'
import { clockOf, type Document, imageOf, migrationsOf } from './document.ts'
import { Refusal } from './refusal.ts'
import { Sandbox, type SandboxSettings, type Tenant } from './sandbox.ts'
import { FILE_SUFFIX, namesIn, Snapshots } from './snapshots.ts'
import { openFile, openMemory, StoreError } from './store.ts'

export interface RegistryOptions {
  tenants: readonly Tenant[]
  /** What sandboxes hold at first. */
  fixtures: Document
  /** Ready-made documents to begin from instead, by name; read only when one is asked for. */
  scenarios: Record<string, () => Document>
  settings: SandboxSettings
  clock: ClockOption
  /** Keeps one SQLite file per sandbox here; in memory without it. */
  dataDirectory?: string
  limits: { sandboxes: number; idleMs: number }
  /** Makes a sandbox for a name that nobody made. */
  createOnUse: boolean
}

/** `at` (epoch ms) undefined: from this machine's time on. `rate` undefined: real for new sandboxes, as remembered for stored ones. */
export interface ClockOption {
  rate?: number
  at?: number
}

/** What a sandbox begins with, and goes back to when it is reset. */
export type Beginning =
  | { from: 'fixture' }
  | { from: 'blank' }
  | { from: 'scenario'; name: string }
  | { from: 'snapshot'; name: string }
  | { from: 'document'; document: Document }

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

/** Fresh sandboxes on a moving clock share an image for this long, so that making one is a copy. */
const IMAGE_GRAIN_MS = 3_600_000

/** Prepared images that are kept: a few beginnings at the latest start. */
const IMAGES_KEPT = 8

/** Bytes to start from, and the clock to start with; without one, the clock that the bytes remember. */
interface Begun {
  bytes: Buffer
  clock?: ClockSetting & { startedAt: number }
}

/** A made-up credential that stands for a sandbox and for one of the credentials that its APIs know. */
export interface Binding {
  sandbox: string
  credential: string
}

export class Registry {
  /** By the made-up credential. */
  readonly bindings = new Map<string, Binding>()
  readonly #options: RegistryOptions
  readonly #entries = new Map<string, Entry>()
  readonly #images = new Map<string, Buffer>()
  readonly #snapshots: Snapshots
  readonly #startedAt = hostNow()

  /** Opens the default sandbox, so that a bad fixture or file stops the start. Throws FixtureError and StoreError. */
  constructor(options: RegistryOptions) {
    this.#options = options
    this.#snapshots = new Snapshots(options.dataDirectory)
    if (options.dataDirectory !== undefined) mkdirSync(options.dataDirectory, { recursive: true })
    this.#add(DEFAULT_SANDBOX, { from: 'fixture' }, options.clock)
    this.get(DEFAULT_SANDBOX)
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
      this.#begin(beginning, own => ({ ...own, ...clock }))
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
    this.#erase(name, entry)
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

  /** The next request finds the sandbox as it was at first. Throws Refusal when there is none. */
  reset(name: string): void {
    this.#erase(name, this.#known(name))
  }

  /**
   * Puts something else in place of all that the sandbox holds; time goes on as it did unless that says otherwise. Throws
   * Refusal and FixtureError, and then nothing has changed.
   */
  replace(name: string, beginning: Beginning): void {
    const { clock } = this.get(name)
    const entry = this.#known(name)
    const begun = this.#begin(beginning, own => own ?? { rate: clock.setting.rate, at: clock.now() })
    this.#erase(name, entry)
    entry.sandbox = this.#openWith(name, () => begun, entry.clock)
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

  #erase(name: string, entry: Entry): void {
    entry.sandbox?.close()
    entry.sandbox = undefined
    const path = this.#pathOf(name)
    if (path === undefined) return
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true })
  }

  #open(name: string, { beginning, clock }: Entry): Sandbox {
    return this.#openWith(name, () => this.#begin(beginning, own => ({ ...own, ...clock })), clock)
  }

  #openWith(name: string, begin: () => Begun, clock: ClockOption): Sandbox {
    const { tenants, settings } = this.#options
    const path = this.#pathOf(name)
    if (path === undefined) {
      const begun = begin()
      return new Sandbox(name, openMemory(begun.bytes), settings, tenants, begun.clock ?? this.#freshClock(clock))
    }
    try {
      let begun: Begun | undefined
      const store = openFile(
        path,
        () => {
          begun = begin()
          return begun.bytes
        },
        migrationsOf(tenants),
      )
      const sandbox = new Sandbox(name, store, settings, tenants, begun?.clock ?? this.#freshClock(clock))
      if (!begun && clock.rate !== undefined) sandbox.advanceTo(now => Math.max(now, clock.at ?? now), clock.rate)
      return sandbox
    } catch (cause) {
      if (cause instanceof StoreError) throw new StoreError(`${path}: ${cause.message}`, { cause })
      throw cause
    }
  }

  /** `decide` weighs the clock that the document brings along, if it does, against what else is known. */
  #begin(beginning: Beginning, decide: (own: ClockOption | undefined) => ClockOption): Begun {
    if (beginning.from === 'snapshot') return { bytes: this.#snapshots.get(beginning.name) }
    const document = this.#documentOf(beginning)
    const clock = this.#freshClock(decide(clockOf(document)))
    return { bytes: this.#imageOf(beginning, document, clock.startedAt), clock }
  }

  #imageOf(beginning: Beginning, document: Document, startedAt: number): Buffer {
    const { tenants, settings } = this.#options
    if (beginning.from === 'document') return imageOf(document, tenants, settings, startedAt)
    const key = `${beginning.from}/${'name' in beginning ? beginning.name : ''}@${startedAt}`
    const bytes = this.#images.get(key) ?? imageOf(document, tenants, settings, startedAt)
    // The latest goes to the end; the first is the one that was not asked for the longest.
    this.#images.delete(key)
    this.#images.set(key, bytes)
    const [oldest] = this.#images.keys()
    if (oldest !== undefined && this.#images.size > IMAGES_KEPT) this.#images.delete(oldest)
    return bytes
  }

  #documentOf(beginning: Exclude<Beginning, { from: 'snapshot' }>): Document {
    if (beginning.from === 'document') return beginning.document
    if (beginning.from === 'blank') return {}
    if (beginning.from === 'fixture') return this.#options.fixtures
    const read = this.#options.scenarios[beginning.name]
    if (read) return read()
    const names = Object.keys(this.#options.scenarios).join(', ')
    throw new Refusal('missing', `there is no scenario "${beginning.name}"; there are ${names}`)
  }

  /**
   * A new sandbox starts at the given instant. Without one a frozen clock stands where it stood when the server began, and a
   * moving clock goes with this machine's, its documents counting from the last full grain.
   */
  #freshClock({
    rate = 1,
    at = rate === 0 ? this.#startedAt : undefined,
  }: ClockOption): ClockSetting & { startedAt: number } {
    const hostAt = hostNow()
    return { virtualAt: at ?? hostAt, hostAt, rate, startedAt: at ?? hostAt - (hostAt % IMAGE_GRAIN_MS) }
  }

  #pathOf(name: string): string | undefined {
    const { dataDirectory } = this.#options
    return dataDirectory === undefined ? undefined : join(dataDirectory, `${name}${FILE_SUFFIX}`)
  }

  #storedNames(): string[] {
    const { dataDirectory } = this.#options
    return dataDirectory === undefined ? [] : namesIn(dataDirectory)
  }
}

function checkName(name: string): void {
  if (!NAME.test(name)) {
    throw new Refusal('invalid', `"${name}" is no name: 1 to 63 of a-z, 0-9, - and _, the first a letter or a digit`)
  }
}
