// How a route declares its answers, so that openapi.yaml lists every status with its media type, meaning and examples.
import type { TSchema } from '@sinclair/typebox'
import type { ApiError, Catalogue } from './errors.ts'

export interface Answer {
  description: string
  content: Record<string, { schema: TSchema; examples?: Record<string, { value: unknown }> }>
}

/** A JSON answer; `examples` by name, each checked against the schema by the tests. */
export function json(description: string, schema: TSchema, examples?: Record<string, unknown>): Answer {
  return { description, content: { 'application/json': { schema, ...namedExamples(examples) } } }
}

/** The failures of an operation by status: one named example per catalogue row, rendered as the room renders it. */
export function failures<Name extends string>(
  catalogue: Catalogue<Name>,
  schema: TSchema,
  body: (error: ApiError) => unknown,
  names: readonly Name[],
): Record<number, Answer> {
  const byStatus = Map.groupBy(names, name => catalogue.rows[name].status)
  const answers = [...byStatus].map(([status, group]): [number, Answer] => {
    const examples = group.map(name => [name, body(catalogue.error(name))])
    const meanings = new Set(group.map(name => catalogue.rows[name].message))
    return [status, json([...meanings].join(' '), schema, Object.fromEntries(examples))]
  })
  return Object.fromEntries(answers)
}

function namedExamples(examples: Record<string, unknown> | undefined) {
  if (!examples) return {}
  return { examples: Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }])) }
}
