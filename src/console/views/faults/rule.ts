// Fault rules as a person fills them in, as the server takes them, and as text. Pure.
import type { Fault, FaultCatalogue, FaultRequest } from '../../../../schemas/control.ts'
import type { JsonSchema } from '../../state/json-schema.ts'

/** A form of a fault kind; a kind with several forms has several. */
export type FaultForm = FaultCatalogue['faults'][number]

export interface Kind {
  name: string
  provokes: string
  forms: readonly [FaultForm, ...FaultForm[]]
}

export const SEQUENCE = 'sequence'
/** In a sequence: the request is left alone. */
export const NO_FAULT = 'none'

export interface Step {
  /** The name of a kind. */
  fault: string
  /** The index of the form. */
  form: number
  parameters: Readonly<Record<string, unknown>>
}

export interface Draft {
  api: string
  operation: string
  steps: readonly [Step, ...Step[]]
  isSequence: boolean
  match: Readonly<Record<string, unknown>>
  /** times, nth, probability, perFile. */
  limits: Readonly<Record<string, unknown>>
}

/** The kinds in the order of the catalogue. */
export function kindsOf({ faults }: FaultCatalogue): Kind[] {
  const kinds = new Map<string, Kind>()
  for (const form of faults) {
    const { forms } = kinds.get(form.fault) ?? { forms: [] }
    const [first = form, ...others] = [...forms, form]
    kinds.set(form.fault, { name: form.fault, provokes: form.provokes, forms: [first, ...others] })
  }
  return [...kinds.values()]
}

/** Whether the name or a text of the kind contains every word. */
export function matchesFilter({ name, provokes, forms }: Kind, filter: string): boolean {
  const text = [name, provokes, ...forms.map(({ description }) => description)].join(' ').toLowerCase()
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every(word => text.includes(word))
}

/** The values that are fixed by a form, such as `distribution` of a delay. */
export function fixedParameters({ parameters, required }: FaultForm): Record<string, unknown> {
  const fixed = required.map(name => ({ name, value: (parameters[name] as JsonSchema).const }))
  return Object.fromEntries(fixed.filter(({ value }) => value !== undefined).map(({ name, value }) => [name, value]))
}

/** The schema of the parameters that a person can choose; errors are those of the APIs that the fault applies to. */
export function parametersSchema(form: FaultForm, draft: Draft, catalogue: FaultCatalogue): JsonSchema {
  const fixed = fixedParameters(form)
  const all = Object.entries(form.parameters as Record<string, JsonSchema>)
  const properties = Object.fromEntries(all.filter(([name]) => !(name in fixed)))
  const { name } = properties
  if (form.fault === 'error' && name) properties.name = { ...name, enum: errorNames(draft, catalogue) }
  return { type: 'object', properties, required: form.required }
}

function errorNames(draft: Draft, { apis }: FaultCatalogue): string[] {
  const reached = apis.filter(({ name, operations }) =>
    draft.operation === '*' ? draft.api === '' || draft.api === name : operations.includes(draft.operation),
  )
  return [...new Set(reached.flatMap(({ errors }) => errors.map(error => error.name)))]
}

/** What the server is asked to arm. */
export function requestOf({ api, operation, steps, isSequence, match, limits }: Draft): FaultRequest {
  const faults = steps.map(({ fault, parameters }) => ({ ...parameters, fault }))
  return {
    ...(api === '' ? {} : { api }),
    operation,
    ...(Object.keys(match).length === 0 ? {} : { match }),
    ...(isSequence ? { sequence: faults } : faults[0]),
    ...limits,
  }
}

/** The field that a message of the server is about; undefined if it is about none of them. */
export function fieldOf(message: string, names: readonly string[]): string | undefined {
  const [first = ''] = message.split(' ')
  if (message.startsWith('unknown operation')) return 'operation'
  if (message.startsWith('unknown error')) return 'name'
  const name = first.replace(/^match\./, '')
  return names.find(each => each === name)
}

const RULE_FIELDS = new Set([
  ...['id', 'api', 'operation', 'match', 'fault', 'sequence', 'times', 'nth', 'probability', 'perFile'],
  ...['matched', 'hits', 'completed', 'plan', 'stage'],
])

const valueText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

/** `status 503, retryAfterSeconds 30`. */
export function parametersText(fault: Readonly<Record<string, unknown>>): string {
  const parameters = Object.entries(fault).filter(([name]) => !RULE_FIELDS.has(name))
  return parameters.map(([name, value]) => `${name} ${valueText(value)}`).join(', ')
}

/** `502, then none, then delay`: the kinds of a rule. */
export function kindText({ fault, sequence }: Pick<Fault, 'fault' | 'sequence'>): string {
  return fault ?? `sequence: ${(sequence ?? []).map(step => step.fault).join(', ')}`
}

/** Which of the matching requests the rule applies to. */
export function limitsText({ times, nth, probability, perFile }: Omit<FaultRequest, 'operation'>): string {
  const limits = [
    times === undefined ? '' : times === 1 ? 'once' : `${times} times`,
    nth === undefined ? '' : `only request ${nth}`,
    probability === undefined ? '' : `probability ${probability}`,
    perFile ? 'for each path' : '',
  ]
  return limits.filter(Boolean).join(', ')
}

/** `range resume, header Authorization`. */
export function matchText(match: FaultRequest['match']): string {
  return Object.entries(match ?? {})
    .map(([name, value]) => `${name} ${valueText(value)}`)
    .join(', ')
}
