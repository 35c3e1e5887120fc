// The armed faults and plans, with proof of what they did.
import { useSignal } from '@preact/signals'
import type { ArmedFaultPlan, Fault, ReleasedRequests } from '../../../../schemas/control.ts'
import { Badge } from '../../components/badge.tsx'
import { Button, IconButton } from '../../components/button.tsx'
import { Code } from '../../components/code.tsx'
import { Confirm } from '../../components/confirm.tsx'
import { Empty } from '../../components/empty.tsx'
import { Link } from '../../components/link.tsx'
import { change, jobRules } from '../../state/sandbox.ts'
import { countText } from '../../state/text.ts'
import { showToast, withToast } from '../../state/toasts.ts'
import { hrefOfView, inAddressedSandbox, setParams } from '../../state/url.ts'
import { ArmedPlan } from './armed-plan.tsx'
import { kindText, limitsText, matchText, parametersText } from './rule.ts'

export function Armed({ faults, plans }: { faults: readonly Fault[]; plans: readonly ArmedFaultPlan[] }) {
  const isClearing = useSignal(false)
  const ofProfiles = (jobRules.value.value ?? []).filter(({ profile }) => profile !== undefined)
  if (faults.length === 0 && plans.length === 0 && ofProfiles.length === 0) return <NothingArmed />
  // The faults of a plan are shown with it.
  const single = faults.filter(({ plan }) => plan === undefined)
  return (
    <div class="armed">
      <div class="actions">
        <p>
          {countText(faults.length, 'fault')}
          {ofProfiles.length > 0 && ` and ${countText(ofProfiles.length, 'job rule')} of profiles`}
        </p>
        <Button
          icon="trash"
          look="danger"
          onClick={() => {
            isClearing.value = true
          }}
        >
          Disarm all
        </Button>
      </div>
      {plans.map(plan => (
        <ArmedPlan key={plan.id} plan={plan} />
      ))}
      {single.length > 0 && (
        <ul class="cards" aria-label="Armed faults">
          {single.map(fault => (
            <ArmedFault key={fault.id} fault={fault} />
          ))}
        </ul>
      )}
      {isClearing.value && (
        <Confirm
          title="Disarm all faults?"
          text="Plans and the job rules of profiles are removed as well."
          action="Disarm all"
          done="All faults are disarmed"
          run={() => change('/faults', { method: 'DELETE' })}
          onClose={() => {
            isClearing.value = false
          }}
        />
      )}
    </div>
  )
}

function NothingArmed() {
  return (
    <Empty icon="faults" title="No fault is armed">
      <p>
        A fault makes the next requests go wrong in a way that you choose. Choose one here, or arm one with a command:
      </p>
      <Button look="primary" onClick={() => setParams({ tab: 'catalogue' })}>
        Open the catalogue
      </Button>
      <Code
        label="Command"
        isWrapped
        text={`curl -H 'Content-Type: application/json' -d '{"operation":"*","fault":"proxy-error","times":1}' '${inAddressedSandbox('/__admin/faults')}'`}
      />
    </Empty>
  )
}

function ArmedFault({ fault }: { fault: Fault }) {
  const { id, operation, api, match } = fault
  const isHold = fault.fault === 'hold' || fault.sequence?.some(step => step.fault === 'hold')
  const release = (fail: boolean) =>
    withToast(async () => {
      const { released } = await change<ReleasedRequests>(`/faults/${id}/release`, { method: 'POST', body: { fail } })
      showToast(released === 0 ? 'No request was held' : `Released ${countText(released, 'request')}`)
    })
  return (
    <li class="card">
      <FaultText fault={fault} />
      <p class="muted">
        {operation === '*' ? `every operation${api === undefined ? '' : ` of ${api}`}` : operation}
        {match && `, ${matchText(match)}`}
      </p>
      <Proof fault={fault} />
      <div class="actions">
        {fault.hits > 0 && (
          <Link class="button quiet" href={hrefOfView('requests', { filter: `fault:${fault.fault ?? ''}` })}>
            Requests
          </Link>
        )}
        {isHold && (
          <>
            <Button onClick={() => release(false)}>Release</Button>
            <Button onClick={() => release(true)}>Fail</Button>
          </>
        )}
        <IconButton
          icon="trash"
          label={`Disarm ${kindText(fault)}`}
          onClick={() => withToast(() => change(`/faults/${id}`, { method: 'DELETE' }), 'Disarmed')}
        />
      </div>
    </li>
  )
}

/** What the fault is. */
export function FaultText({ fault }: { fault: Pick<Fault, 'fault' | 'sequence'> }) {
  return (
    <p class="fault-text">
      <Badge tone="fault">{kindText(fault)}</Badge> <span>{parametersText(fault)}</span>
    </p>
  )
}

/** How often it fired, and whether it can fire again. */
export function Proof({ fault }: { fault: Fault }) {
  const { matched, hits, completed } = fault
  const limits = limitsText(fault)
  return (
    <p class="proof">
      <Badge tone={hits > 0 ? 'fault' : 'neutral'}>{countText(hits, 'hit')}</Badge>
      <span class="muted">of {countText(matched, 'matching request')}</span>
      {limits && <span class="muted">{limits}</span>}
      {completed && <Badge tone="neutral">used up</Badge>}
    </p>
  )
}
