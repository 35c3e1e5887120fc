// One drill: its task, how to run it, and the run that is shown.
import type { Drill, DrillRun } from '../../../../schemas/drills.ts'
import { Badge } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Code } from '../../components/code.tsx'
import { Link } from '../../components/link.tsx'
import { noteChange } from '../../state/events.ts'
import { sandboxes } from '../../state/sandbox.ts'
import { call } from '../../state/server.ts'
import { withToast } from '../../state/toasts.ts'
import { hrefWith, sandboxName, setParams } from '../../state/url.ts'
import { useLoaded } from './loaded.ts'
import { Provenance } from './requirement.tsx'
import { Run } from './run.tsx'
import { NO_RUN, runNumber, runsOf, sandboxOfRun } from './runs.ts'

export function DrillDetails({ id }: { id: string }) {
  const { value: drill, error } = useLoaded<Drill>(`/drills/${encodeURIComponent(id)}`)
  if (!drill) return <p class="loading">{error?.message ?? 'Reading the drill…'}</p>
  const number = runNumber(id, sandboxName.value)
  const start = () =>
    withToast(async () => {
      const { sandbox } = await call<DrillRun>(`/drills/${encodeURIComponent(id)}/start`, { method: 'POST' })
      noteChange()
      setParams({ ...NO_RUN, sandbox })
    })
  return (
    <article class="drill">
      <header>
        <h2>{drill.title}</h2>
        <Badge tone="neutral">{drill.api}</Badge>
        <Button look={number === undefined ? 'primary' : 'plain'} icon="play" onClick={start}>
          {number === undefined ? 'Start a run' : 'Start another run'}
        </Button>
      </header>
      <Runs id={id} shown={number} />
      {number === undefined ? <About drill={drill} /> : <Run key={number} drill={drill} sandbox={sandboxName.value} />}
    </article>
  )
}

/** Links to the runs whose sandboxes exist. */
function Runs({ id, shown }: { id: string; shown: number | undefined }) {
  const runs = runsOf(id, sandboxes.value.value ?? [])
  if (runs.length === 0) return null
  return (
    <nav class="runs" aria-label="Runs">
      {runs.map(number => (
        <Link
          key={number}
          href={hrefWith({ ...NO_RUN, sandbox: sandboxOfRun(id, number) })}
          aria-current={number === shown ? 'page' : undefined}
        >
          Run {number}
        </Link>
      ))}
      {shown !== undefined && <Link href={hrefWith({ ...NO_RUN, sandbox: undefined })}>About the drill</Link>}
    </nav>
  )
}

function About({ drill }: { drill: Drill }) {
  const { task, teaches, faults = [], jobRules = [], plan, requirements } = drill
  return (
    <>
      <dl class="drill-texts">
        <dt>Task of the client</dt>
        <dd>{task}</dd>
        <dt>The client mistake that it finds</dt>
        <dd>{teaches}</dd>
      </dl>
      <section>
        <h3>Requirements</h3>
        <ul class="requirements">
          {requirements.map(({ id, text, kind, provenance }) => (
            <li key={id}>
              <p>
                {text} {kind !== 'required' && <Badge tone="neutral">{kind}</Badge>}
              </p>
              <Provenance provenance={provenance} />
            </li>
          ))}
        </ul>
      </section>
      <details>
        <summary>What the sandbox of a run contains</summary>
        <Code
          label="Sandbox"
          text={JSON.stringify({ from: drill.from, clock: drill.clock, faults, jobRules, plan }, null, 2)}
        />
      </details>
    </>
  )
}
