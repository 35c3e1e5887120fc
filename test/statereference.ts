// Writes docs/reference/state.md, the tables of state documents and their fields, from the schemas of the rows.
import type { TSchema } from '@sinclair/typebox'
import { apis } from '../src/apis/index.ts'
import { DOCUMENT_FORMAT, documentSchema } from '../src/sandbox/documents.ts'

/** A table in the schema of documents. */
interface TableSchema {
  items: { properties: Record<string, TSchema> }
}
type Section = Record<string, TableSchema>

export function stateReference(): string {
  const { properties } = documentSchema(apis) as { properties: Record<string, { properties: Section } & TableSchema> }
  const core = Object.fromEntries(
    Object.entries(properties).filter(([, schema]) => Object.hasOwn(schema, 'items')),
  ) satisfies Section
  return [
    '<!-- Generated from the tables of the APIs and of sandboxes by `npm run generate`; do not edit. -->',
    '# State documents',
    '',
    'The tables of a [state document](../guides/state.md#state-documents) and their fields. A document is a JSON object: `format`, the number',
    `${DOCUMENT_FORMAT}; \`clock\`, with \`now\` and \`rate\`; the tables of a sandbox; and for each API an object with its tables. Each table is a list`,
    'of rows. `GET /__admin/state/schema` is the same as JSON Schema, with the limits of the values.',
    '',
    'A document that you write needs only the tables of the APIs, and of these only what differs: an API that is left out has the demo data.',
    'Fields with a default can be left out. An *instant* is ISO 8601 with offset, or a duration relative to the start of the sandbox (`+6d`,',
    '`-2h`). Unknown tables and fields are refused.',
    ...apis.flatMap(({ name, title }) => [
      '',
      `## ${name}`,
      '',
      `${title}.`,
      ...tableSections(properties[name]?.properties ?? {}),
    ]),
    '',
    '## Tables of the sandbox',
    '',
    'Exports contain them, so that a document continues where it was exported: ids, jobs, recurring events, job rules and faults.',
    ...tableSections(core),
    '',
  ].join('\n')
}

function tableSections(section: Section): string[] {
  return Object.entries(section).flatMap(([key, { items }]) => [
    '',
    `### ${key}`,
    '',
    '| field | value | default | |',
    '|---|---|---|---|',
    ...Object.entries(items.properties).map(fieldRow),
  ])
}

function fieldRow([name, schema]: [string, TSchema]): string {
  const { default: initial, description = '' } = schema
  const isInstant = typeText(schema).startsWith('instant')
  return [
    '',
    `\`${name}\``,
    cell(typeText(schema)),
    initial === undefined ? '' : `\`${JSON.stringify(initial)}\``,
    isInstant ? '' : cell(description),
    '',
  ]
    .join(' | ')
    .trim()
}

function typeText(schema: TSchema): string {
  if (schema['x-instant'] === true) return 'instant'
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.anyOf !== undefined) return [...new Set((schema.anyOf as TSchema[]).map(typeText))].join(' or ')
  if (schema.type === 'array') return `list of ${typeText(schema.items)}`
  if (schema.type === 'object' && schema.properties !== undefined) return objectText(schema)
  if (schema.type === 'integer') return 'whole number'
  return schema.type ?? 'JSON'
}

function objectText({ properties, required = [] }: TSchema): string {
  const fields = Object.entries<TSchema>(properties).map(
    ([name, schema]) => `${name}${(required as string[]).includes(name) ? '' : '?'}: ${typeText(schema)}`,
  )
  return `{ ${fields.join(', ')} }`
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('*', '\\*')
}
