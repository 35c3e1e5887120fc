// The history of one sandbox: what it contained after each of its latest requests and other changes, kept in memory.
import type { Sandbox } from '../sandbox.ts'
import { type Write, WriteLog } from './write-log.ts'

export interface HistoryLimits {
  /** The number of requests over which it reaches back. */
  requests: number
  /** The memory for the history of each sandbox. */
  bytes: number
}

/** A moment between two changes, to which a copy of the sandbox can go back. */
export interface Point {
  segment: Segment
  /** How many of the segment's statements came before. */
  position: number
  /** Epoch ms of virtual time. */
  at: number
  /** How the clock went on from there: virtual ms per host ms. */
  rate: number
  /** The sequence number of the latest request that had arrived. */
  latest: number
}

/** What the sandbox contained at a point: run on a copy of the image, the writes lead there. */
export interface Recorded extends Omit<Point, 'segment' | 'position'> {
  image: Buffer
  writes: readonly Write[]
}

/** Points between which everything in the sandbox was replaced are in different periods. */
export interface Period {
  first: Point
  last: Point
  /** In order, with the first and the last. */
  points: readonly Point[]
}

/** The memory of a point, with its place in the map of requests. */
const POINT_BYTES = 192

/** A segment is full when it has this much besides its image, or half of its image: then a copy is made quickly. */
const MIN_FULL_BYTES = 256 * 1024

/** Part of the history: an image of the database, and the statements and points that follow it. */
class Segment {
  readonly period: number
  readonly image: Buffer
  readonly log: WriteLog
  readonly points: Point[] = []

  constructor(period: number, image: Buffer, log: WriteLog) {
    this.period = period
    this.image = image
    this.log = log
  }

  get bytes(): number {
    return this.image.length + this.#addedBytes
  }

  get isFull(): boolean {
    return this.#addedBytes > Math.max(MIN_FULL_BYTES, this.image.length / 2)
  }

  get #addedBytes(): number {
    return this.log.bytes + this.points.length * POINT_BYTES
  }
}

/** Requests of different periods may have the same sequence number, which is below this. */
const PERIOD_SIZE = 2 ** 32

export class History {
  readonly limits: HistoryLimits
  #sandbox: Sandbox | undefined
  #unsubscribe = () => {}
  #period = 0
  /** The oldest first. Empty when the contents of the sandbox need more memory than is allowed. */
  readonly #segments: Segment[] = []
  /** Without the last segment. */
  #olderBytes = 0
  /** The points at which requests had ended, in order, by period and sequence number. */
  readonly #requests = new Map<number, Point>()
  /** The oldest point within the limit of requests; undefined if that is the oldest of all. */
  #oldest: Point | undefined

  constructor(limits: HistoryLimits) {
    this.limits = limits
  }

