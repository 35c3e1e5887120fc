// Why a request was answered as it was: the verdict of each stage that it passed.
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Check, Explanation } from '../../../../schemas/control.ts'
import { Icon, type IconName } from '../../components/icon.tsx'
import { call, inSandbox } from '../../state/server.ts'

const OUTCOMES: Record<Check['outcome'], { icon: IconName; tone: string }> = {
  passed: { icon: 'check', tone: 'good' },
  failed: { icon: 'close', tone: 'bad' },
  'took over': { icon: 'faults', tone: 'fault' },
  'not reached': { icon: 'minus', tone: 'neutral' },
}

export function ExplanationPart({ id, isEnded }: { id: string; isEnded: boolean }) {
  const explanation = useSignal<Explanation | undefined>(undefined)
  const problem = useSignal<string | undefined>(undefined)
  useEffect(() => {
    call<Explanation>(inSandbox(`/requests/${encodeURIComponent(id)}/explain`)).then(
      found => {
        explanation.value = found
      },
      error => {
        problem.value = error.message
      },
    )
  }, [id, isEnded])
  if (problem.value !== undefined) return <p class="message error">{problem.value}</p>
  if (!explanation.value) return <p class="loading">Reading the explanation…</p>
  const { verdict, checks, unknownParameters, nearest } = explanation.value
  return (
    <div class="message">
      <p class="verdict">{verdict}</p>
      <ol class="checks" aria-label="Stages">
        {checks.map(({ check, outcome, detail }) => (
          <li key={check} class={OUTCOMES[outcome].tone}>
            <Icon name={OUTCOMES[outcome].icon} />
            <span class="check">{check}</span>
            <span class="outcome">{outcome}</span>
            <span class="reason">{detail}</span>
          </li>
        ))}
      </ol>
      {unknownParameters.length > 0 && (
        <section>
          <h3>Parameters that the operation does not have</h3>
          <ul class="plain-list">
            {unknownParameters.map(({ name, nearest: near }) => (
              <li key={name}>
                <code>{name}</code>
                {near !== null && (
                  <>
                    ; the nearest is <code>{near}</code>
                  </>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
      {nearest.length > 0 && (
        <section>
          <h3>The nearest operations</h3>
          <ul class="plain-list">
            {nearest.map(({ operation, method, url, difference }) => (
              <li key={operation}>
                <strong>{operation}</strong>{' '}
                <code>
                  {method} {url}
                </code>
                <br />
                <span class="muted">{difference}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}
