// A run of a drill: what a person gives to the client, the calls as they arrive, and the verdict.
import { useSignal } from '@preact/signals'
import type { Drill, DrillVerdict } from '../../../../schemas/drills.ts'
import { Badge, Status } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Code } from '../../components/code.tsx'
import { Confirm } from '../../components/confirm.tsx'
import { Link } from '../../components/link.tsx'
import { noteChange } from '../../state/events.ts'
import { requests } from '../../state/journal.ts'
import type { RequestRow } from '../../state/request-row.ts'
import { call } from '../../state/server.ts'
import { countText, durationText, timeText } from '../../state/text.ts'
import { hrefOfView, inAddressedSandbox, param, setParams } from '../../state/url.ts'
import { useLoaded } from './loaded.ts'
import { ReportForm } from './report-form.tsx'
import { JudgedRequirement, VerdictBadge } from './requirement.tsx'
import { NO_RUN } from './runs.ts'

export function Run({ drill, sandbox }: { drill: Drill; sandbox: string }) {
  const report = { sha256: param('sha256'), outcome: param('outcome'), answer: param('answer') }
  const { value: verdict, error } = useLoaded<DrillVerdict>(`/drills/${encodeURIComponent(drill.id)}/verdict`, {
    sandbox,
    ...report,
  })
  const url = inAddressedSandbox('')
  return (
    <>
      <section aria-label="Task">
        <h3>1. Give this to your client</h3>
        <p>{drill.task}</p>
        <Code label="URL" text={url} isWrapped />
        <Code label="Credentials" text={JSON.stringify(drill.credentials, null, 2)} />
        <Code label="Inputs" text={JSON.stringify(drill.inputs, null, 2)} />
        <p class="muted">Instead of waiting, the client or its test can move the clock of the run:</p>
        <Code
          label="Command for the clock"
          isWrapped
          text={`curl -H 'Content-Type: application/json' -d '{"by":"5s"}' '${url}/__admin/clock/advance'`}
        />
      </section>
      <Calls verdict={verdict} />
      <section aria-label="Report of the client">
        <h3>3. Say what the client reported</h3>
        <ReportForm drill={drill} report={report} error={error} />
      </section>
      <section aria-label="Verdict">
        <h3>4. Verdict</h3>
        {verdict && <Judgement verdict={verdict} />}
      </section>
      <DeleteRun sandbox={sandbox} />
    </>
  )
}

/** The page keeps the latest; older ones are in the view of requests. */
const MAX_SHOWN = 100

function Calls({ verdict }: { verdict: DrillVerdict | undefined }) {
  const calls = (requests.value ?? []).filter(({ api }) => api !== undefined)
  const shown = calls.slice(-MAX_SHOWN)
  const evidence = new Set(verdict?.requirements.flatMap(requirement => requirement.evidence))
  return (
    <section aria-label="Calls">
      <h3>2. Watch its calls arrive</h3>
      <p role="status" class="muted">
        {calls.length === 0 ? 'Waiting for the first call…' : countText(calls.length, 'call')}
        {calls.length > shown.length && `, of which the last ${shown.length} are shown`}
      </p>
      {shown.length > 0 && (
        <ol class="calls">
          {shown.map((row, index) => (
            <li key={row.id} class={evidence.has(row.id) ? 'is-evidence' : ''}>
              <CallLine row={row} before={shown[index - 1]} />
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}

function CallLine({ row, before }: { row: RequestRow; before: RequestRow | undefined }) {
  return (
    <Link href={hrefOfView('requests', { entry: row.id })}>
      <span class="muted">{timeText(row.virtualMs)}</span>
      <span class="muted">{before && `+${durationText(row.virtualMs - before.virtualMs)}`}</span>
      <Status status={row.status} />
      <span class="call-name">
        {row.method} {row.operation ?? row.path}
      </span>
      {row.fault && <Badge tone="fault">{row.fault}</Badge>}
    </Link>
  )
}

function Judgement({ verdict: { verdict, lifecycle, requirements, reasons } }: { verdict: DrillVerdict }) {
  const passed = requirements.filter(each => each.verdict === 'passed').length
  return (
    <>
      <p class={`verdict ${verdict}`} role="status">
        <VerdictBadge verdict={verdict} />
        <span>
          {lifecycle === 'waiting'
            ? 'The client has not called yet.'
            : `${passed} of ${countText(requirements.length, 'requirement')} passed${lifecycle === 'running' ? ' so far' : ''}.`}
        </span>
      </p>
      {requirements.length === 0 && reasons.map(reason => <p key={reason}>{reason}</p>)}
      <ul class="requirements">
        {requirements.map(requirement => (
          <JudgedRequirement key={requirement.id} requirement={requirement} />
        ))}
      </ul>
    </>
  )
}

function DeleteRun({ sandbox }: { sandbox: string }) {
  const isAsking = useSignal(false)
  const remove = async () => {
    await call(`/sandboxes/${encodeURIComponent(sandbox)}`, { method: 'DELETE' })
    setParams({ ...NO_RUN, sandbox: undefined })
    noteChange()
  }
  return (
    <footer>
      <Button
        icon="trash"
        look="danger"
        onClick={() => {
          isAsking.value = true
        }}
      >
        Delete the run
      </Button>
      {isAsking.value && (
        <Confirm
          title="Delete the run?"
          text={`The sandbox ${sandbox} with its requests and its verdict is deleted.`}
          action="Delete"
          done="The run is deleted"
          run={remove}
          onClose={() => {
            isAsking.value = false
          }}
        />
      )}
    </footer>
  )
}
