// arcgis: reads parameters whose text is JSON. Synchronous; throws from the catalogue.
import type { Static, TSchema } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import type { ApiError } from '../../../http/errors.ts'
import { describeProblems } from '../../../http/problems.ts'
import { catalogue } from '../errors.ts'

/** The value of the field, which fits the schema. Throws InvalidParameter. */
export function parseJson<Schema extends TSchema>(field: string, schema: Schema, text: string): Static<Schema> {
  const value = parse(field, text)
  if (Value.Check(schema, value)) return value
  const [problem = `${field} is not valid`] = describeProblems(prefixed(field, Value.Errors(schema, value)), field)
  throw invalid(`The field ${problem}.`, field)
}

function parse(field: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw invalid(`The field ${field} must be JSON.`, field)
  }
}

function* prefixed<Problem extends { path: string }>(field: string, problems: Iterable<Problem>): Iterable<Problem> {
  for (const problem of problems) yield { ...problem, path: `/${field}${problem.path}` }
}

/** `field` is the form field that is wrong. */
export function invalid(message: string, field: string): ApiError {
  return catalogue.error('InvalidParameter', { message, details: [message], fields: { [field]: message } })
}
