// arcgis: reads parameters whose text is JSON. Synchronous; throws from the catalogue.
import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import type { ApiError } from '../../../http/errors.ts'
import { describeProblems } from '../../../http/problems.ts'
import { catalogue } from '../errors.ts'

/** The value of the field, which fits the schema. Throws InvalidParameter. */
export function parseJson<Schema extends TSchema>(field: string, schema: Schema, text: string): Static<Schema> {
  const value = parse(field, text)
  if (Value.Check(schema, value)) return value
  // Checked as a part of a form, so that every path begins with the name of the field.
  const problems = Value.Errors(Type.Object({ [field]: schema }), { [field]: value })
  const [problem = `${field} is not valid`] = describeProblems(problems, field)
  throw invalid(`The field ${problem}.`, field)
}

function parse(field: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw invalid(`The field ${field} must be JSON.`, field)
  }
}

/** `field` is the form field that is wrong. */
export function invalid(message: string, field: string): ApiError {
  return catalogue.error('InvalidParameter', { message, details: [message], fields: { [field]: message } })
}
