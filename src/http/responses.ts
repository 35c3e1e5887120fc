// Declares the responses of routes, so that openapi.yaml lists every status with its media type, meaning and examples.
import { type TSchema, Type } from '@sinclair/typebox'
import type { ApiError, Catalogue } from './errors.ts'

export interface Answer {
  description: string
  type?: 'null'
  content: Record<string, { schema: TSchema; examples?: Record<string, { value: unknown }> }>
}

/** A JSON response; the tests check each of the named `examples` against the schema. */
export function json(
  description: string,
  schema: TSchema,
  examples?: Record<string, unknown>,
  mediaType = 'application/json',
): Answer {
  return { description, content: { [mediaType]: { schema, ...namedExamples(examples) } } }
}

/** A response without a body. */
export function empty(description: string): Answer {
  // @fastify/swagger needs this type; it does not accept an empty list of media types.
  return { description, type: 'null', content: {} }
}

/** A part of a file, or several parts (RFC 9110 §14.6). */
export function partOf(content: Answer['content']): Answer {
  const schema = Type.String({ format: 'binary', description: 'Each part has its own Content-Type and Content-Range' })
  return {
    description: 'The requested part of the archive; several parts as multipart/byteranges.',
    content: { ...content, 'multipart/byteranges': { schema } },
  }
}

/** The errors of an operation by status: one named example per catalogue row, in the API's error format. */
export function failures<Name extends string>(
  catalogue: Catalogue<Name>,
  schema: TSchema,
  body: (error: ApiError) => unknown,
  names: readonly Name[],
  mediaType?: string,
): Record<number, Answer> {
  const byStatus = Map.groupBy(names, name => catalogue.rows[name].status)
  const answers = [...byStatus].map(([status, group]): [number, Answer] => {
    const examples = group.map(name => [name, body(catalogue.example(name))])
    const meanings = new Set(group.map(name => catalogue.rows[name].message))
    return [status, json([...meanings].join(' '), schema, Object.fromEntries(examples), mediaType)]
  })
  return Object.fromEntries(answers)
}

function namedExamples(examples: Record<string, unknown> | undefined) {
  if (!examples) return {}
  return { examples: Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }])) }
}
