// What the items of the chart are, in words: for screen readers and tooltips. Parts are separated by semicolons.
import type { Job } from '../../../../../schemas/control.ts'
import { kindText } from '../../../components/words.ts'
import { countText, dateTimeText } from '../../../state/text.ts'
import type { JobGroup } from '../layout/jobs.ts'
import type { EventMark, RequestMark } from '../layout/marks.ts'
import type { StageBand } from '../layout/plans.ts'

export function jobText({ api, id, kind, state, phase, submittedAt, endedAt, phases }: Job): string {
  const lastEnd = endedAt ?? phases.at(-1)?.endAt ?? null
  const end = lastEnd === null ? 'end not known' : `${endedAt === null ? 'ends' : 'ended'} ${dateTimeText(lastEnd)}`
  const progress = state === 'running' ? `${state}, phase ${phase}` : state
  return [`${kindText(kind)} of ${api}`, id, progress, `submitted ${dateTimeText(submittedAt)}`, end].join('; ')
}

export function groupText({ jobs }: JobGroup): string {
  const states = Map.groupBy(jobs, ({ state }) => state)
  return [`${jobs.length} jobs`, ...[...states].map(([state, { length }]) => `${length} ${state}`), 'zoom in'].join(
    '; ',
  )
}

export function requestText({ groups, count, failed, forced, fault }: RequestMark): string {
  const [first] = groups
  const last = groups.at(-1)
  if (!first || !last) return ''
  const single = [first.method, first.operation ?? 'no operation', first.status ?? 'no response'].join(' ')
  const span =
    first.from === last.to ? dateTimeText(first.from) : `${dateTimeText(first.from)} to ${dateTimeText(last.to)}`
  return [
    count === 1 ? single : countText(count, 'request'),
    ...(fault === undefined ? [] : [`fault ${fault}`]),
    ...(failed > 0 && count > 1 ? [`${failed} failed`] : []),
    ...(forced > 0 ? [`${forced} forced`] : []),
    span,
  ].join('; ')
}

export function eventText({ events, isPast }: EventMark): string {
  const [first] = events
  if (!first) return ''
  const { kind, id, at } = first
  const what = events.length === 1 ? kindText(kind, id) : `${events.length} recurring events`
  return [what, `${isPast ? 'ran' : 'due'} ${dateTimeText(at)}`].join('; ')
}

export function bandText({ plan, stage, faults }: StageBand): string {
  return [`Plan ${plan.name}, stage ${stage}`, faults.length > 0 ? `faults: ${faults.join(', ')}` : 'no faults'].join(
    '; ',
  )
}
