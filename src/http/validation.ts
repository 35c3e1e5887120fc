// Validates requests with TypeBox: JSON bodies as sent; query, path parameters and headers are coerced from text.
import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { type TypeCheck, TypeCompiler, type ValueError, ValueErrorType } from '@sinclair/typebox/compiler'
import { FormatRegistry } from '@sinclair/typebox/type'
import { Value } from '@sinclair/typebox/value'
import type { FastifySchemaCompiler, FastifyTypeProvider } from 'fastify'
import { problemSentence } from './problems.ts'

/** Types a handler's request by the route's TypeBox schemas. */
export interface TypeBoxProvider extends FastifyTypeProvider {
  validator: this['schema'] extends TSchema ? Static<this['schema']> : unknown
  serializer: unknown
}

FormatRegistry.Set('date-time', text => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text))
FormatRegistry.Set('uuid', text => /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text))
FormatRegistry.Set('uri', text => URL.canParse(text))

/** `coerceBody`: bodies are forms, in which every value is text. */
export function validatorCompiler({ coerceBody = false } = {}): FastifySchemaCompiler<TSchema> {
  return ({ schema, httpPart }) => {
    // Compiled by the first request: a server for a test uses few of its operations.
    let compiled: TypeCheck<TSchema> | undefined
    const toCoerce = httpPart !== 'body' || coerceBody ? withoutTexts(schema) : undefined
    return (sent: unknown) => {
      const value = toCoerce ? coerced(toCoerce, sent) : sent
      compiled ??= TypeCompiler.Compile(schema)
      if (compiled.Check(value)) return { value }
      return { error: problemsOf(compiled.Errors(value)) }
    }
  }
}

/** The properties that need coercion or a default; undefined if none do. Almost all parameters are texts. */
function withoutTexts(schema: TSchema): TSchema | undefined {
  if (schema.type !== 'object') return schema
  const others = Object.entries<TSchema>(schema.properties ?? {}).filter(([, property]) => !isText(property))
  return others.length === 0 ? undefined : Type.Object(Object.fromEntries(others))
}

function isText({ type, anyOf, default: filler }: TSchema): boolean {
  return filler === undefined && (type === 'string' || (anyOf?.every(isText) ?? false))
}

/** Value.Convert turns `1.9` and `true` into the integer 1; a value whose number differs from its text stays text. */
export function coerced(schema: TSchema, input: unknown): unknown {
  const texts = { ...(input as Record<string, unknown>) }
  const value = Value.Convert(schema, Value.Default(schema, input)) as Record<string, unknown>
  for (const [name, text] of Object.entries(texts)) {
    if (typeof value[name] === 'number' && Number(text) !== value[name]) value[name] = text
  }
  return value
}

const MAX_PROBLEMS = 10

/** One problem per path: a missing field is not also reported as having the wrong type. */
function problemsOf(errors: Iterable<ValueError>) {
  const firstAt = new Map<string, ValueError>()
  for (const error of errors) if (!firstAt.has(error.path)) firstAt.set(error.path, error)
  return [...firstAt.values()].slice(0, MAX_PROBLEMS).map(toFastifyProblem)
}

function toFastifyProblem(problem: ValueError) {
  return {
    keyword: ValueErrorType[problem.type],
    instancePath: problem.path,
    schemaPath: '',
    params: {},
    message: problemSentence(problem),
  }
}
