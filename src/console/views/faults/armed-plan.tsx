// An armed plan: its stages over virtual time, and where the clock is.
import type { ArmedFaultPlan } from '../../../../schemas/control.ts'
import { Badge } from '../../components/badge.tsx'
import { IconButton } from '../../components/button.tsx'
import { change, clock } from '../../state/sandbox.ts'
import { dateTimeText, durationText } from '../../state/text.ts'
import { withToast } from '../../state/toasts.ts'
import { FaultText, Proof } from './armed.tsx'
import { stagesOf } from './stages.ts'

export function ArmedPlan({ plan }: { plan: ArmedFaultPlan }) {
  const now = Date.parse(clock.value.value?.now ?? plan.stages[0]?.from ?? '')
  const { stages, nowPercent } = stagesOf(plan, now)
  const disarm = () => withToast(() => change(`/faults/plans/${plan.id}`, { method: 'DELETE' }), 'Disarmed')
  const skip = (from: string) =>
    withToast(() => change('/clock/advance', { method: 'POST', body: { to: from } }), `It is ${dateTimeText(from)} now`)
  return (
    <section class="card armed-plan" aria-label={`Plan ${plan.name}`}>
      <header>
        <h2>{plan.name}</h2>
        <p class="muted">
          {plan.stage === null ? 'before the first stage' : `stage ${plan.stage} of ${plan.stages.length}`}
        </p>
        <IconButton icon="trash" label={`Disarm ${plan.name}`} onClick={disarm} />
      </header>
      <div class="stage-bar" aria-hidden="true">
        {stages.map(({ key, widthPercent, hasFaults }) => (
          <span key={key} class={hasFaults ? 'with-faults' : ''} style={{ width: `${widthPercent}%` }} />
        ))}
        <i style={{ left: `${nowPercent}%` }} />
      </div>
      <ol class="stages">
        {stages.map(({ key, number, from, afterMs, faults }) => (
          <li key={key} aria-current={number === plan.stage ? 'step' : undefined}>
            <p>
              <strong>{afterMs === 0 ? 'Start' : `After ${durationText(afterMs)}`}</strong>{' '}
              <time dateTime={from} class="muted">
                {dateTimeText(from)}
              </time>{' '}
              {number === plan.stage && <Badge tone="info">now</Badge>}
              {Date.parse(from) > now && (
                <button type="button" class="button quiet" onClick={() => skip(from)}>
                  Advance to here
                </button>
              )}
            </p>
            {faults.length === 0 && <p class="muted">No faults</p>}
            {faults.map(fault => (
              <div key={fault.id} class="stage-fault">
                <FaultText fault={fault} />
                <Proof fault={fault} />
              </div>
            ))}
          </li>
        ))}
      </ol>
    </section>
  )
}
