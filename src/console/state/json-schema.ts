// What a form needs to know of a JSON schema.

export interface JsonSchema {
  type?: string
  title?: string
  description?: string
  default?: unknown
  const?: unknown
  enum?: readonly unknown[]
  anyOf?: readonly JsonSchema[]
  properties?: Readonly<Record<string, JsonSchema>>
  required?: readonly string[]
  /** Of fields with any name. */
  patternProperties?: Readonly<Record<string, JsonSchema>>
  items?: JsonSchema
  minimum?: number
  maximum?: number
  minItems?: number
}

export interface NamedSchema {
  name: string
  schema: JsonSchema
  isRequired: boolean
}

/** The fields of an object. */
export function fieldsOf({ properties = {}, required = [] }: JsonSchema): NamedSchema[] {
  return Object.entries(properties).map(([name, schema]) => ({ name, schema, isRequired: required.includes(name) }))
}

export function typeOf(schema: JsonSchema): string {
  if (schema.type !== undefined) return schema.type
  if (schema.const !== undefined) return typeof schema.const
  return schema.properties ? 'object' : 'string'
}

/** Whether its fields can have any name. */
export function isOpen(schema: JsonSchema): boolean {
  return schema.properties === undefined && (schema.patternProperties !== undefined || typeOf(schema) === 'object')
}

/** Whether the values of an open schema can be texts, and nothing but texts and patterns. */
export function holdsTexts({ patternProperties = {} }: JsonSchema): boolean {
  const [values] = Object.values(patternProperties)
  return values?.anyOf?.[0]?.type === 'string'
}

/** The values to choose from; undefined if other values are allowed. */
export function choicesOf(schema: JsonSchema): readonly unknown[] | undefined {
  if (schema.const !== undefined) return [schema.const]
  if (schema.enum) return schema.enum
  const { anyOf } = schema
  if (!anyOf || anyOf.length === 0 || !anyOf.every(each => each.const !== undefined)) return undefined
  return anyOf.map(each => each.const)
}

/** The forms that a value can have, where each needs fields of its own; undefined where one field can hold all. */
export function alternativesOf({ anyOf }: JsonSchema): readonly JsonSchema[] | undefined {
  return anyOf?.some(each => ['object', 'array'].includes(typeOf(each))) ? anyOf : undefined
}

/** The index of the preferred form if the value fits it, otherwise of the first form that the value fits; -1 if it fits no form. */
export function alternativeFor(alternatives: readonly JsonSchema[], value: unknown, preferred: number): number {
  const choice = alternatives[preferred]
  if (choice && fits(choice, value)) return preferred
  return alternatives.findIndex(alternative => fits(alternative, value))
}

/** Whether a value, of which fields may still be missing, can become one of the schema. */
function fits(schema: JsonSchema, value: unknown): boolean {
  if (schema.const !== undefined) return schema.const === value
  if (schema.anyOf) return schema.anyOf.some(each => fits(each, value))
  const type = typeOf(schema)
  if (type === 'array') return Array.isArray(value)
  if (type === 'integer' || type === 'number') return typeof value === 'number'
  if (type !== 'object') return typeof value === type
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const { properties = {}, required = [] } = schema
  const constants = required.filter(name => properties[name]?.const !== undefined)
  const given = Object.entries(value)
  return (
    given.every(([name, each]) => properties[name] && fits(properties[name], each)) &&
    constants.every(name => name in value)
  )
}

/** What a form starts with: the fields whose values are fixed, and the default. */
export function defaultOf(schema: JsonSchema): unknown {
  if (schema.default !== undefined) return schema.default
  if (schema.const !== undefined) return schema.const
  const type = typeOf(schema)
  if (type === 'array') return []
  if (type === 'number' || type === 'integer') return schema.minimum ?? 0
  if (type === 'boolean') return false
  if (type !== 'object') return ''
  const fixed = fieldsOf(schema).filter(({ schema: field, isRequired }) => isRequired && field.const !== undefined)
  return Object.fromEntries(fixed.map(({ name, schema: field }) => [name, field.const]))
}

/** The description, the limits and the default of a value, in words. */
export function wordsOf({ description, minimum, maximum, default: standard }: JsonSchema): string {
  const limits =
    minimum !== undefined && maximum !== undefined
      ? `${minimum} to ${maximum}`
      : minimum !== undefined
        ? `at least ${minimum}`
        : maximum !== undefined
          ? `at most ${maximum}`
          : ''
  const isNamed = description?.includes('default') ?? false
  const usual = standard === undefined || isNamed ? '' : `default ${JSON.stringify(standard)}`
  return [description, limits, usual].filter(Boolean).join('; ')
}
