// A form made from a JSON schema, as the server describes the parameters of its operations and faults.

import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import {
  alternativeFor,
  alternativesOf,
  choicesOf,
  defaultOf,
  fieldsOf,
  holdsTexts,
  isOpen,
  type JsonSchema,
  typeOf,
  wordsOf,
} from '../state/json-schema.ts'
import { Button, IconButton } from './button.tsx'
import { FieldName } from './field-name.tsx'
import { JsonField, TextsField } from './open-fields.tsx'

export interface FieldProps {
  schema: JsonSchema
  /** Undefined if nothing was given. */
  value: unknown
  onChange(value: unknown): void
  /** What the label says; the last part of the path in the value. */
  name: string
  isRequired?: boolean
  /** What is wrong with the value. */
  error?: string | undefined
}

/** The fields of an object, one below the other. */
export function SchemaForm({ schema, value, onChange, errors = {} }: SchemaFormProps) {
  const given = (value ?? {}) as Record<string, unknown>
  const change = (name: string, changed: unknown) => {
    const { [name]: _, ...others } = given
    onChange(changed === undefined ? others : { ...given, [name]: changed })
  }
  return (
    <div class="fields">
      {fieldsOf(schema).map(({ name, schema: field, isRequired }) => (
        <SchemaField
          key={name}
          name={name}
          schema={field}
          value={given[name]}
          isRequired={isRequired}
          error={errors[name]}
          onChange={changed => change(name, changed)}
        />
      ))}
    </div>
  )
}

interface SchemaFormProps {
  schema: JsonSchema
  value: unknown
  onChange(value: unknown): void
  /** Messages by the name of the field. */
  errors?: Readonly<Record<string, string>>
}

export function SchemaField(props: FieldProps) {
  const { schema, name, isRequired } = props
  const alternatives = alternativesOf(schema)
  if (alternatives) return <AlternativesField {...props} alternatives={alternatives} />
  if (isOpen(schema)) return holdsTexts(schema) ? <TextsField {...props} /> : <JsonField {...props} />
  const type = typeOf(schema)
  if (type === 'object' || type === 'array') {
    return (
      <fieldset>
        <legend>
          <FieldName name={name} isRequired={isRequired} />
        </legend>
        {schema.description && <p class="hint">{schema.description}</p>}
        {type === 'object' ? (
          <SchemaForm schema={schema} value={props.value} onChange={props.onChange} />
        ) : (
          <ItemFields {...props} />
        )}
      </fieldset>
    )
  }
  return <ScalarField {...props} />
}

function ScalarField({ schema, value, onChange, name, isRequired = false, error }: FieldProps) {
  const id = useId()
  const choices = choicesOf(schema)
  const type = typeOf(schema)
  const described = `${id}-hint`
  const common = {
    id,
    'aria-describedby': described,
    'aria-invalid': error !== undefined,
    required: isRequired,
  }
  return (
    <Labelled id={id} name={name} isRequired={isRequired} hint={wordsOf(schema)} error={error}>
      {choices ? (
        <select
          {...common}
          value={value === undefined ? '' : JSON.stringify(value)}
          onChange={({ currentTarget }) =>
            onChange(currentTarget.value === '' ? undefined : JSON.parse(currentTarget.value))
          }
        >
          <option value="">{isRequired ? 'Choose…' : 'default'}</option>
          {choices.map(choice => (
            <option key={String(choice)} value={JSON.stringify(choice)}>
              {String(choice)}
            </option>
          ))}
        </select>
      ) : type === 'boolean' ? (
        <input
          {...common}
          required={false}
          type="checkbox"
          checked={value === true}
          onChange={({ currentTarget }) => onChange(currentTarget.checked || (isRequired ? false : undefined))}
        />
      ) : type === 'number' || type === 'integer' ? (
        <input
          {...common}
          type="number"
          step={type === 'integer' ? 1 : 'any'}
          min={schema.minimum}
          max={schema.maximum}
          value={typeof value === 'number' ? value : ''}
          placeholder={schema.default === undefined ? '' : String(schema.default)}
          onInput={({ currentTarget }) =>
            onChange(currentTarget.value === '' ? undefined : currentTarget.valueAsNumber)
          }
        />
      ) : (
        <input
          {...common}
          type="text"
          autocomplete="off"
          spellcheck={false}
          value={value === undefined ? '' : String(value)}
          placeholder={schema.default === undefined ? '' : String(schema.default)}
          onInput={({ currentTarget }) => onChange(textValue(currentTarget.value, schema))}
        />
      )}
    </Labelled>
  )
}

