// What sandboxes begin with: database images prepared from documents, kept for a while, and the clock that goes with them.
import { type ClockSetting, hostNow } from './clock/clock.ts'
import { clockOf, type Document, imageOf } from './documents.ts'
import { ownValue } from './own.ts'
import { Refusal } from './refusal.ts'
import type { ApiState, SandboxSettings } from './sandbox.ts'
import type { Snapshots } from './snapshots.ts'

export interface BeginningsOptions {
  apiStates: readonly ApiState[]
  /** What sandboxes hold at first. */
  fixtures: Document
  /** Ready-made documents to begin from instead, by name; read only when one is asked for. */
  scenarios: Record<string, () => Document>
  settings: SandboxSettings
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

/** One that every server has, whatever is made and dropped. */
export function isUsual({ from }: Beginning): boolean {
  return from === 'fixture' || from === 'blank'
}

/** Fresh sandboxes on a moving clock share an image for this long, so that making one is a copy. */
const IMAGE_GRAIN_MS = 3_600_000

/** Prepared images that are kept: a few beginnings at the latest start. */
const IMAGES_KEPT = 8

/** Bytes to start from, and the clock to start with; without one, the clock that the bytes remember. */
export interface Begun {
  bytes: Buffer
  clock?: ClockSetting & { startedAt: number }
}

export class Beginnings {
  readonly #options: BeginningsOptions
  readonly #snapshots: Snapshots
  readonly #startedAt = hostNow()
  readonly #images = new Map<string, Buffer>()

  constructor(options: BeginningsOptions, snapshots: Snapshots) {
    this.#options = options
    this.#snapshots = snapshots
  }

  /**
   * What to start from. `decide` weighs the clock that the document brings along, if it does, against what else is known.
   * Throws Refusal and FixtureError.
   */
  begin(beginning: Beginning, decide: (own: ClockOption | undefined) => ClockOption): Begun {
    if (beginning.from === 'snapshot') return { bytes: this.#snapshots.get(beginning.name) }
    const document = this.#documentOf(beginning)
    const clock = this.freshClock(decide(clockOf(document)))
    return { bytes: this.#imageOf(beginning, document, clock.startedAt), clock }
  }

  #imageOf(beginning: Beginning, document: Document, startedAt: number): Buffer {
    const { apiStates, settings } = this.#options
    if (beginning.from === 'document') return imageOf(document, apiStates, settings, startedAt)
    const key = `${beginning.from}/${'name' in beginning ? beginning.name : ''}@${startedAt}`
    const bytes = this.#images.get(key) ?? imageOf(document, apiStates, settings, startedAt)
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
    const read = ownValue(this.#options.scenarios, beginning.name)
    if (read) return read()
    const names = Object.keys(this.#options.scenarios).join(', ')
    throw new Refusal('missing', `there is no scenario "${beginning.name}"; there are ${names}`)
  }

  /**
   * A new sandbox starts at the given instant. Without one a frozen clock stands where it stood when the server began, and a
   * moving clock goes with this machine's, its documents counting from the last full grain.
   */
  freshClock({
    rate = 1,
    at = rate === 0 ? this.#startedAt : undefined,
  }: ClockOption): ClockSetting & { startedAt: number } {
    const hostAt = hostNow()
    return { virtualAt: at ?? hostAt, hostAt, rate, startedAt: at ?? hostAt - (hostAt % IMAGE_GRAIN_MS) }
  }
}
