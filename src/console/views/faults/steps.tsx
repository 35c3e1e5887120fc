// What a fault does: its form and its parameters; for a sequence, one after the other.
import { useId } from 'preact/hooks'
import type { FaultCatalogue } from '../../../../schemas/control.ts'
import { Button, IconButton } from '../../components/button.tsx'
import { SchemaForm } from '../../components/schema-form.tsx'
import { type Draft, fixedParameters, type Kind, NO_FAULT, parametersSchema, type Step } from './rule.ts'

/** The first form of a kind, without a choice of parameters. */
export function stepOf(kind: Kind | undefined, form = 0): Step {
  const chosen = kind?.forms[form]
  if (!kind || !chosen) return { fault: NO_FAULT, form: 0, parameters: {} }
  return { fault: kind.name, form, parameters: fixedParameters(chosen) }
}

interface FormProps {
  catalogue: FaultCatalogue
  draft: Draft
  /** Messages by the name of the field. */
  errors: Readonly<Record<string, string>>
}

interface OneStepProps extends FormProps {
  kind: Kind
  step: Step
  onChange(step: Step): void
}

export function OneStep({ kind, step, catalogue, draft, errors, onChange }: OneStepProps) {
  const name = useId()
  const form = kind.forms[step.form] ?? kind.forms[0]
  const schema = parametersSchema(form, draft, catalogue)
  return (
    <>
      <fieldset>
        <legend>What it does</legend>
        {kind.forms.length === 1 ? (
          <p>{form.description}</p>
        ) : (
          <div class="forms">
            {kind.forms.map(({ description }, index) => (
              <label key={String(index)}>
                <input
                  type="radio"
                  name={name}
                  checked={index === step.form}
                  onChange={() => onChange(stepOf(kind, index))}
                />
                <span>{description}</span>
              </label>
            ))}
          </div>
        )}
      </fieldset>
      {Object.keys(schema.properties ?? {}).length > 0 && (
        <fieldset>
          <legend>Parameters</legend>
          <SchemaForm
            key={String(step.form)}
            schema={schema}
            value={step.parameters}
            errors={errors}
            onChange={parameters => onChange({ ...step, parameters: parameters as Step['parameters'] })}
          />
          <ErrorMessage step={step} catalogue={catalogue} />
        </fieldset>
      )}
    </>
  )
}

/** The status and the text of the chosen error of an API. */
function ErrorMessage({ step, catalogue }: { step: Step; catalogue: FaultCatalogue }) {
  if (step.fault !== 'error') return null
  const errors = catalogue.apis.flatMap(({ name, errors }) => errors.map(error => ({ api: name, ...error })))
  const chosen = errors.filter(({ name }) => name === step.parameters.name)
  return (
    <ul class="hint">
      {chosen.map(({ api, status, message }) => (
        <li key={api}>
          {api}: {status} {message}
        </li>
      ))}
    </ul>
  )
}

interface StepsProps extends FormProps {
  kinds: readonly Kind[]
  onChange(changes: Partial<Draft>): void
}

export function Steps({ kinds, onChange, ...form }: StepsProps) {
  const { steps } = form.draft
  const update = (changed: readonly Step[]) => {
    const [first, ...others] = changed
    if (first) onChange({ steps: [first, ...others] })
  }
  return (
    <>
      <p>The first matching request gets the first fault, the second one the second, and so on; later ones get none.</p>
      <ol class="steps">
        {steps.map((step, index) => {
          const kind = kinds.find(({ name }) => name === step.fault)
          return (
            // Steps have no identity but their place.
            <li key={String(index)}>
              <div class="item">
                <label class="field">
                  <span>Request {index + 1}</span>
                  <select
                    value={step.fault}
                    onChange={({ currentTarget }) =>
                      update(steps.with(index, stepOf(kinds.find(({ name }) => name === currentTarget.value))))
                    }
                  >
                    <option value={NO_FAULT}>no fault</option>
                    {kinds.map(({ name }) => (
                      <option key={name}>{name}</option>
                    ))}
                  </select>
                </label>
                {steps.length > 1 && (
                  <IconButton
                    icon="trash"
                    label={`Remove request ${index + 1}`}
                    onClick={() => update(steps.toSpliced(index, 1))}
                  />
                )}
              </div>
              {kind && (
                <OneStep
                  key={step.fault}
                  {...form}
                  kind={kind}
                  step={step}
                  onChange={changed => update(steps.with(index, changed))}
                />
              )}
            </li>
          )
        })}
      </ol>
      <Button icon="plus" onClick={() => update([...steps, stepOf(undefined)])}>
        Add a request
      </Button>
    </>
  )
}
