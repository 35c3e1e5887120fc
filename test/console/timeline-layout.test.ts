// The layout of the timeline: scale, ticks, rows of bars, and marks that combine what would overlap.
import t from 'tap'
import type { Job, Timeline } from '../../schemas/control.ts'
import { jobRows } from '../../src/console/views/timeline/layout/jobs.ts'
import { layoutOf } from '../../src/console/views/timeline/layout/lanes.ts'
import { eventMarks, requestMarks } from '../../src/console/views/timeline/layout/marks.ts'
import { grouped, packed } from '../../src/console/views/timeline/layout/pack.ts'
import {
  around,
  following,
  MAX_MS,
  msAt,
  panned,
  type Scale,
  xOf,
  zoomed,
} from '../../src/console/views/timeline/layout/scale.ts'
import { ticksOf } from '../../src/console/views/timeline/layout/ticks.ts'

const NOON = Date.parse('2026-06-10T12:00:00Z')
const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const iso = (ms: number) => new Date(ms).toISOString()
const MINUTES: Scale = { from: NOON, to: NOON + 10 * MINUTE, width: 1000 }

t.test('a scale converts instants to pixels and back', async t => {
  t.equal(xOf(MINUTES, NOON + 5 * MINUTE), 500)
  t.equal(msAt(MINUTES, 500), NOON + 5 * MINUTE)
  const closer = zoomed(MINUTES, 0.5, NOON + 2 * MINUTE)
  t.same(closer, { from: NOON + MINUTE, to: NOON + 6 * MINUTE })
  t.same(panned(MINUTES, HOUR), { from: NOON + HOUR, to: NOON + HOUR + 10 * MINUTE })
  const all = zoomed(MINUTES, 1e12, NOON)
  t.ok(all.from >= 0 && all.to <= MAX_MS, 'a window stays inside the range of the clock')
  t.ok(panned(MINUTES, -1e15).from >= 0)
  t.ok(panned(MINUTES, 1e15).to <= MAX_MS)
  t.ok(zoomed(MINUTES, 1e-12, NOON).to - zoomed(MINUTES, 1e-12, NOON).from >= 10)
  const fit = around(NOON, NOON + HOUR)
  t.ok(fit.from < NOON && fit.to > NOON + HOUR)
})

t.test('the window follows the clock only when now would leave it', async t => {
  const { from, to } = MINUTES
  t.same(following({ from, to }, NOON, NOON + MINUTE), { from, to })
  const shifted = following({ from, to }, NOON + 9 * MINUTE, NOON + 10 * MINUTE)
  t.equal(shifted.to - shifted.from, to - from, 'the length stays the same')
  t.ok(shifted.from < NOON + 10 * MINUTE && shifted.to > NOON + 10 * MINUTE)
  const jump = following({ from, to }, NOON + MINUTE, NOON + DAY)
  t.ok(jump.from < NOON + MINUTE && jump.to > NOON + DAY, 'after a long way both ends are shown')
  t.same(following({ from, to }, NOON - DAY, NOON + DAY), { from, to }, 'a window elsewhere stays there')
})

