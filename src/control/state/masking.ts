// Redacts the secrets in rows and in whole state documents.
import type { TSchema } from '@sinclair/typebox'
import { isSecret } from '../../../schemas/secret.ts'
import type { Api } from '../../apis/api.ts'
import { redactedText } from '../../http/journal/redaction.ts'
import { exportDocument } from '../../sandbox/documents.ts'
import { ownValue } from '../../sandbox/own.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'

/** The marks of the schemas redact whole values; patterns find the secrets in what clients sent. */
export function shownValues(schema: TSchema, document: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(redactedText(JSON.stringify(masked(schema, document))))
}

/** The state document of a sandbox as JSON, redacted like its rows. It cannot be imported. */
export function redactedState(sandbox: Sandbox, apis: readonly Api[]): string {
  const document = exportDocument(sandbox, apis)
  const sections = apis.map(({ name, tables }) => {
    const rows = document[name] as Record<string, Record<string, unknown>[]>
    const shown = tables.map(({ key, row }) => [key, rows[key]?.map(each => masked(row, each))])
    return [name, Object.fromEntries(shown)]
  })
  const shown = { ...document, ...Object.fromEntries(sections) }
  return `${redactedText(JSON.stringify(shown, null, 2))}\n`
}

/** `schema`: undefined for a value that no schema describes. */
function masked(schema: TSchema | undefined, value: unknown): unknown {
  if (schema === undefined || value === null || value === undefined) return value
  if (isSecret(schema)) return '[redacted]'
  const forms: readonly TSchema[] = schema.anyOf ?? []
  if (forms.length > 0) return forms.reduce((shown: unknown, form) => masked(form, shown), value)
  if (Array.isArray(value)) return value.map(item => masked(schema.items, item))
  if (typeof value !== 'object') return value
  const properties: Record<string, TSchema> = schema.properties ?? {}
  const fields = Object.entries(value).map(([name, field]) => [name, masked(ownValue(properties, name), field)])
  return Object.fromEntries(fields)
}
