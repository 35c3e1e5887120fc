// arcgis: the forms of operations, made from the schemas of their bodies.
import type { TLiteral, TObject, TSchema } from '@sinclair/typebox'
import { html } from 'ghtml'
import { isSecret } from '../../../../schemas/secret.ts'
import { textWithoutSecrets } from '../../../http/journal/redaction.ts'

/** What a form shows besides its fields. */
export interface FormState {
  /** By field. Secret fields are always empty. */
  values: Readonly<Record<string, string>>
  /** Messages by field, about the values that were submitted. */
  problems: Readonly<Record<string, string>>
}

export const EMPTY: FormState = { values: {}, problems: {} }

export interface Form {
  action: string
  /** The text of the button. */
  submit: string
  body: TObject
  state?: FormState
  /** Hidden fields; those without a value are left out. */
  hidden?: Record<string, string | undefined>
}

/** Every field of the body, and the response format if the body has the parameter f. */
export function form({ action, submit, body, state = EMPTY, hidden = {} }: Form): string {
  const { f, token: _token, ...fields } = body.properties
  const hiddenFields = Object.entries(hidden).filter(([, value]) => value !== undefined)
  return html`<form method="post" action="${action}">
!${hiddenFields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
!${Object.entries(fields).map(([name, schema]) => field(name, schema, body.required?.includes(name) ?? false, state))}
!${f === undefined ? '' : FORMAT_CHOICE}
<button type="submit">${submit}</button>
</form>`
}

function field(name: string, schema: TSchema, isRequired: boolean, { values, problems }: FormState): string {
  const value = shownValue(schema, values[name] ?? String(schema.default ?? ''))
  const problem = problems[name]
  const hint = hintOf(schema)
  const notes = [
    ...(problem === undefined ? [] : [{ id: `${name}-problem`, kind: 'problem', text: problem }]),
    ...(hint === '' ? [] : [{ id: `${name}-hint`, kind: 'hint', text: hint }]),
  ]
  const attributes = html`id="${name}" name="${name}" !${isRequired ? 'required' : ''} !${
    problem === undefined ? '' : 'aria-invalid="true"'
  } !${notes.length === 0 ? '' : html`aria-describedby="${notes.map(({ id }) => id).join(' ')}"`}`
  return html`<label for="${name}">${schema.title ?? labelOf(name)}${isRequired ? ' (required)' : ''}:</label>
!${control(schema, value, attributes)}
!${notes.map(({ id, kind, text }) => html`<small id="${id}" class="${kind}">${text}</small>`)}`
}

/** JSON can contain secrets besides other values. */
function shownValue(schema: TSchema, value: string): string {
  if (isJson(schema)) return textWithoutSecrets(value)
  return isSecret(schema) ? '' : value
}

function isJson({ contentMediaType }: TSchema): boolean {
  return contentMediaType === 'application/json'
}

function hintOf(schema: TSchema): string {
  const { description = '', examples: [example] = [] } = schema
  const isShown = example !== undefined && (isJson(schema) || !isSecret(schema)) && !choicesOf(schema)
  if (!isShown) return description
  const sentence = description === '' || description.endsWith('.') ? description : `${description}.`
  return `${sentence} Example: ${example}`.trim()
}

/** `attributes` are already escaped. */
function control(schema: TSchema, value: string, attributes: string): string {
  if (isJson(schema)) return html`<textarea !${attributes} rows="6">${value}</textarea>`
  if (isSecret(schema)) return html`<input type="password" !${attributes} autocomplete="off">`
  const choices = choicesOf(schema)
  if (choices) {
    const options = choices.map(
      choice => html`<option !${choice === value ? 'selected' : ''} value="${choice}">${choice}</option>`,
    )
    return html`<select !${attributes}><option value=""></option>!${options}</select>`
  }
  // An input of type number would drop a value that is not one, which the form is to show again.
  const numeric = schema.type === 'integer' || schema.type === 'number' ? 'inputmode="numeric"' : ''
  return html`<input type="text" !${numeric} !${attributes} value="${value}">`
}

/** The values of a parameter that has a fixed set of them. */
function choicesOf({ type, anyOf, const: only }: TSchema): string[] | undefined {
  if (type === 'boolean') return ['true', 'false']
  if (only !== undefined) return [String(only)]
  return (anyOf as TLiteral[] | undefined)?.map(each => String(each.const))
}

/** `retentionDate` as `Retention Date`, `auth_token` as `Auth token`. */
function labelOf(name: string): string {
  return name.replace(/(?<=[a-z])(?=[A-Z])|_/g, ' ').replace(/^./, first => first.toUpperCase())
}

const FORMAT_CHOICE = html`<label for="f">Format:</label>
<select id="f" name="f"><option value="html">HTML</option><option value="json">JSON</option><option value="pjson">PJSON</option></select>`