t.test('ticks are readable from milliseconds to millennia', async t => {
  const labels = (from: string, to: string) => ticksOf({ from: Date.parse(from), to: Date.parse(to) }, 8)
  t.match(labels('2026-06-10T12:00:00Z', '2026-06-10T12:00:00.050Z').ticks[1]?.label, '00:00.010')
  t.same(
    labels('2026-06-10T12:00:00Z', '2026-06-10T12:00:30Z').ticks.map(({ label }) => label),
    ['12:00:00', '12:00:05', '12:00:10', '12:00:15', '12:00:20', '12:00:25', '12:00:30'],
  )
  t.equal(labels('2026-06-10T12:00:00Z', '2026-06-10T12:00:30Z').context, 'Wed 10 Jun 2026')
  const night = labels('2026-06-10T18:00:00Z', '2026-06-11T06:00:00Z')
  t.match(
    night.ticks.find(({ isMajor }) => isMajor),
    { label: '11 Jun', at: Date.parse('2026-06-11T00:00:00Z') },
  )
  t.same(
    labels('2026-11-15T00:00:00Z', '2027-03-15T00:00:00Z').ticks.map(({ label }) => label),
    ['Dec', '2027', 'Feb', 'Mar'],
  )
  t.same(
    labels('2024-02-15T00:00:00Z', '2030-02-15T00:00:00Z').ticks.map(({ label }) => label),
    ['2025', '2026', '2027', '2028', '2029', '2030'],
  )
  for (let length = 10; length < MAX_MS; length *= 3) {
    const { ticks } = ticksOf({ from: NOON, to: NOON + length }, 10)
    t.ok(ticks.length >= 2 && ticks.length <= 13, `${ticks.length} ticks over ${length} ms`)
    t.notOk(
      ticks.some(({ label }, index) => label === ticks[index - 1]?.label),
      'neighbours have different labels',
    )
  }
})

t.test('bars are packed without overlap, and in as few rows as possible', async t => {
  const bars = [
    { start: 0, end: 100 },
    { start: 50, end: 80 },
    { start: 90, end: 120 },
    { start: 104, end: 200 },
  ]
  t.same(packed(bars, { maxRows: 5, gap: 3 }), [0, 1, 1, 0])
  t.same(packed(bars, { maxRows: 1, gap: 3 }), [0, undefined, undefined, 0])
  t.same(
    grouped(
      [0, 5, 9, 12, 30].map(start => ({ start, end: start })),
      10,
    ).map(({ length }) => length),
    [3, 1, 1],
    'a group is never longer than the distance',
  )
})

function job(id: string, phaseEnds: (number | null)[], submittedAt = NOON): Job {
  return {
    id,
    api: 'a9s',
    kind: 'backup',
    operation: 'createInstanceBackup',
    state: 'running',
    phase: 'phase 1',
    submittedAt: iso(submittedAt),
    dueAt: null,
    endedAt: null,
    reason: null,
    phases: phaseEnds.map((endAt, index) => ({
      name: `phase ${index + 1}`,
      endAt: endAt === null ? null : iso(endAt),
    })),
  }
}

t.test('jobs are bars with past, current and planned phases', async t => {
  const { bars, rows } = jobRows(
    [job('1', [NOON + MINUTE, NOON + 5 * MINUTE, NOON + 6 * MINUTE])],
    MINUTES,
    NOON + 2 * MINUTE,
  )
  t.equal(rows, 1)
  t.match(bars, [
    {
      type: 'job',
      key: 'job:a9s:1',
      x: 0,
      width: 600,
      isOpen: false,
      phases: [
        { x: 0, width: 100, doneWidth: 100 },
        { x: 100, width: 400, doneWidth: 100 },
        { x: 500, width: 100, doneWidth: 0 },
      ],
    },
  ])
  const [stuck] = jobRows([job('2', [NOON + MINUTE, null, null])], MINUTES, NOON + 2 * MINUTE).bars
  t.match(stuck, { width: 200, isOpen: true, phases: [{ width: 100 }, { width: 100, doneWidth: 100 }] })
})

t.test('a thousand jobs become a limited number of bars, at every zoom, and none is lost', async t => {
  const jobs = Array.from({ length: 1000 }, (_, index) =>
    job(`${index}`, [NOON + index * SECOND + MINUTE], NOON + index * SECOND),
  )
  for (const minutes of [0.1, 1, 10, 100, 10_000, 10_000_000]) {
    const { bars, rows } = jobRows(jobs, { from: NOON, to: NOON + minutes * MINUTE, width: 1000 }, NOON)
    t.ok(bars.length <= 200, `${bars.length} bars over ${minutes} minutes`)
    t.ok(rows <= 8)
    const shown = bars.reduce((sum, bar) => sum + (bar.type === 'job' ? 1 : bar.jobs.length), 0)
    t.equal(shown, Math.min(Math.ceil(minutes * 60), 1000), 'none that is in the window is lost')
  }
})

