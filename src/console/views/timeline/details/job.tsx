// A job: its phases, and what a person can do with it.
import type { Job } from '../../../../../schemas/control.ts'
import { Badge } from '../../../components/badge.tsx'
import { Button } from '../../../components/button.tsx'
import { JobActions } from '../../../components/job-actions.tsx'
import { Link } from '../../../components/link.tsx'
import { jobStateTone, kindText } from '../../../components/words.ts'
import { jobs } from '../../../state/sandbox.ts'
import { dateTimeText, durationText } from '../../../state/text.ts'
import { hrefOfView } from '../../../state/url.ts'
import { advanceTo, isMoving } from '../moves.ts'
import { Facts, Panel } from './details.tsx'

export function JobDetails({ api, id }: { api: string; id: string }) {
  const { value } = jobs.value
  const job = value?.find(each => each.api === api && each.id === id)
  if (!job)
    return <Panel title="Job">{value === undefined ? 'Reading the job…' : 'There is no such job any more.'}</Panel>
  const { state, operation, submittedAt, dueAt, endedAt, reason, kind } = job
  return (
    <Panel title={kindText(kind)}>
      <p>
        <Badge tone={jobStateTone(state)}>{state}</Badge>
      </p>
      <Facts
        facts={[
          ['API', api],
          ['Id', <code>{id}</code>],
          ['Operation', <Link href={hrefOfView('requests', { filter: `operation:${operation}` })}>{operation}</Link>],
          ['Submitted', dateTimeText(submittedAt)],
          ...(endedAt === null ? [] : [['Ended', dateTimeText(endedAt)] as const]),
          ...(reason === null ? [] : [['Reason', reason] as const]),
        ]}
      />
      <Phases job={job} />
      {state === 'running' && (
        <>
          {dueAt !== null && (
            <div class="actions">
              <Button look="primary" aria-disabled={isMoving.value} onClick={() => advanceTo(Date.parse(dueAt))}>
                Advance to the end of this phase
              </Button>
            </div>
          )}
          <JobActions job={job} />
        </>
      )}
    </Panel>
  )
}

function Phases({ job: { phases, submittedAt, phase: current, state } }: { job: Job }) {
  const starts = [submittedAt, ...phases.map(({ endAt }) => endAt)]
  return (
    <ol class="stages">
      {phases.map(({ name, endAt }, index) => {
        const start = starts[index]
        const isCurrent = state === 'running' && name === current
        const length = start != null && endAt !== null ? durationText(Date.parse(endAt) - Date.parse(start)) : 'open'
        return (
          <li key={name} aria-current={isCurrent ? 'step' : undefined}>
            <strong>{name}</strong>
            <small>
              {length}
              {endAt !== null && `, until ${dateTimeText(endAt)}`}
            </small>
          </li>
        )
      })}
    </ol>
  )
}
