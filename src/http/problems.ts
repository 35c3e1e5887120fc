// Describes what is wrong with a value, and what is expected, from the errors of its TypeBox schema.
import type { TSchema } from '@sinclair/typebox'
import { type ValueError, ValueErrorType } from '@sinclair/typebox/errors'

const MAX_PROBLEMS = 10

/** One text for each place, at most ten. `whole` names the value itself: `body`, `query`. */
export function describeProblems(errors: Iterable<ValueError>, whole: string): string[] {
  const firstAt = new Map<string, ValueError>()
  for (const error of errors) {
    // A field that is missing is not also of the wrong type.
    if (!firstAt.has(error.path)) firstAt.set(error.path, error)
    if (firstAt.size === MAX_PROBLEMS) break
  }
  return [...firstAt.values()].map(error => describeProblem(error, whole))
}

/** The same as a sentence for the errors of the APIs. */
export function problemSentence(error: ValueError): string {
  const field = fieldOf(error)
  if (error.type === ValueErrorType.ObjectAdditionalProperties) return `The field ${field} is not known.`
  const text = describeProblem(error, 'body')
  if (!text.startsWith('the body ')) return `The field ${text}.`
  return error.type === ValueErrorType.ObjectMinProperties ? `${upperFirst(text)}.` : 'The body must be a JSON object.'
}

/** `times must be at least 1`: starts with the name of the field. */
export function describeProblem(error: ValueError, whole: string): string {
  const { type, schema, value, errors } = error
  const field = fieldOf(error)
  if (type === ValueErrorType.ObjectRequiredProperty) return `${field} is required`
  if (type === ValueErrorType.StringMinLength && schema.minLength === 1) return `${field} must not be empty`
  if (type === ValueErrorType.ObjectAdditionalProperties) return unknownField(field, schema)
  if (type === ValueErrorType.Union) {
    const choice = typeof value === 'object' ? wrongChoice(schema.anyOf as TSchema[], value) : undefined
    if (choice) return `${field === '' ? '' : `${field}.`}${choice}`
    const nearest = typeof value === 'object' ? nearestForm(errors, error.path) : undefined
    if (nearest) return describeProblem(nearest, whole)
  }
  return `${field === '' ? `the ${whole}` : field} must be ${expectation(error)}`
}

function fieldOf({ path }: ValueError): string {
  return path.slice(1).replaceAll('/', '.')
}

function unknownField(field: string, { properties = {} }: TSchema): string {
  const known = Object.keys(properties)
  return `unknown field "${field}"${known.length === 0 ? '' : `; known fields are ${known.join(', ')}`}`
}

const FORMATS: Record<string, string> = {
  'date-time': 'an ISO 8601 date and time with offset',
  uuid: 'a UUID',
  uri: 'a URI',
}

/** What would be right, to stand after `must be`. */
function expectation({ type, schema, value, message }: ValueError): string {
  if (schema['x-expected'] !== undefined) return schema['x-expected']
  switch (type) {
    case ValueErrorType.Object:
    case ValueErrorType.ObjectRequiredProperty:
      return 'an object'
    case ValueErrorType.ObjectMinProperties:
      return `an object with at least ${schema.minProperties} of the fields ${Object.keys(schema.properties ?? {}).join(', ')}`
    case ValueErrorType.Array:
      return 'an array'
    case ValueErrorType.String:
      return 'a string'
    case ValueErrorType.Boolean:
      return 'true or false'
    case ValueErrorType.Number:
      return 'a number'
    case ValueErrorType.Integer:
      return 'a whole number'
    case ValueErrorType.StringFormat:
      return FORMATS[schema.format] ?? `a string in the format ${schema.format}`
    case ValueErrorType.StringPattern:
      return `a string that matches ${schema.pattern}`
    case ValueErrorType.StringMinLength:
      return `at least ${schema.minLength} characters long`
    case ValueErrorType.StringMaxLength:
      return `at most ${schema.maxLength} characters long`
    case ValueErrorType.ArrayMinItems:
      return `at least ${schema.minItems} long`
    case ValueErrorType.ArrayMaxItems:
      return `at most ${schema.maxItems} long`
    case ValueErrorType.NumberMinimum:
    case ValueErrorType.IntegerMinimum:
      return `at least ${schema.minimum}`
    case ValueErrorType.NumberMaximum:
    case ValueErrorType.IntegerMaximum:
      return `at most ${schema.maximum}`
    case ValueErrorType.NumberExclusiveMinimum:
    case ValueErrorType.IntegerExclusiveMinimum:
      return `greater than ${schema.exclusiveMinimum}`
    case ValueErrorType.Literal:
      return JSON.stringify(schema.const)
    case ValueErrorType.Union:
      return choices(schema.anyOf as TSchema[], value)
    default:
      return lowerFirst(message).replace(/^expected /, '')
  }
}

/** `one of a, b, c`, or an example of an object and what its distinguishing field can be. */
function choices(forms: readonly TSchema[], value: unknown): string {
  const literals = forms.map(({ const: choice }) => choice)
  if (literals.every(literal => literal !== undefined)) return `one of ${literals.join(', ')}`
  const [name, values] = discriminator(forms) ?? []
  if (name === undefined || typeof value === 'object') return [...new Set(forms.map(form => nounOf(form)))].join(' or ')
  const example = JSON.stringify({ [name]: values?.[0] })
  return `an object such as ${example}; ${name} is one of ${values?.join(', ')}`
}

/** `result must be one of a, b, c`, of an object whose distinguishing field has another value than each of the forms. */
function wrongChoice(forms: readonly TSchema[], value: object | null): string | undefined {
  const [name, values] = discriminator(forms) ?? []
  if (value === null || name === undefined || !values || !Object.hasOwn(value, name)) return undefined
  const isOneOf = values.includes((value as Record<string, unknown>)[name])
  return isOneOf ? undefined : `${name} must be one of ${values.join(', ')}`
}

/** The property that has another literal value in each form, and its values. */
function discriminator(forms: readonly TSchema[]): [string, unknown[]] | undefined {
  const [first] = forms
  for (const name of Object.keys(first?.properties ?? {})) {
    const values = forms.map(({ properties }) => properties?.[name]?.const as unknown)
    if (values.every(value => value !== undefined)) return [name, values]
  }
  return undefined
}

function nounOf({ type }: TSchema): string {
  if (type === 'object') return 'an object'
  if (type === 'array') return 'an array'
  return type === 'integer' ? 'a whole number' : type === undefined ? 'of another type' : `a ${type}`
}

/** Of an object at `path` that fits none of several forms: what is wrong with the form that it comes nearest to. */
function nearestForm(forms: readonly Iterable<ValueError>[], path: string): ValueError | undefined {
  const isText = ([first]: ValueError[]) => first?.type === ValueErrorType.String && first.path === path
  const problems = forms
    .map(form => [...form])
    .filter(form => form.length > 0 && form[0]?.type !== ValueErrorType.Object && !isText(form))
  const rank = (form: ValueError[]) =>
    form.some(({ type }) => type === ValueErrorType.Literal) ? form.length + 100 : form.length
  return problems.sort((a, b) => rank(a) - rank(b))[0]?.[0]
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
