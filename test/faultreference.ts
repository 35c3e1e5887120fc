// Writes docs/reference/faults.md from the descriptions in the fault kinds.
import type { TSchema } from '@sinclair/typebox'
import type { AnyFaultKind } from '../src/http/faults/kind.ts'
import { faultKinds } from '../src/http/faults/kinds/index.ts'

export function faultReference(): string {
  return [
    '<!-- Generated from src/http/faults/kinds by `npm run generate`; do not edit. -->',
    '# Fault kinds',
    '',
    'A fault is armed with its kind and parameters, for example `{"operation":"getJob","fault":"delay","ms":200}`. Each kind',
    'exists to find a certain bug in clients.',
    ...faultKinds.flatMap(kindSection),
    '',
  ].join('\n')
}

function kindSection({ name, provokes, forms }: AnyFaultKind): string[] {
  return ['', `## ${name}`, '', `Finds this bug: ${provokes}`, ...forms.flatMap(formSection)]
}

function formSection({ description = '', properties, required = [] }: AnyFaultKind['forms'][number]): string[] {
  const rows = Object.entries<TSchema>(properties).map(
    ([name, schema]) =>
      `| \`${name}\` | ${required.includes(name) ? 'yes' : 'no'} | ${valuesOf(schema)} | ${schema.description ?? ''} |`,
  )
  const table = rows.length === 0 ? [] : ['', '| parameter | required | value | |', '|---|---|---|---|', ...rows]
  return ['', description, ...table]
}

function valuesOf(schema: TSchema): string {
  const choices: TSchema[] = schema.anyOf ?? (schema.const === undefined ? [] : [schema])
  if (choices.length > 0) return choices.map(choice => `\`${choice.const}\``).join(', ')
  const { type = 'anything', minimum, maximum } = schema
  const noun = type === 'integer' ? 'whole number' : type
  if (minimum === undefined) return noun
  return maximum === undefined ? `${noun}, at least ${minimum}` : `${noun} from ${minimum} to ${maximum}`
}
