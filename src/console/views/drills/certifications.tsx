// The certifications: the runs of several drills by one client, with their verdicts and reports.
import type { Certification } from '../../../../schemas/control/certifications.ts'
import { Button, IconButton } from '../../components/button.tsx'
import { Code } from '../../components/code.tsx'
import { Empty } from '../../components/empty.tsx'
import { Link } from '../../components/link.tsx'
import { noteChange } from '../../state/events.ts'
import { serverResource } from '../../state/resource.ts'
import { call, saveAs } from '../../state/server.ts'
import { dateTimeText } from '../../state/text.ts'
import { withToast } from '../../state/toasts.ts'
import { hrefOfView, hrefWith, serverUrl } from '../../state/url.ts'
import { VerdictBadge } from './requirement.tsx'

const certifications = serverResource<Certification[]>('/certifications')

export function Certifications() {
  const list = certifications.value.value
  if (!list) return <p class="loading">{certifications.error.value?.message ?? 'Reading the certifications…'}</p>
  if (list.length === 0) {
    return (
      <Empty icon="drills" title="No certifications">
        <p>
          A certification runs your client against many drills. A program creates it, asks for its tasks, and hands in
          the results:
        </p>
        <Code
          label="Command"
          isWrapped
          text={`curl -H 'Content-Type: application/json' -d '{"drills":"retry-*"}' '${serverUrl}/__admin/certifications'`}
        />
        <p>To have a command run for each drill instead, use firedrill certify:</p>
        <Code label="Command with a client" isWrapped text="npx firedrill certify --drills 'retry-*' -- ./my-client" />
      </Empty>
    )
  }
  return (
    <ul class="certifications" aria-label="Certifications">
      {list.map(certification => (
        <OneCertification key={certification.id} certification={certification} />
      ))}
    </ul>
  )
}

function OneCertification({ certification }: { certification: Certification }) {
  const { id, client, verdict, lifecycle, startedAt, summary, runs } = certification
  const path = `/certifications/${encodeURIComponent(id)}`
  const counts = Object.entries(summary).filter(([, count]) => count > 0)
  const remove = () =>
    withToast(async () => {
      await call(path, { method: 'DELETE' })
      noteChange()
    }, 'The certification is deleted')
  return (
    <li>
      <header>
        <h2>
          {client.name} {client.version}
        </h2>
        <VerdictBadge verdict={verdict} />
        <span class="muted">
          {lifecycle}, started {dateTimeText(startedAt)}
        </span>
        <Button icon="download" onClick={() => withToast(() => saveAs(`${path}/report.html`, `${id}.html`))}>
          Report
        </Button>
        <IconButton icon="trash" label={`Delete the certification of ${client.name}`} onClick={remove} />
      </header>
      <p>{counts.map(([name, count]) => `${count} ${name}`).join(', ')}</p>
      <details>
        <summary>Runs</summary>
        <ul class="certification-runs">
          {runs.map(({ drill, title, verdict: judged, lifecycle: state, sandbox }) => (
            <li key={drill}>
              <VerdictBadge verdict={judged} />
              <Link href={hrefWith({ tab: 'drills', drill })}>{title}</Link>
              <span class="muted">{state}</span>
              {sandbox !== null && <Link href={hrefOfView('requests', { sandbox })}>Requests</Link>}
            </li>
          ))}
        </ul>
      </details>
    </li>
  )
}
