// A requirement of a drill with its verdict, and the requests that prove it.
import type { DrillVerdict, Provenance as Source } from '../../../../schemas/drills.ts'
import { Badge, type Tone } from '../../components/badge.tsx'
import { Link } from '../../components/link.tsx'
import { requests } from '../../state/journal.ts'
import { hrefOfView } from '../../state/url.ts'

type Verdict = DrillVerdict['verdict']

const TONES: Record<Verdict, Tone> = {
  ...{ passed: 'good', failed: 'bad', warning: 'warning' },
  ...{ inconclusive: 'neutral', skipped: 'neutral', error: 'bad' },
}

export function VerdictBadge({ verdict }: { verdict: Verdict }) {
  return <Badge tone={TONES[verdict]}>{verdict}</Badge>
}

const KINDS: Record<Source['kind'], string> = {
  rfc: 'Standard',
  vendor: 'Document of the vendor',
  bug: 'Bug of a real client',
  inferred: 'Conclusion',
}

/** Where a requirement comes from. */
export function Provenance({ provenance: { kind, source, url } }: { provenance: Source }) {
  return (
    <p class="provenance">
      {KINDS[kind]}:{' '}
      {url === undefined ? (
        source
      ) : (
        <a href={url} target="_blank" rel="noreferrer">
          {source}
        </a>
      )}
    </p>
  )
}

export function JudgedRequirement({ requirement }: { requirement: DrillVerdict['requirements'][number] }) {
  const { text, kind, verdict, expected, observed, evidence, provenance } = requirement
  return (
    <li class={verdict}>
      <p class="requirement-text">
        <VerdictBadge verdict={verdict} />
        <strong>{text}</strong>
        {kind !== 'required' && <Badge tone="neutral">{kind}</Badge>}
      </p>
      <p>
        Expected {expected}; {observed}.
      </p>
      {evidence.length > 0 && (
        <ul class="evidence" aria-label="Requests that show it">
          {evidence.map(id => (
            <li key={id}>
              <EvidenceLink id={id} />
            </li>
          ))}
        </ul>
      )}
      <Provenance provenance={provenance} />
    </li>
  )
}

/** A request of the shown sandbox. */
function EvidenceLink({ id }: { id: string }) {
  const rows = requests.value ?? []
  const index = rows.findIndex(row => row.id === id)
  const row = rows[index]
  return (
    <Link href={hrefOfView('requests', { entry: id })}>
      {row ? `Request ${index + 1}: ${row.method} ${row.operation ?? row.path}, ${row.status ?? 'no response'}` : id}
    </Link>
  )
}
