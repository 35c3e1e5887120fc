// The drills: one is chosen and run, and the certifications of clients.
import type { DrillSummary } from '../../../../schemas/drills.ts'
import { Badge } from '../../components/badge.tsx'
import { Choice, Split } from '../../components/split.tsx'
import { Tabs } from '../../components/tabs.tsx'
import { serverResource } from '../../state/resource.ts'
import { sandboxes } from '../../state/sandbox.ts'
import { hrefWith, param, setParams } from '../../state/url.ts'
import { Certifications } from './certifications.tsx'
import { DrillDetails } from './drill.tsx'
import { matchesFilter, NO_RUN, runsOf } from './runs.ts'

const drillList = serverResource<DrillSummary[]>('/drills')

export function DrillsView() {
  const drills = drillList.value.value
  if (!drills) return <p class="loading">{drillList.error.value?.message ?? 'Reading the drills…'}</p>
  return (
    <div class="drills-view">
      <Tabs
        label="Drills"
        selected={param('tab')}
        onSelect={tab => setParams({ tab })}
        tabs={[
          { id: 'drills', title: `Drills (${drills.length})`, content: () => <Drills drills={drills} /> },
          { id: 'certifications', title: 'Certifications', content: () => <Certifications /> },
        ]}
      />
    </div>
  )
}

function Drills({ drills }: { drills: readonly DrillSummary[] }) {
  const filter = param('filter') ?? ''
  const api = param('api')
  const selected = drills.find(({ id }) => id === param('drill'))
  const found = drills.filter(drill => (api === undefined || drill.api === api) && matchesFilter(drill, filter))
  return (
    <Split
      label="List of drills"
      backHref={hrefWith({ drill: undefined })}
      placeholder="A drill is a test of a client: choose one, point your client at its URL, and watch whether it does what a correct client does."
      list={
        <>
          <div class="split-filter">
            <input
              type="search"
              aria-label="Filter by title or client mistake"
              placeholder="Title or client mistake"
              value={filter}
              onInput={({ currentTarget }) => setParams({ filter: currentTarget.value }, { replace: true })}
            />
            <select
              aria-label="API"
              value={api ?? ''}
              onChange={({ currentTarget }) => setParams({ api: currentTarget.value })}
            >
              <option value="">All APIs</option>
              {[...new Set(drills.map(drill => drill.api))].map(name => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </div>
          <ul>
            {found.map(({ id, title, teaches }) => {
              const runs = runsOf(id, sandboxes.value.value ?? [])
              return (
                <Choice
                  key={id}
                  href={hrefWith({ drill: id, ...(id === selected?.id ? {} : NO_RUN) })}
                  isSelected={id === selected?.id}
                  text={teaches}
                  title={
                    <>
                      {title}
                      {runs.length > 0 && <Badge tone="info">run {runs[0]}</Badge>}
                    </>
                  }
                />
              )
            })}
          </ul>
          {found.length === 0 && <p class="loading">No drill matches the filter.</p>}
        </>
      }
      details={selected && <DrillDetails key={selected.id} id={selected.id} />}
    />
  )
}