/** Where a schema allows a text or a number, digits are a number. */
function textValue(text: string, schema: JsonSchema): unknown {
  if (text === '') return undefined
  const allowsNumbers = (schema.anyOf ?? []).some(({ type }) => type === 'number' || type === 'integer')
  return allowsNumbers && /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text
}

interface LabelledProps {
  id: string
  name: string
  isRequired: boolean
  hint: string
  error: string | undefined
  children: ComponentChildren
}

function Labelled({ id, name, isRequired, hint, error, children }: LabelledProps) {
  return (
    <div class="field">
      <label for={id}>
        <FieldName name={name} isRequired={isRequired} />
      </label>
      {children}
      <p id={`${id}-hint`} class="hint">
        {hint}
        {error !== undefined && <strong class="error">{error}</strong>}
      </p>
    </div>
  )
}

/** One of several forms of a value, of which each has its own fields. */
function AlternativesField({ alternatives, ...props }: FieldProps & { alternatives: readonly JsonSchema[] }) {
  const { value, onChange, name, isRequired = false } = props
  const id = useId()
  // Several forms may fit a value that is not complete.
  const preferred = useSignal(-1)
  const index = value === undefined ? -1 : alternativeFor(alternatives, value, preferred.value)
  const chosen = alternatives[index]
  return (
    <fieldset>
      <legend>
        <FieldName name={name} isRequired={isRequired} />
      </legend>
      {props.schema.description && <p class="hint">{props.schema.description}</p>}
      <div class="field">
        <label for={id}>Form</label>
        <select
          id={id}
          value={String(index)}
          onChange={({ currentTarget }) => {
            preferred.value = Number(currentTarget.value)
            const alternative = alternatives[preferred.value]
            onChange(alternative && defaultOf(alternative))
          }}
        >
          <option value="-1">{isRequired ? 'Choose…' : 'default'}</option>
          {alternatives.map((alternative, at) => (
            <option key={String(at)} value={String(at)}>
              {nameOf(alternative)}
            </option>
          ))}
        </select>
      </div>
      {chosen && typeOf(chosen) === 'object' && <SchemaForm schema={chosen} value={value} onChange={onChange} />}
      {chosen && typeOf(chosen) !== 'object' && chosen.const === undefined && (
        <SchemaField {...props} schema={chosen} name="value" isRequired />
      )}
    </fieldset>
  )
}

function nameOf(schema: JsonSchema): string {
  if (schema.title) return schema.title
  if (schema.const !== undefined) return String(schema.const)
  const names = fieldsOf(schema).map(({ name }) => name)
  return names.length > 0 ? names.join(', ') : typeOf(schema)
}

function ItemFields({ schema, value, onChange, name }: FieldProps) {
  const items = Array.isArray(value) ? value : []
  const itemSchema = schema.items ?? {}
  return (
    <div class="items">
      {items.map((item, index) => (
        // Items have no identity but their place.
        <div key={String(index)} class="item">
          <SchemaField
            name={`${name} ${index + 1}`}
            schema={itemSchema}
            value={item}
            isRequired
            onChange={changed => onChange(items.with(index, changed))}
          />
          <IconButton
            icon="trash"
            label={`Remove ${name} ${index + 1}`}
            onClick={() => onChange(items.length === 1 ? undefined : items.toSpliced(index, 1))}
          />
        </div>
      ))}
      <Button icon="plus" onClick={() => onChange([...items, defaultOf(itemSchema)])}>
        Add {name}
      </Button>
    </div>
  )
}
