// Checks what callers give against the schema of the control API, so that programs are refused in the same words as requests.
import type { TSchema } from '@sinclair/typebox'
import { Value, ValueErrorType } from '@sinclair/typebox/value'
import { explainProblem } from '../http/validation.ts'
import { Refusal } from '../sandbox/refusal.ts'

/** Throws Refusal. */
export function checked<T>(schema: TSchema, value: unknown): T {
  const [problem] = Value.Errors(schema, value)
  if (!problem) return value as T
  const known = problem.type === ValueErrorType.ObjectAdditionalProperties ? problem.schema.properties : undefined
  const names = known ? ` There are ${Object.keys(known).join(', ')}.` : ''
  throw new Refusal('invalid', explainProblem(problem) + names)
}
