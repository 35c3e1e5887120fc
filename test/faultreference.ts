// Writes docs/reference/faults.md from the descriptions in the fault kinds and plans.
import type { TSchema } from '@sinclair/typebox'
import profiles from '../fixtures/profiles.json' with { type: 'json' }
import type { FaultPlan } from '../schemas/control.ts'
import { readyMadePlans } from '../src/control/faults/plans.ts'
import type { AnyFaultKind } from '../src/http/faults/kind.ts'
import { faultKinds } from '../src/http/faults/kinds/index.ts'

export function faultReference(): string {
  return [
    '<!-- Generated from src/http/faults/kinds, fixtures/plans.json and fixtures/profiles.json by `npm run generate`; do not edit. -->',
    '# Fault kinds',
    '',
    'A fault is armed with its kind and parameters, for example `{"operation":"getJob","fault":"delay","ms":200}`. Each kind',
    'exists to find a certain bug in clients. [The guide](../guides/faults.md) says how to arm one, and for which requests.',
    '',
    '| kind | what it does | parameters |',
    '|---|---|---|',
    ...faultKinds.map(overviewRow),
    ...faultKinds.flatMap(kindSection),
    '',
    '## Plans',
    '',
    'A plan is armed with `POST /__admin/faults/plans`, `faults.armPlan()`, `firedrill fault --plan NAME`, or with a sandbox. Its stages',
    'start at these times after that, on the virtual clock; each lasts until the next one starts.',
    ...readyMadePlans().flatMap(planSection),
    '',
    '## Profiles',
    '',
    'A profile is armed with `POST /__admin/faults/profiles/{name}`, `faults.armProfile()` or `firedrill fault --profile NAME`.',
    '',
    '| profile | | faults | job rules |',
    '|---|---|---|---|',
    ...Object.entries(profiles).map(
      ([name, { description, faults, jobRules }]) =>
        `| ${name} | ${description} | ${codes(faults)} | ${codes(jobRules)} |`,
    ),
    '',
  ].join('\n')
}

function overviewRow({ name, forms }: AnyFaultKind): string {
  const effects = new Set(forms.map(({ description = '' }) => description))
  const parameters = new Set(forms.flatMap(({ properties }) => Object.keys(properties)))
  const names = [...parameters].map(parameter => `\`${parameter}\``)
  return `| [\`${name}\`](#${name}) | ${[...effects].join(' ')} | ${names.join(', ') || '–'} |`
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

function planSection({ name, description, stages }: FaultPlan): string[] {
  const rows = stages.map(({ from, description = '', faults = [] }) => {
    return `| ${from} | ${description} | ${codes(faults)} |`
  })
  return ['', `### ${name}`, '', description, '', '| from | | faults |', '|---|---|---|', ...rows]
}

function codes(values: readonly object[]): string {
  return values.map(value => `\`${JSON.stringify(value)}\``).join('<br>') || 'none'
}
