// The catalogue of faults, and the form that arms one.
import type { FaultCatalogue } from '../../../../schemas/control.ts'
import { Choice, Split } from '../../components/split.tsx'
import { hrefWith, param, setParams } from '../../state/url.ts'
import { ArmForm } from './arm-form.tsx'
import { kindsOf, matchesFilter, SEQUENCE } from './rule.ts'

export function Catalogue({ catalogue }: { catalogue: FaultCatalogue }) {
  const kinds = kindsOf(catalogue)
  const filter = param('filter') ?? ''
  const selected = param('fault')
  const found = kinds.filter(kind => matchesFilter(kind, filter))
  const isKnown = selected === SEQUENCE || kinds.some(({ name }) => name === selected)
  return (
    <Split
      label="Catalogue of faults"
      backHref={hrefWith({ fault: undefined, tab: 'catalogue' })}
      placeholder="Choose a fault to see what it does, which mistake of a client it finds, and to arm it."
      list={
        <>
          <div class="split-filter">
            <input
              type="search"
              aria-label="Filter the faults"
              placeholder="Filter by name, effect or client mistake"
              value={filter}
              onInput={({ currentTarget }) =>
                setParams({ filter: currentTarget.value, tab: 'catalogue' }, { replace: true })
              }
            />
          </div>
          <ul>
            {found.map(({ name, forms }) => (
              <Choice
                key={name}
                href={hrefWith({ fault: name, tab: 'catalogue' })}
                isSelected={name === selected}
                title={name}
                text={forms[0].description}
              />
            ))}
            {filter === '' && (
              <Choice
                href={hrefWith({ fault: SEQUENCE, tab: 'catalogue' })}
                isSelected={selected === SEQUENCE}
                title={SEQUENCE}
                text="Several faults in order: one for each matching request."
              />
            )}
          </ul>
          {found.length === 0 && <p class="loading">No fault matches the filter.</p>}
        </>
      }
      details={
        selected && isKnown ? (
          <ArmForm key={`${selected} ${param('operation')}`} name={selected} kinds={kinds} catalogue={catalogue} />
        ) : undefined
      }
    />
  )
}
