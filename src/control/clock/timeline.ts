// Implements the control operation that lists what happened in a sandbox and what is planned, over virtual time.
import type * as wire from '../../../schemas/control.ts'
import { isoInstant } from '../../sandbox/clock/clock.ts'
import { type FaultPlan, spansOf } from '../../sandbox/faults/plans.ts'
import type { FaultRule } from '../../sandbox/faults/tables.ts'
import { nextOf } from '../../sandbox/jobs/kinds.ts'
import { jobAt } from '../../sandbox/jobs/plan.ts'
import type { Job } from '../../sandbox/jobs/tables.ts'
import { MAX_INSTANT } from '../../sandbox/limits.ts'
import { Refusal } from '../../sandbox/refusal.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { instantOf } from '../instants.ts'
import { type Implementation, implement } from '../invoke.ts'
import { jobView } from '../jobs/jobs.ts'
import { clockView } from './clock.ts'
import * as rows from './operations.ts'
import { requestGroups } from './request-groups.ts'

export const timelineImplementations: readonly Implementation[] = [
  implement(rows.readTimeline, ({ sandbox }, { query }) => timeline(sandbox(), query)),
]

const DEFAULT_LIMIT = 1000

/** Epoch ms; both are part of the window. */
interface Window {
  from: number
  to: number
}

/** Throws Refusal. */
function timeline(sandbox: Sandbox, query: wire.TimelineQuery): wire.Timeline {
  const now = sandbox.settle()
  const { limit = DEFAULT_LIMIT, resolution } = query
  const jobs = sandbox.jobs.listAll()
  const entries = sandbox.journal.entries()
  const events = sandbox.jobs.log.list()
  const plans = sandbox.faults.plans.list()
  const known = [
    now,
    ...jobs.flatMap(({ submittedAt, phases }) => [submittedAt, phases.at(-1)?.endAt ?? now]),
    ...entries.slice(0, 1).map(({ virtualAt }) => virtualAt),
    ...plans.map(({ armedAt }) => armedAt),
  ]
  const first = known.reduce((earliest, at) => Math.min(earliest, at))
  const last = known.reduce((latest, at) => Math.max(latest, at))
  const window = windowOf(query, { first, last, now })
  const isIn = (at: number) => at >= window.from && at <= window.to

  const shownJobs = latest(
    jobs.filter(job => overlaps(job, window, now)),
    limit,
  )
  const happened = latest(
    events.filter(({ at }) => isIn(at)),
    limit,
  )
  const found = entries.filter(({ virtualAt }) => isIn(virtualAt))
  const requests = resolution === undefined ? latest(found, limit) : { listed: found, omitted: 0 }
  const { upcoming, until } = upcomingEvents(sandbox, window, limit)
  return {
    clock: clockView(sandbox),
    first: isoInstant(first),
    last: isoInstant(last),
    from: isoInstant(window.from),
    to: isoInstant(window.to),
    jobs: shownJobs.listed.map(job => jobView(sandbox, job, now)),
    happened: happened.listed.map(event => ({ ...event, at: isoInstant(event.at) })),
    upcoming,
    upcomingUntil: isoInstant(until),
    requests: requestGroups(requests.listed, window, resolution),
    plans: plans.map(plan => planView(plan, sandbox.faults.list())),
    omitted: { jobs: shownJobs.omitted, happened: happened.omitted, requests: requests.omitted },
  }
}

/** Throws Refusal. */
function windowOf(
  { from, to }: wire.TimelineQuery,
  { first, last, now }: { first: number; last: number; now: number },
): Window {
  const window = {
    from: from === undefined ? first : instantOf(from, now),
    to: to === undefined ? last : instantOf(to, now),
  }
  if (window.from <= window.to) return window
  throw new Refusal(
    'invalid',
    `the window ends before it starts: from ${isoInstant(window.from)} to ${isoInstant(window.to)}`,
  )
}

function overlaps(job: Job, { from, to }: Window, now: number): boolean {
  const endedAt = jobAt(job, now).endedAt ?? Number.POSITIVE_INFINITY
  return job.submittedAt <= to && endedAt >= from
}

function latest<Item>(items: readonly Item[], limit: number): { listed: readonly Item[]; omitted: number } {
  const omitted = Math.max(items.length - limit, 0)
  return { listed: items.slice(omitted), omitted }
}

/** `until`: they are complete until then, epoch ms. */
function upcomingEvents({ jobs }: Sandbox, { from, to }: Window, limit: number) {
  const waiting = jobs.schedules().flatMap(schedule => {
    const { api, kind, subject, dueAt } = schedule
    const rules = jobs.scheduleKind(api, kind)
    if (!rules) return []
    const nextAfter = (at: number) => nextOf(rules, subject as never, at) ?? Number.POSITIVE_INFINITY
    return [{ ...schedule, dueAt: dueAt < from ? nextAfter(from - 1) : dueAt, nextAfter }]
  })
  const upcoming: wire.Upcoming[] = []
  for (;;) {
    const dueAt = waiting.reduce((soonest, each) => Math.min(soonest, each.dueAt), Number.POSITIVE_INFINITY)
    const next = waiting.find(each => each.dueAt === dueAt)
    if (!next || dueAt > to) return { upcoming, until: to }
    if (upcoming.length >= limit) return { upcoming, until: Math.max(from, dueAt - 1) }
    upcoming.push({ at: isoInstant(dueAt), api: next.api, kind: next.kind, id: next.id })
    next.dueAt = next.nextAfter(dueAt)
  }
}

function planView(plan: FaultPlan, rules: readonly FaultRule[]): wire.TimelinePlan {
  const ofPlan = rules.filter(rule => rule.plan === plan.id)
  const kindsOf = ({ fault, sequence }: FaultRule) => (sequence ?? [fault]).flatMap(each => each?.fault ?? [])
  return {
    id: plan.id,
    name: plan.name,
    stages: spansOf(plan).map(({ from, until }, index) => ({
      from: isoInstant(from),
      until: until <= MAX_INSTANT ? isoInstant(until) : null,
      faults: ofPlan.filter(({ stage }) => stage === index + 1).flatMap(kindsOf),
    })),
  }
}
