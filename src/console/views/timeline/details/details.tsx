// What is selected on the timeline: a job, requests, a recurring event, or a stage of a plan of faults.
import type { ComponentChildren } from 'preact'
import type { Timeline } from '../../../../../schemas/control.ts'
import { Button, IconButton } from '../../../components/button.tsx'
import { Link } from '../../../components/link.tsx'
import { kindText } from '../../../components/words.ts'
import { dateTimeText, durationText } from '../../../state/text.ts'
import { hrefOfView } from '../../../state/url.ts'
import { advanceTo, isMoving } from '../moves.ts'
import { now } from '../now.ts'
import { select, selectedKey } from '../selection.ts'
import { JobDetails } from './job.tsx'
import { RequestDetails } from './requests.tsx'

export function Details({ timeline }: { timeline: Timeline }) {
  const key = selectedKey() ?? ''
  const [type, ...rest] = key.split(':')
  if (type === 'job') return <JobDetails key={key} api={rest[0] ?? ''} id={rest.slice(1).join(':')} />
  if (type === 'requests') return <RequestDetails key={key} parts={rest} />
  if (type === 'event') return <EventDetails parts={rest} />
  if (type === 'plan') return <PlanDetails timeline={timeline} id={rest[0] ?? ''} stage={Number(rest[1])} />
  return <Panel title="Nothing selected">This is not on the timeline.</Panel>
}

export function Panel({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <div class="selected-item">
      <header>
        <h2>{title}</h2>
        <IconButton icon="close" label="Close the details" onClick={() => select(undefined)} />
      </header>
      {children}
    </div>
  )
}

/** Names and values, one below the other. */
export function Facts({ facts }: { facts: readonly (readonly [name: string, value: ComponentChildren])[] }) {
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** `parts`: API, kind, id and instant; ids may contain colons. */
function EventDetails({ parts }: { parts: readonly string[] }) {
  const [api = '', kind = ''] = parts
  const at = Number(parts.at(-1))
  const id = parts.slice(2, -1).join(':')
  const present = now.value ?? at
  return (
    <Panel title={kindText(kind, id)}>
      <Facts
        facts={[
          ['API', api],
          ['Kind', 'recurring event'],
          [at > present ? 'Due' : 'Ran', `${dateTimeText(at)} UTC`],
          ...(at > present ? [['In', durationText(at - present)] as const] : []),
        ]}
      />
      {at > present && (
        <div class="actions">
          <Button look="primary" aria-disabled={isMoving.value} onClick={() => advanceTo(at)}>
            Advance to it
          </Button>
        </div>
      )}
    </Panel>
  )
}

function PlanDetails({ timeline, id, stage }: { timeline: Timeline; id: string; stage: number }) {
  const plan = timeline.plans.find(each => each.id === id)
  if (!plan) return <Panel title="Plan">The plan is not armed any more.</Panel>
  const present = now.value ?? 0
  return (
    <Panel title={`Plan ${plan.name}`}>
      <ol class="stages">
        {plan.stages.map(({ from, until, faults }, index) => {
          const isCurrent = Date.parse(from) <= present && (until === null || present < Date.parse(until))
          return (
            <li key={from} class={index + 1 === stage ? 'chosen' : ''} aria-current={isCurrent ? 'step' : undefined}>
              <strong>{faults.length === 0 ? 'No faults' : faults.join(', ')}</strong>
              <small>
                from {dateTimeText(from)} {isCurrent && '· now'}
              </small>
            </li>
          )
        })}
      </ol>
      <Link href={hrefOfView('faults')}>Show the faults</Link>
    </Panel>
  )
}
