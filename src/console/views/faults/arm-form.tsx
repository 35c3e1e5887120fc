// Arms a fault or a sequence of faults: what it does, to which requests, and how often.
import { useSignal } from '@preact/signals'
import { useId } from 'preact/hooks'
import type { Fault, FaultCatalogue } from '../../../../schemas/control.ts'
import { Button } from '../../components/button.tsx'
import { Code } from '../../components/code.tsx'
import { SchemaForm } from '../../components/schema-form.tsx'
import type { JsonSchema } from '../../state/json-schema.ts'
import { change } from '../../state/sandbox.ts'
import { showToast } from '../../state/toasts.ts'
import { inAddressedSandbox, param, setParams } from '../../state/url.ts'
import { type Draft, fieldOf, type Kind, kindText, requestOf, SEQUENCE } from './rule.ts'
import { OneStep, Steps, stepOf } from './steps.tsx'

const LIMITS = ['times', 'nth', 'probability', 'perFile']

interface ArmFormProps {
  /** The kind, or `sequence`. */
  name: string
  kinds: readonly Kind[]
  catalogue: FaultCatalogue
}

export function ArmForm({ name, kinds, catalogue }: ArmFormProps) {
  const kind = kinds.find(each => each.name === name)
  const first = stepOf(kind ?? kinds[0])
  const draft = useSignal<Draft>({
    api: '',
    operation: param('operation') ?? '*',
    steps: [first],
    isSequence: name === SEQUENCE,
    match: {},
    limits: {},
  })
  const refusal = useSignal<string | undefined>(undefined)
  const update = (changes: Partial<Draft>) => {
    refusal.value = undefined
    draft.value = { ...draft.value, ...changes }
  }
  const request = requestOf(draft.value)
  const rule = catalogue.rule as Record<string, JsonSchema>
  const matchSchema = rule.match ?? {}
  const limits = Object.fromEntries(LIMITS.map(each => [each, rule[each] ?? {}]))
  const names = [
    ...['operation', 'api', ...LIMITS],
    ...Object.keys(matchSchema.properties ?? {}),
    ...draft.value.steps.flatMap(step =>
      Object.keys(kinds.find(each => each.name === step.fault)?.forms[step.form]?.parameters ?? {}),
    ),
  ]
  const field = refusal.value === undefined ? undefined : fieldOf(refusal.value, names)
  const errors = field === undefined || refusal.value === undefined ? {} : { [field]: refusal.value }

  const arm = async (event: Event) => {
    event.preventDefault()
    try {
      const armed = await change<Fault>('/faults', { method: 'POST', body: request })
      showToast(`Armed: ${kindText(armed)} for ${armed.operation}`)
      setParams({ tab: 'armed', fault: undefined, operation: undefined })
    } catch (error) {
      refusal.value = error instanceof Error ? error.message : String(error)
    }
  }

  return (
    <form class="arm-form" onSubmit={arm} noValidate>
      <header>
        <h2>{name}</h2>
        {kind && (
          <dl class="fault-texts">
            <dt>The client mistake that it finds</dt>
            <dd>{kind.provokes}</dd>
          </dl>
        )}
      </header>
      {draft.value.isSequence ? (
        <Steps kinds={kinds} catalogue={catalogue} draft={draft.value} errors={errors} onChange={update} />
      ) : (
        kind && (
          <OneStep
            kind={kind}
            step={draft.value.steps[0]}
            catalogue={catalogue}
            draft={draft.value}
            errors={errors}
            onChange={step => update({ steps: [step] })}
          />
        )
      )}
      <fieldset>
        <legend>Which requests</legend>
        <div class="fields">
          <OperationFields draft={draft.value} catalogue={catalogue} error={errors.operation} onChange={update} />
        </div>
        <details>
          <summary>Only some of them: method, path, caller, range</summary>
          <SchemaForm
            schema={{ ...matchSchema, required: [] }}
            value={draft.value.match}
            errors={errors}
            onChange={match => update({ match: match as Draft['match'] })}
          />
        </details>
      </fieldset>
      <fieldset>
        <legend>How often</legend>
        <SchemaForm
          schema={{ type: 'object', properties: limits }}
          value={draft.value.limits}
          errors={errors}
          onChange={given => update({ limits: given as Draft['limits'] })}
        />
      </fieldset>
      <footer>
        {refusal.value !== undefined && field === undefined && (
          <p class="error" role="alert">
            {refusal.value}
          </p>
        )}
        <Button look="primary" type="submit" icon="faults">
          Arm
        </Button>
      </footer>
      <details>
        <summary>As a command</summary>
        <Code
          label="Command"
          isWrapped
          text={`curl -H 'Content-Type: application/json' -d '${JSON.stringify(request).replaceAll("'", "'\\''")}' '${inAddressedSandbox('/__admin/faults')}'`}
        />
      </details>
    </form>
  )
}

interface OperationFieldsProps {
  draft: Draft
  catalogue: FaultCatalogue
  error: string | undefined
  onChange(changes: Partial<Draft>): void
}

function OperationFields({ draft, catalogue, error, onChange }: OperationFieldsProps) {
  const id = useId()
  const shown = catalogue.apis.filter(({ name }) => draft.api === '' || draft.api === name)
  const isListed = draft.operation === '*' || shown.some(({ operations }) => operations.includes(draft.operation))
  return (
    <>
      <div class="field">
        <label for={`${id}-api`}>API</label>
        <select
          id={`${id}-api`}
          value={draft.api}
          onChange={({ currentTarget }) => onChange({ api: currentTarget.value, operation: '*' })}
        >
          <option value="">All APIs</option>
          {catalogue.apis.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for={`${id}-operation`}>Operation</label>
        <select
          id={`${id}-operation`}
          value={draft.operation}
          aria-invalid={error !== undefined}
          aria-describedby={`${id}-error`}
          onChange={({ currentTarget }) => onChange({ operation: currentTarget.value })}
        >
          <option value="*">Every operation</option>
          {!isListed && <option value={draft.operation}>{draft.operation}</option>}
          {shown.map(({ name, operations }) => (
            <optgroup key={name} label={name}>
              {operations.map(operation => (
                <option key={operation}>{operation}</option>
              ))}
            </optgroup>
          ))}
        </select>
        <p id={`${id}-error`} class="hint">
          {error !== undefined && <strong class="error">{error}</strong>}
        </p>
      </div>
    </>
  )
}
