// What the client reported to its user, which the requirements of a drill may ask for.
import { useId } from 'preact/hooks'
import type { Drill } from '../../../../schemas/drills.ts'
import type { ServerError } from '../../state/server.ts'
import { setParams } from '../../state/url.ts'

interface ReportFormProps {
  drill: Drill
  report: { outcome: string | undefined; sha256: string | undefined; answer: string | undefined }
  /** Why the server could not judge it. */
  error: ServerError | undefined
}

/** Rules inside of other rules count as well. */
function hasRule({ requirements }: Drill, name: string): boolean {
  return requirements.some(({ rule }) => JSON.stringify(rule).includes(`"rule":"${name}"`))
}

export function ReportForm({ drill, report, error }: ReportFormProps) {
  const id = useId()
  const isOf = (name: string) => error?.message.includes(name) ?? false
  const set = (name: string, value: string) => setParams({ [name]: value.trim() }, { replace: true })
  return (
    <form class="fields report-form" onSubmit={event => event.preventDefault()}>
      <fieldset class="outcomes">
        <legend>Outcome</legend>
        {['success', 'failure'].map(outcome => (
          <label key={outcome}>
            <input
              type="radio"
              name={`${id}-outcome`}
              checked={report.outcome === outcome}
              onChange={() => set('outcome', outcome)}
            />
            {outcome}
          </label>
        ))}
      </fieldset>
      {hasRule(drill, 'file') && (
        <TextField
          label="SHA-256 of the file"
          value={report.sha256}
          error={isOf('sha256') ? error?.message : undefined}
          onInput={text => set('sha256', text)}
        />
      )}
      {hasRule(drill, 'reported') && (
        <TextField
          label="Further fields of its answer, as JSON"
          value={report.answer}
          error={isOf('answer') ? error?.message : undefined}
          onInput={text => set('answer', text)}
        />
      )}
      {error && !isOf('sha256') && !isOf('answer') && (
        <p class="error" role="alert">
          {error.message}
        </p>
      )}
    </form>
  )
}

interface TextFieldProps {
  label: string
  value: string | undefined
  error: string | undefined
  onInput(text: string): void
}

function TextField({ label, value = '', error, onInput }: TextFieldProps) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        autocomplete="off"
        spellcheck={false}
        value={value}
        aria-invalid={error !== undefined}
        aria-describedby={`${id}-hint`}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
      <p id={`${id}-hint`} class="hint">
        {error !== undefined && <strong class="error">{error}</strong>}
      </p>
    </div>
  )
}