function request(at: number, fault: string | null = null): Timeline['requests'][number] {
  return {
    api: 'a9s',
    fault,
    from: iso(at),
    to: iso(at),
    count: 1,
    failed: fault === null ? 0 : 1,
    forced: 0,
    first: `${at}`,
    last: `${at}`,
    method: 'GET',
    operation: 'getJob',
    status: 200,
  }
}

t.test('requests that would overlap are one mark, and those with a fault are marks of their own', async t => {
  const marks = requestMarks(
    [request(NOON), request(NOON + SECOND), request(NOON + SECOND, 'hang'), request(NOON + MINUTE)],
    MINUTES,
  )
  t.match(marks, [
    { count: 2, failed: 0, fault: undefined },
    { count: 1, fault: undefined, x: 100 },
    { count: 1, failed: 1, fault: 'hang' },
  ])
  t.same(requestMarks([request(NOON - HOUR)], MINUTES), [])
  const many = Array.from({ length: 10_000 }, (_, index) => request(NOON + index * 60))
  const combined = requestMarks(many, MINUTES)
  t.ok(combined.length <= 100, `${combined.length} marks`)
  t.equal(
    combined.reduce((sum, { count }) => sum + count, 0),
    10_000,
  )
})

t.test('recurring events are past or due', async t => {
  const event = (at: number) => ({ at, api: 'a9s', kind: 'nightly', id: 'nightly' })
  const marks = eventMarks([event(NOON), event(NOON + SECOND), event(NOON + HOUR)], MINUTES, NOON)
  t.match(marks, [
    { isPast: true, events: [{ at: NOON }] },
    { isPast: false, events: [{ at: NOON + SECOND }] },
  ])
  t.equal(marks.length, 2, 'what is outside of the window is left out')
})

t.test('there is a lane for each API, and one for requests to none', async t => {
  const timeline: Timeline = {
    clock: { mode: 'frozen', now: iso(NOON), factor: 0, nextEventAt: null },
    first: iso(NOON),
    last: iso(NOON),
    from: iso(NOON),
    to: iso(NOON + 10 * MINUTE),
    jobs: [job('1', [NOON + MINUTE])],
    happened: [
      { at: iso(NOON), api: 'dscloud', kind: 'retention', id: 'r', state: 'ran' },
      { at: iso(NOON), api: 'a9s', kind: 'backup', id: '1', phase: 'phase 1', state: 'completed' },
    ],
    upcoming: [{ at: iso(NOON + MINUTE), api: 'dscloud', kind: 'retention', id: 'r' }],
    upcomingUntil: iso(NOON + 10 * MINUTE),
    requests: [request(NOON), { ...request(NOON), api: null }],
    plans: [
      {
        id: 'p',
        name: 'outage',
        stages: [
          { from: iso(NOON - HOUR), until: iso(NOON + MINUTE), faults: [] },
          { from: iso(NOON + MINUTE), until: null, faults: ['hang'] },
        ],
      },
    ],
    omitted: { jobs: 0, happened: 0, requests: 0 },
  }
  const { lanes, plans } = layoutOf(timeline, ['a9s', 'dscloud'], MINUTES, NOON)
  t.same(
    lanes.map(({ api }) => api),
    ['a9s', 'dscloud', undefined],
  )
  t.match(lanes[0], { requests: [{ count: 1 }], jobs: { rows: 1 }, events: [] })
  t.match(lanes[1], { requests: [], jobs: { rows: 0 }, events: [{ isPast: true }, { isPast: false }] })
  t.match(plans, [
    {
      name: 'outage',
      bands: [
        { stage: 1, x: 0, width: 100 },
        { stage: 2, x: 100, width: 900, faults: ['hang'] },
      ],
    },
  ])
})
