// The faults of the sandbox: what is armed, and what can be armed.
import type { FaultCatalogue } from '../../../../schemas/control.ts'
import { Badge } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Tabs } from '../../components/tabs.tsx'
import { sandboxResource } from '../../state/resource.ts'
import { faultPlans, faults } from '../../state/sandbox.ts'
import { param, setParams } from '../../state/url.ts'
import { Armed } from './armed.tsx'
import { Catalogue } from './catalogue.tsx'
import { Plans } from './plans.tsx'
import { Profiles } from './profiles.tsx'

const catalogueResource = sandboxResource<FaultCatalogue>('/faults/catalogue')

export function FaultsView() {
  const catalogue = catalogueResource.value.value
  const armed = faults.value.value
  const plans = faultPlans.value.value
  const error = catalogueResource.error.value ?? faults.error.value ?? faultPlans.error.value
  if (!catalogue || !armed || !plans) {
    return <p class="loading">{error ? error.message : 'Reading the faults…'}</p>
  }
  const operation = param('operation')
  const isChoosing = param('fault') !== undefined || operation !== undefined
  const count = armed.length
  return (
    <div class="faults-view">
      {operation && (
        <p class="faults-operation">
          <span>
            Choose a fault for <code>{operation}</code>
          </span>
          <Button look="quiet" onClick={() => setParams({ operation: undefined })}>
            Any operation
          </Button>
        </p>
      )}
      <Tabs
        label="Faults"
        selected={param('tab') ?? (isChoosing ? 'catalogue' : undefined)}
        onSelect={tab => setParams({ tab })}
        tabs={[
          {
            id: 'armed',
            title: `Armed (${count})`,
            content: () => <Armed faults={armed} plans={plans} />,
          },
          { id: 'catalogue', title: 'Catalogue', content: () => <Catalogue catalogue={catalogue} /> },
          { id: 'profiles', title: 'Profiles', content: () => <Profiles profiles={catalogue.profiles} /> },
          { id: 'plans', title: 'Plans', content: () => <Plans plans={catalogue.plans} /> },
        ]}
      />
    </div>
  )
}

/** A fault as a mark. */
export function FaultBadge({ text }: { text: string }) {
  return <Badge tone="fault">{text}</Badge>
}
