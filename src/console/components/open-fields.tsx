// Fields of a form for objects whose fields can have any name: texts by name, or any JSON.

import { useSignal } from '@preact/signals'
import { useId } from 'preact/hooks'
import { Button, IconButton } from './button.tsx'
import { FieldName } from './field-name.tsx'
import type { FieldProps } from './schema-form.tsx'

/** An object as JSON. */
export function JsonField({ schema, value, onChange, name, isRequired = false, error }: FieldProps) {
  const id = useId()
  const text = useSignal(value === undefined ? '' : JSON.stringify(value))
  const problem = useSignal<string | undefined>(undefined)
  const change = (given: string) => {
    text.value = given
    problem.value = undefined
    if (given.trim() === '') return onChange(undefined)
    try {
      onChange(JSON.parse(given))
    } catch {
      problem.value = 'This is not JSON.'
      // The server says what is expected.
      onChange(given)
    }
  }
  const shownError = problem.value ?? error
  return (
    <div class="field">
      <label for={id}>
        <FieldName name={name} isRequired={isRequired} />
      </label>
      <textarea
        id={id}
        rows={3}
        spellcheck={false}
        required={isRequired}
        aria-describedby={`${id}-hint`}
        aria-invalid={shownError !== undefined}
        value={text.value}
        placeholder='{"field": "value"}'
        onInput={({ currentTarget }) => change(currentTarget.value)}
      />
      <p id={`${id}-hint`} class="hint">
        {schema.description}
        {shownError !== undefined && <strong class="error">{shownError}</strong>}
      </p>
    </div>
  )
}

interface NamedText {
  name: string
  text: string
}

/** A pattern is written as JSON. */
function patternOf(text: string): unknown {
  if (!text.trimStart().startsWith('{')) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function rowsOf(value: unknown): NamedText[] {
  return Object.entries(value ?? {}).map(([name, each]) => ({
    name,
    text: typeof each === 'string' ? each : JSON.stringify(each),
  }))
}

/** Texts by name. */
export function TextsField({ schema, value, onChange, name, error }: FieldProps) {
  // Rows without a name are not part of the value yet.
  const rows = useSignal(rowsOf(value))
  const change = (changed: NamedText[]) => {
    rows.value = changed
    const named = changed.filter(row => row.name !== '')
    onChange(named.length === 0 ? undefined : Object.fromEntries(named.map(row => [row.name, patternOf(row.text)])))
  }
  return (
    <fieldset>
      <legend>{name}</legend>
      <p class="hint">
        {schema.description}
        {error !== undefined && <strong class="error">{error}</strong>}
      </p>
      <div class="items">
        {rows.value.map((row, index) => (
          <div key={String(index)} class="item named-text">
            <input
              aria-label={`Name ${index + 1} of ${name}`}
              placeholder="name"
              autocomplete="off"
              value={row.name}
              onInput={({ currentTarget }) => change(rows.value.with(index, { ...row, name: currentTarget.value }))}
            />
            <input
              aria-label={`Value ${index + 1} of ${name}`}
              placeholder="value"
              autocomplete="off"
              value={row.text}
              onInput={({ currentTarget }) => change(rows.value.with(index, { ...row, text: currentTarget.value }))}
            />
            <IconButton
              icon="trash"
              label={`Remove ${index + 1} of ${name}`}
              onClick={() => change(rows.value.toSpliced(index, 1))}
            />
          </div>
        ))}
        <Button
          icon="plus"
          onClick={() => {
            rows.value = [...rows.value, { name: '', text: '' }]
          }}
        >
          Add to {name}
        </Button>
      </div>
    </fieldset>
  )
}
