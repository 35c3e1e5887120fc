// The requests of a mark on the timeline, each with a link to the view of requests.
import { useSignal, useSignalEffect } from '@preact/signals'
import type { Timeline } from '../../../../../schemas/control.ts'
import { Badge, Status } from '../../../components/badge.tsx'
import { Button } from '../../../components/button.tsx'
import { Link } from '../../../components/link.tsx'
import { changes } from '../../../state/events.ts'
import { call, inSandbox } from '../../../state/server.ts'
import { countText, dateTimeText, timeText } from '../../../state/text.ts'
import { hrefOfView } from '../../../state/url.ts'
import type { RequestGroup } from '../layout/marks.ts'
import { around } from '../layout/scale.ts'
import { showWindow } from '../window.ts'
import { Panel } from './details.tsx'

const MAX_SHOWN = 200

/** `parts`: API, kind of the fault, first and last instant. */
export function RequestDetails({ parts: [api = '', fault = '', from = '', to = ''] }: { parts: readonly string[] }) {
  const requests = useSignal<readonly RequestGroup[] | undefined>(undefined)
  const problem = useSignal<string | undefined>(undefined)
  const span = { from: Number(from), to: Number(to) }
  useSignalEffect(() => {
    changes.value
    readRequests(span)
      .then(found => {
        requests.value = found.filter(group => (group.api ?? '') === api && (group.fault ?? '') === fault)
      })
      .catch((error: Error) => {
        problem.value = error.message
      })
  })
  const shown = requests.value
  const title = shown === undefined ? 'Requests' : countText(shown.length, 'request')
  return (
    <Panel title={title}>
      {problem.value !== undefined && <p class="error">{problem.value}</p>}
      {fault !== '' && (
        <p>
          <Badge tone="fault">{fault}</Badge> <Link href={hrefOfView('faults')}>Show the armed faults</Link>
        </p>
      )}
      <p class="muted">
        {dateTimeText(span.from)}
        {span.to > span.from && ` to ${timeText(span.to)}`} UTC
      </p>
      <ol class="request-list">
        {shown?.slice(-MAX_SHOWN).map(({ first, method, operation, status, from: at }) => (
          <li key={first}>
            <Link href={hrefOfView('requests', { entry: first })}>
              <span class="when">{timeText(Date.parse(at)).slice(0, 8)}</span>
              <span class="what">
                {method} {operation ?? '(no operation)'}
              </span>
              <Status status={status ?? undefined} />
            </Link>
          </li>
        ))}
      </ol>
      {(shown?.length ?? 0) > MAX_SHOWN && <p class="muted">The latest {MAX_SHOWN} are listed.</p>}
      {span.to > span.from && (
        <div class="actions">
          <Button onClick={() => showWindow(around(span.from, span.to))}>Zoom to them</Button>
        </div>
      )}
    </Panel>
  )
}

async function readRequests({ from, to }: { from: number; to: number }): Promise<RequestGroup[]> {
  if (!(from <= to)) return []
  const query = { from: new Date(from).toISOString(), to: new Date(to).toISOString(), limit: 5000 }
  const { requests } = await call<Timeline>(inSandbox('/timeline'), { query })
  return requests
}
