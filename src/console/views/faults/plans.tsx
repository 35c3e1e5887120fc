// The ready-made plans, and one of a person's own: stages over virtual time.
import { useSignal } from '@preact/signals'
import { useId } from 'preact/hooks'
import type { ArmedFaultPlan, FaultPlan } from '../../../../schemas/control.ts'
import { Badge } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { change } from '../../state/sandbox.ts'
import { showToast } from '../../state/toasts.ts'
import { setParams } from '../../state/url.ts'
import { kindText, limitsText, parametersText } from './rule.ts'

const arm = async (plan: unknown) => {
  const { name } = await change<ArmedFaultPlan>('/faults/plans', { method: 'POST', body: plan })
  showToast(`Armed: ${name}`)
  setParams({ tab: 'armed' })
}

export function Plans({ plans }: { plans: readonly FaultPlan[] }) {
  const edited = useSignal<FaultPlan | undefined>(undefined)
  return (
    <>
      <ul class="cards" aria-label="Plans">
        {plans.map(plan => (
          <li key={plan.name} class="card">
            <header>
              <h2>{plan.name}</h2>
              <Button
                look="quiet"
                aria-label={`Change ${plan.name}`}
                onClick={() => {
                  edited.value = plan
                }}
              >
                Change
              </Button>
              <Button
                aria-label={`Arm ${plan.name}`}
                onClick={() => arm({ name: plan.name }).catch(error => showToast(error.message, 'failed'))}
              >
                Arm
              </Button>
            </header>
            <p>{plan.description}</p>
            <ol class="rules">
              {plan.stages.map(({ from, description, faults = [] }) => (
                <li key={from}>
                  <strong>{from}</strong> {description}{' '}
                  {faults.map(fault => (
                    <span key={JSON.stringify(fault)}>
                      <Badge tone="fault">{kindText(fault)}</Badge>{' '}
                      <span class="muted">
                        {[parametersText(fault), limitsText(fault)].filter(Boolean).join(', ')}
                      </span>{' '}
                    </span>
                  ))}
                </li>
              ))}
            </ol>
          </li>
        ))}
      </ul>
      {edited.value && (
        <PlanDialog
          plan={edited.value}
          onClose={() => {
            edited.value = undefined
          }}
        />
      )}
    </>
  )
}

function PlanDialog({ plan: { name, stages }, onClose }: { plan: FaultPlan; onClose(): void }) {
  const id = useId()
  const text = useSignal(JSON.stringify({ name: `my-${name}`, stages }, null, 2))
  const refusal = useSignal<string | undefined>(undefined)
  const submit = async (event: Event) => {
    event.preventDefault()
    try {
      await arm(JSON.parse(text.value))
      onClose()
    } catch (error) {
      refusal.value = error instanceof SyntaxError ? 'This is not JSON.' : (error as Error).message
    }
  }
  return (
    <Dialog title="A plan of your own" isWide onClose={onClose}>
      <form onSubmit={submit}>
        <div class="field">
          <label for={id}>Plan</label>
          <textarea
            id={id}
            rows={18}
            class="plan-text"
            spellcheck={false}
            value={text.value}
            aria-invalid={refusal.value !== undefined}
            aria-describedby={`${id}-hint`}
            onInput={({ currentTarget }) => {
              text.value = currentTarget.value
            }}
          />
          <p id={`${id}-hint`} class="hint">
            Each stage starts at a duration after the start of the plan, such as 10m, and lasts until the next one.
            {refusal.value !== undefined && <strong class="error">{refusal.value}</strong>}
          </p>
        </div>
        <footer>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit">
            Arm
          </Button>
        </footer>
      </form>
    </Dialog>
  )
}
