// Routes are validated with TypeBox: bodies strictly as sent, query, params and headers coerced from their text.
import type { Static, TSchema } from '@sinclair/typebox'
import { TypeCompiler, type ValueError, ValueErrorType } from '@sinclair/typebox/compiler'
import { FormatRegistry } from '@sinclair/typebox/type'
import { Value } from '@sinclair/typebox/value'
import type { FastifySchemaCompiler, FastifyTypeProvider } from 'fastify'

/** Types a handler's request by the route's TypeBox schemas. */
export interface TypeBoxProvider extends FastifyTypeProvider {
  validator: this['schema'] extends TSchema ? Static<this['schema']> : unknown
  serializer: unknown
}

FormatRegistry.Set('date-time', text => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text))
FormatRegistry.Set('uuid', text => /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text))
FormatRegistry.Set('uri', text => URL.canParse(text))

/** For rooms whose bodies are forms, where every value is text, `coerceBody` is on. */
export function validatorCompiler({ coerceBody = false } = {}): FastifySchemaCompiler<TSchema> {
  return ({ schema, httpPart }) => {
    const compiled = TypeCompiler.Compile(schema)
    const coerce = httpPart !== 'body' || coerceBody
    return (input: unknown) => {
      const value = coerce ? Value.Convert(schema, Value.Default(schema, input)) : input
      if (compiled.Check(value)) return { value }
      return { error: [...compiled.Errors(value)].slice(0, MAX_PROBLEMS).map(toFastifyProblem) }
    }
  }
}

const MAX_PROBLEMS = 10

/** What was wrong and what would be right, in one sentence. */
export function explainProblem({ type, path, message, schema }: ValueError): string {
  const field = path.slice(1).replaceAll('/', '.')
  if (field === '') return 'The body must be a JSON object.'
  if (type === ValueErrorType.ObjectRequiredProperty) return `The field ${field} is required.`
  if (type === ValueErrorType.ObjectAdditionalProperties) return `The field ${field} is not known.`
  if (type === ValueErrorType.StringMinLength) {
    return schema.minLength === 1
      ? `The field ${field} must not be empty.`
      : `The field ${field} must be at least ${schema.minLength} characters long.`
  }
  return `The field ${field} is not valid: ${message.charAt(0).toLowerCase()}${message.slice(1)}.`
}

function toFastifyProblem(problem: ValueError) {
  return {
    keyword: ValueErrorType[problem.type],
    instancePath: problem.path,
    schemaPath: '',
    params: {},
    message: explainProblem(problem),
  }
}
