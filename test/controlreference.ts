// Writes docs/reference/control.md, the reference page of the control API, from its rows.
import type { TObject, TSchema } from '@sinclair/typebox'
import type { Row } from '../src/cli/command.ts'
import { commands } from '../src/cli/table.ts'
import { catalogue, nameOfRefusal } from '../src/control/errors.ts'
import { CAPABILITIES, type Operation } from '../src/control/operation.ts'
import { controlOperations } from '../src/control/operations.ts'

export function controlReference(): string {
  const sections = Object.entries(CAPABILITIES).flatMap(([name, description]) => [
    `## ${name}`,
    '',
    description,
    '',
    ...controlOperations.filter(({ capability }) => capability === name).flatMap(operationSection),
  ])
  return `${[...INTRODUCTION, ...sections].join('\n').trimEnd()}\n`
}

const INTRODUCTION = [
  '<!-- Generated from the control operations by `npm run generate`; do not edit. -->',
  '# Control operations',
  '',
  'Everything that tests and people do to a running server. Each operation exists as an HTTP route below `/__admin`, as a method',
  'of the embedded API and as a command. An operation on a sandbox applies to the addressed sandbox, or by name: as',
  "`/__admin/sandboxes/{name}/…`, as a method of `server.sandbox('name')`, or with `--sandbox NAME`. `firedrill call` runs any of",
  'them except streams of events.',
  '',
  'An invalid input is refused in the same words by every interface. HTTP answers with problem details (RFC 9457), the embedded',
  'API throws `Refusal`, and a command prints the message and exits with 1. Besides the errors listed, each operation can be',
  'refused with 400 (an invalid sandbox name), 401, 403, and 404 for a sandbox that does not exist.',
  '',
]

function operationSection(row: Operation): string[] {
  const { id, summary, description, embedded, scope, method, path, aliases = [] } = row
  const routes = [{ method, path }, ...aliases].map(route => `\`${route.method} /__admin${bracketed(route.path)}\``)
  const owner = scope === 'server' ? 'server' : 'sandbox'
  return [
    `### ${id}`,
    '',
    [`${summary}.`, ...(description === undefined ? [] : [description])].join(' '),
    '',
    '| | |',
    '|---|---|',
    `| HTTP | ${routes.join(', ')} |`,
    `| embedded | \`${owner}.${embedded}(${argumentsOf(row).join(', ')})\` |`,
    `| command | ${commandsOf(row).join(', ') || '–'} |`,
    ...inputLines(row),
    `| answer | ${answerText(row)} |`,
    ...errorLines(row),
    '',
  ]
}

function bracketed(path: string): string {
  return path.replace(/:(\w+)/g, '{$1}')
}

function argumentsOf({ in: parts = {} }: Operation): string[] {
  const inPath = Object.keys(parts.path?.properties ?? {})
  const input = parts.body ?? parts.query
  return [...inPath, ...(input ? ['input'] : [])]
}

function commandsOf({ id, kind }: Operation): string[] {
  const named = (commands as readonly Row[]).filter(
    ({ name, operations = [] }) => name !== 'call' && operations.some(operation => operation.id === id),
  )
  return [...named.map(({ name }) => name), ...(kind === 'events' ? [] : [`call ${id}`])].map(
    name => `\`firedrill ${name}\``,
  )
}

function inputLines({ in: { query, body } = {} }: Operation): string[] {
  return [
    ...(query ? [`| query | ${fieldsText(query)} |`] : []),
    ...(body ? [`| body | ${nameText(body)}${fieldsText(body)} |`] : []),
  ]
}

/** The schema's name, where it is described in the OpenAPI document under one. */
function nameText({ $id }: TSchema): string {
  return $id === undefined ? '' : `\`${$id}\`: `
}

function fieldsText(schema: TSchema): string {
  if (schema.anyOf) return (schema.anyOf as TSchema[]).map(fieldsText).join(' or ')
  const { properties = {}, required = [] } = schema as TObject
  const names = Object.keys(properties).map(name =>
    required.includes(name) ? `\`${name}\`` : `\`${name}\` (optional)`,
  )
  return names.join(', ') || 'any fields'
}

function answerText({ out, outcome, kind, status = 200, media }: Operation): string {
  if (out === undefined) return `204, no body. ${outcome}`
  const type = kind === 'events' ? ', text/event-stream' : media === undefined ? '' : `, ${media}`
  return `${status}${type}. ${outcome}${out.$id === undefined ? '' : ` (\`${out.$id}\`)`}`
}

function errorLines({ in: parts = {}, errors = [] }: Operation): string[] {
  const kinds = [...new Set([...(parts.query || parts.body ? (['invalid'] as const) : []), ...errors])]
  const texts = kinds.map(kind => `${catalogue.rows[nameOfRefusal(kind)].status} ${kind}`)
  return texts.length === 0 ? [] : [`| errors | ${texts.join(', ')} |`]
}
