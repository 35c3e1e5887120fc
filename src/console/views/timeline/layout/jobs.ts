// Lays the jobs of one API out as bars with their phases.
import type { Job } from '../../../../../schemas/control.ts'
import { type Extent, grouped, packed } from './pack.ts'
import { type Scale, xOf } from './scale.ts'

export interface PhaseBar {
  name: string
  x: number
  width: number
  /** The part of the width that is over. */
  doneWidth: number
}

export interface JobBar {
  type: 'job'
  key: string
  job: Job
  row: number
  x: number
  width: number
  phases: PhaseBar[]
  /** The end is not known: the job is stuck, or progresses by polls or by hand. */
  isOpen: boolean
  /** How many pixels its label may take, from the start of the bar. */
  labelWidth: number
}

/** Jobs that are too many or too short to be shown by themselves. */
export interface JobGroup {
  type: 'jobs'
  key: string
  jobs: Job[]
  row: number
  x: number
  width: number
}

export interface JobRows {
  bars: (JobBar | JobGroup)[]
  rows: number
}

/** A bar is at least this wide. */
const MIN_WIDTH = 8
/** Bars that are narrower and closer than this are combined. */
const GROUP_WIDTH = 30
const GAP = 3
const MAX_ROWS = 7
/** If there are fewer bars, they are packed so that their labels can be read. */
const MAX_LABELLED = 40
const LABEL_WIDTH = 150

/** A number of jobs takes this many pixels. */
const NUMBER_WIDTH = { margin: 8, digit: 8 }

interface Placed extends Extent {
  job: Job
}

/** `now` in ms since 1970. */
export function jobRows(jobs: readonly Job[], scale: Scale, now: number): JobRows {
  const placed = jobs
    .map(job => ({ job, ...extentOf(job, scale, now) }))
    .filter(({ start, end }) => end > 0 && start < scale.width)
    .sort((a, b) => a.start - b.start)
  const short = grouped(
    placed.filter(({ start, end }) => end - start <= MIN_WIDTH),
    GROUP_WIDTH,
  )
  const combined = short.filter(group => group.length > 1)
  const single = [
    ...placed.filter(({ start, end }) => end - start > MIN_WIDTH),
    ...short.filter(({ length }) => length === 1).flat(),
  ]
  const items = [...single.map(item => [item]), ...combined].sort((a, b) => startOf(a) - startOf(b))
  const isLabelled = items.length <= MAX_LABELLED
  const extents = items.map(item => {
    const [start, end] = [startOf(item), endOf(item)]
    return { start, end: isLabelled ? Math.max(end, start + LABEL_WIDTH) : end }
  })
  const rows = packed(extents, { maxRows: MAX_ROWS, gap: GAP })
  const shown = items.flatMap((item, index) => {
    const row = rows[index]
    return row === undefined ? [] : [barOf(item, row, { scale, now, isLabelled })]
  })
  const left = items.filter((_, index) => rows[index] === undefined).flat()
  const usedRows = Math.max(0, ...shown.map(({ row }) => row + 1))
  const groups = grouped(left, Math.max(scale.width / 6, GROUP_WIDTH)).map(group => barOfGroup(group, usedRows, scale))
  const overflow = groups.map((group, index) => {
    const room = (groups[index + 1]?.x ?? Number.POSITIVE_INFINITY) - group.x - GAP
    return { ...group, width: Math.min(group.width, room) }
  })
  return { bars: [...shown, ...overflow], rows: usedRows + (overflow.length > 0 ? 1 : 0) }
}

export function keyOfJob({ api, id }: Pick<Job, 'api' | 'id'>): string {
  return `job:${api}:${id}`
}

const startOf = (items: readonly Placed[]) => items[0]?.start ?? 0
const endOf = (items: readonly Placed[]) => Math.max(...items.map(({ end }) => end))

function lastEndOf({ phases }: Job): string | null {
  return phases.at(-1)?.endAt ?? null
}

/** In pixels, cut a little outside of the window. */
function extentOf(job: Job, scale: Scale, now: number): Extent {
  const ended = lastEndOf(job)
  const start = inSight(xOf(scale, Date.parse(job.submittedAt)), scale)
  const end = inSight(xOf(scale, ended === null ? now : Date.parse(ended)), scale)
  return { start, end: Math.max(end, start + MIN_WIDTH) }
}

/** Browsers place what is millions of pixels away imprecisely. */
function inSight(x: number, { width }: Scale): number {
  return Math.min(Math.max(x, -20), width + 20)
}

function barOf(
  items: readonly Placed[],
  row: number,
  how: { scale: Scale; now: number; isLabelled: boolean },
): JobBar | JobGroup {
  const [only] = items
  if (!only || items.length > 1) return barOfGroup(items, row, how.scale)
  const { job, start, end } = only
  return {
    type: 'job',
    key: keyOfJob(job),
    job,
    row,
    x: start,
    width: end - start,
    phases: phasesOf(job, how.scale, how.now),
    isOpen: lastEndOf(job) === null,
    labelWidth: how.isLabelled ? Math.max(end - start, LABEL_WIDTH) : end - start,
  }
}

function barOfGroup(items: readonly Placed[], row: number, { width }: Scale): JobGroup {
  const x = startOf(items)
  const jobs = items.map(({ job }) => job)
  const end = Math.min(endOf(items), width)
  return {
    type: 'jobs',
    key: `jobs:${keyOfJob(jobs[0] as Job)}`,
    jobs,
    row,
    x,
    width: Math.max(end - x, NUMBER_WIDTH.margin + NUMBER_WIDTH.digit * String(jobs.length).length),
  }
}

function phasesOf({ phases, submittedAt }: Job, scale: Scale, now: number): PhaseBar[] {
  const starts = [submittedAt, ...phases.map(({ endAt }) => endAt)]
  return phases.flatMap(({ name, endAt }, index) => {
    const start = starts[index]
    // A phase before which the job is stuck has no start.
    if (start == null) return []
    const from = Date.parse(start)
    const to = endAt === null ? Math.max(now, from) : Date.parse(endAt)
    const [x, end, present] = [from, to, now].map(at => inSight(xOf(scale, at), scale)) as [number, number, number]
    return [{ name, x, width: end - x, doneWidth: Math.min(Math.max(present - x, 0), end - x) }]
  })
}
