// The initial states of sandboxes: database images, made from documents and cached, and the clock of each.
import { LRUCache } from 'lru-cache'
import { type ClockSetting, hostNow } from './clock/clock.ts'
import { clockOf, type Document, emptyImageOf, imageOf } from './documents.ts'
import { ownValue } from './own.ts'
import { Refusal } from './refusal.ts'
import type { ApiState, SandboxSettings } from './sandbox.ts'
import type { Snapshots } from './snapshots.ts'

export interface InitialStatesOptions {
  apiStates: readonly ApiState[]
  /** The document that sandboxes are created from by default. */
  fixtures: Document
  /** Other documents to create sandboxes from, by name; each is read when it is needed. */
  scenarios: Record<string, () => Document>
  settings: SandboxSettings
  /** Reads a database with all tables and without rows, if one was made in advance. */
  readEmptyImage?(): Buffer | undefined
}

/**
 * `at` (epoch ms) undefined: starts at this machine's time. `rate` undefined: real for a new sandbox, unchanged for a stored
 * one.
 */
export interface ClockOption {
  rate?: number
  at?: number
}

/** What a sandbox contains when it is created and after each reset. */
export type InitialState =
  | { from: 'fixture' }
  | { from: 'blank' }
  | { from: 'scenario'; name: string }
  | { from: 'snapshot'; name: string }
  | { from: 'document'; document: Document }
  | PastState

/** What another sandbox contained at a moment of its history; without its clock, which starts at that moment. */
export interface PastState {
  from: 'past'
  image: Buffer
  clock: { at: number; rate: number; startedAt: number }
  /** The sequence number of the latest request that had arrived. */
  latest: number
}

/** Always available and known to be valid, unlike what users name or send. */
export function isBuiltIn({ from }: InitialState): boolean {
  return from === 'fixture' || from === 'blank'
}

/** New sandboxes on a moving clock share an image for this long, so that creating one only copies it. */
const SHARED_IMAGE_MS = 3_600_000

/** Images that are cached: several initial states, each for the latest start. */
const MAX_IMAGES = 8

/** A database image, and the clock to start with; without one, the clock that is stored in the image. */
export interface PreparedState {
  bytes: Buffer
  clock?: StartClock
  /** Where the clock that is stored in the image is moved to, and how it runs from there. */
  moveTo?: ClockOption
}

type StartClock = ClockSetting & { startedAt: number }

export class InitialStates {
  readonly #options: InitialStatesOptions
  readonly #snapshots: Snapshots
  readonly #serverStartedAt = hostNow()
  /** Copied for each image: making the tables takes longer than filling them. */
  #emptyImage: Buffer | undefined
  readonly #images = new LRUCache<string, Buffer>({ max: MAX_IMAGES })

  constructor(options: InitialStatesOptions, snapshots: Snapshots) {
    this.#options = options
    this.#snapshots = snapshots
  }

  /** `chooseClock` gets the document's own clock, if it has one. Throws Refusal and FixtureError. */
  prepare(
    state: InitialState,
    chooseClock: (own: ClockOption | undefined) => ClockOption,
    seed = this.#options.settings.seed,
  ): PreparedState {
    if (state.from === 'snapshot') return { bytes: this.#snapshots.get(state.name) }
    if (state.from === 'past') {
      const { at, rate, startedAt } = state.clock
      return { bytes: state.image, clock: { virtualAt: at, hostAt: hostNow(), rate, startedAt } }
    }
    const document = this.#documentOf(state)
    const clock = this.newClock(chooseClock(clockOf(document)))
    return { bytes: this.#imageOf(state, document, clock.startedAt, seed), clock }
  }

  #imageOf(state: Exclude<InitialState, PastState>, document: Document, startedAt: number, seed: string): Buffer {
    const { apiStates } = this.#options
    const settings = { ...this.#options.settings, seed }
    this.#emptyImage ??= this.#options.readEmptyImage?.() ?? emptyImageOf(apiStates)
    const empty = this.#emptyImage
    if (state.from === 'document') return imageOf(document, empty, apiStates, settings, startedAt)
    const key = `${state.from}/${'name' in state ? state.name : ''}@${startedAt}/${seed}`
    const bytes = this.#images.get(key) ?? imageOf(document, empty, apiStates, settings, startedAt)
    this.#images.set(key, bytes)
    return bytes
  }

  #documentOf(state: Exclude<InitialState, { from: 'snapshot' | 'past' }>): Document {
    if (state.from === 'document') return state.document
    if (state.from === 'blank') return {}
    if (state.from === 'fixture') return this.#options.fixtures
    const read = ownValue(this.#options.scenarios, state.name)
    if (read) return read()
    const names = Object.keys(this.#options.scenarios).join(', ')
    throw new Refusal('missing', `there is no scenario "${state.name}"; there are ${names}`)
  }

  /**
   * The clock of a new sandbox, which starts at `at`. Without `at`, a frozen clock stands at the instant at which the server
   * started, and a moving clock follows this machine's clock, while the relative instants of its document count from the last
   * full `SHARED_IMAGE_MS`.
   */
  newClock({ rate = 1, at = rate === 0 ? this.#serverStartedAt : undefined }: ClockOption): StartClock {
    const hostAt = hostNow()
    return { virtualAt: at ?? hostAt, hostAt, rate, startedAt: at ?? hostAt - (hostAt % SHARED_IMAGE_MS) }
  }
}