  /**
   * Records what happens in the sandbox from now on. `opened`: the image that its store was opened from, and what was recorded
   * since; left out, a new image is made.
   */
  begin(sandbox: Sandbox, opened?: { image: Buffer; log: WriteLog }): void {
    this.#sandbox = sandbox
    this.#period += 1
    sandbox.history = this
    this.#unsubscribe()
    this.#unsubscribe = sandbox.journal.subscribe({
      isOwn: true,
      // A download changes the sandbox when it ends.
      ended: ({ sequence, transfer }) => transfer ?? this.#noteRequest(sequence),
      sent: ({ sequence }) => this.#noteRequest(sequence),
      closed() {},
    })
    if (opened) this.#add(new Segment(this.#period, opened.image, opened.log))
    this.note()
  }

  /** Adds a point if anything has changed since the last one. Call it, like the other methods, outside of transactions. */
  note(): void {
    const segment = this.#currentSegment()
    if (segment && segment.points.at(-1)?.position !== segment.log.length) this.#addPoint(segment)
  }

  /** Adds a point in any case, so that the latest period lasts at least until now. */
  noteNow(): void {
    const segment = this.#currentSegment()
    if (segment) this.#addPoint(segment)
  }

  #noteRequest(sequence: number): void {
    const segment = this.#currentSegment()
    if (segment) this.#addRequest(this.#keyOf(sequence), this.#addPoint(segment))
  }

  #addPoint(segment: Segment): Point {
    const { clock, journal } = this.#sandbox as Sandbox
    const { length: position } = segment.log
    const point = { segment, position, at: clock.now(), rate: clock.setting.rate, latest: journal.latest }
    segment.points.push(point)
    return point
  }

  /** Whether a copy can go back to the moment at which the request with this number had ended. */
  has(sequence: number): boolean {
    return this.#requests.has(this.#keyOf(sequence))
  }

  /** The point at which the request had ended. */
  after(sequence: number): Point | undefined {
    return this.#requests.get(this.#keyOf(sequence))
  }

  /** The latest first. */
  periods(): Period[] {
    const points = this.#segments.flatMap(segment => segment.points)
    const within = this.#oldest ? points.slice(points.indexOf(this.#oldest)) : points
    const groups = Map.groupBy(within, ({ segment }) => segment.period)
    return [...groups.values()].reverse().flatMap(group => {
      const [first, last] = [group[0], group.at(-1)]
      return first && last ? [{ first, last, points: group }] : []
    })
  }

  /** The earliest instant (epoch ms of virtual time) to which it reaches back; undefined if it is empty. */
  get earliest(): number | undefined {
    const [first, ...later] = this.#segments.map(({ points }) => points[0]?.at ?? Number.POSITIVE_INFINITY)
    return first === undefined ? undefined : Math.min(this.#oldest?.at ?? first, ...later)
  }

  /** The number of requests over which it reaches back now. */
  get requests(): number {
    return this.#requests.size
  }

  get bytes(): number {
    return this.#olderBytes + (this.#segments.at(-1)?.bytes ?? 0)
  }

  recorded({ segment: { image, log }, position, at, rate, latest }: Point): Recorded {
    return { image, writes: log.first(position), at, rate, latest }
  }

  #keyOf(sequence: number): number {
    return this.#period * PERIOD_SIZE + sequence
  }

  #addRequest(key: number, point: Point): void {
    this.#requests.set(key, point)
    if (this.#requests.size <= this.limits.requests) return
    for (const [oldest] of this.#requests) {
      this.#requests.delete(oldest)
      break
    }
    for (const oldest of this.#requests.values()) {
      this.#oldest = oldest
      break
    }
    while (this.#segments[0] !== this.#oldest?.segment) this.#dropOldest()
  }

  /** The segment to which points are added; undefined if the sandbox is closed, or its contents need too much memory. */
  #currentSegment(): Segment | undefined {
    const store = this.#sandbox?.store
    if (!store?.open) return undefined
    const current = this.#segments.at(-1)
    const { bytes: maxBytes } = this.limits
    if (current?.period !== this.#period || !this.#canContinue(current)) {
      const fits = store.imageBytes <= maxBytes
      const log = fits ? new WriteLog() : undefined
      store.recordIn(log)
      if (log) this.#add(new Segment(this.#period, store.image(), log))
      else while (this.#segments.length > 0) this.#dropOldest()
    }
    while (this.#segments.length > 1 && this.bytes > maxBytes) this.#dropOldest()
    return this.#segments.at(-1)
  }

  /** A full segment is continued if another image would leave no room for it, because then nothing would be left of the history. */
  #canContinue({ bytes, image, isFull }: Segment): boolean {
    const { bytes: maxBytes } = this.limits
    return bytes <= maxBytes && (!isFull || bytes + image.length > maxBytes)
  }

  #add(segment: Segment): void {
    this.#olderBytes = this.bytes
    this.#segments.push(segment)
  }

  #dropOldest(): void {
    const dropped = this.#segments.shift()
    if (!dropped) return
    this.#olderBytes = this.#segments.length === 0 ? 0 : this.#olderBytes - dropped.bytes
    if (this.#oldest?.segment === dropped) this.#oldest = undefined
    for (const [key, { segment }] of this.#requests) {
      if (segment !== dropped) break
      this.#requests.delete(key)
    }
  }
}
