// The profiles: sets of faults and job rules that are armed together.
import type { ArmedProfile, FaultProfile } from '../../../../schemas/control.ts'
import { Badge } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { change } from '../../state/sandbox.ts'
import { withToast } from '../../state/toasts.ts'
import { setParams } from '../../state/url.ts'
import { kindText, limitsText, parametersText } from './rule.ts'

export function Profiles({ profiles }: { profiles: readonly FaultProfile[] }) {
  const arm = async (name: string) => {
    const path = `/faults/profiles/${encodeURIComponent(name)}`
    if (await withToast(() => change<ArmedProfile>(path, { method: 'POST' }), `Armed: ${name}`))
      setParams({ tab: 'armed' })
  }
  return (
    <ul class="cards" aria-label="Profiles">
      {profiles.map(({ name, description, faults, jobRules }) => (
        <li key={name} class="card">
          <header>
            <h2>{name}</h2>
            <Button onClick={() => arm(name)} aria-label={`Arm ${name}`}>
              Arm
            </Button>
          </header>
          <p>{description}</p>
          <ul class="rules">
            {faults.map(fault => (
              <li key={JSON.stringify(fault)}>
                <Badge tone="fault">{kindText(fault)}</Badge>{' '}
                <span class="muted">
                  {[fault.operation === '*' ? fault.api : fault.operation, parametersText(fault), limitsText(fault)]
                    .filter(Boolean)
                    .join(', ')}
                </span>
              </li>
            ))}
            {jobRules.map(rule => (
              <li key={JSON.stringify(rule)}>
                <Badge tone="info">job rule</Badge> <span class="muted">{JSON.stringify(rule)}</span>
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  )
}
