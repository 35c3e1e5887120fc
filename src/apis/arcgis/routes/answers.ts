// arcgis: the responses that operations declare: success and their errors, as JSON, as text and as a page.
import { type TSchema, Type } from '@sinclair/typebox'
import { ArcgisError, ArcgisOutcome } from '../../../../schemas/arcgis.ts'
import type { ApiError } from '../../../http/errors.ts'
import type { Answer } from '../../../http/responses.ts'
import { adminBody, catalogue, type ErrorName, sharingBody } from '../errors.ts'

const COMMON_ERRORS: ErrorName[] = ['MalformedBody', 'PayloadTooLarge', 'UnsupportedMediaType', 'InternalError']
const TOKEN_ERRORS: ErrorName[] = ['PermissionDenied', 'InvalidToken', 'TokenRequired']

export interface Success {
  description: string
  schema: TSchema
  /** As the vendor documents it. */
  documented: unknown
}

/** The errors of an operation besides those that every operation has. */
export interface Failures {
  errors: readonly ErrorName[]
  /** For parameters that are not valid. */
  invalid: ErrorName
}

export type Answers = Record<number, Answer>

/**
 * The responses of an operation of the Administrator API: success and every error, in three formats, all with status 200,
 * and 503 while the organization is being restored.
 */
export function adminAnswers(success: Success, { errors, invalid }: Failures): Answers {
  return {
    ...answers(success, adminBody, [...errors, ...TOKEN_ERRORS, invalid, ...COMMON_ERRORS]),
    ...unavailable(adminBody),
  }
}

/** Likewise for the sharing API. */
export function sharingAnswers(success: Success, { errors, invalid }: Failures): Answers {
  return {
    ...answers(success, sharingBody, [...errors, ...TOKEN_ERRORS, invalid, ...COMMON_ERRORS]),
    ...unavailable(sharingBody),
  }
}

/** Likewise for an operation that is served while the organization is being restored. */
export function withoutUnavailable({ 503: _unavailable, ...others }: Answers): Answers {
  return others
}

/** Likewise for operations that do not require a token, all of which are served during a restore. */
export function openAnswers(isSharing: boolean) {
  return (success: Success, { errors, invalid }: Failures): Answers =>
    answers(success, isSharing ? sharingBody : adminBody, [...errors, invalid, ...COMMON_ERRORS])
}

function unavailable(body: (error: ApiError) => ArcgisError): Answers {
  const example = { value: body(catalogue.example('OrganizationUnavailable')) }
  return {
    503: {
      description: catalogue.rows.OrganizationUnavailable.message,
      content: {
        'application/json': { schema: ArcgisError, examples: { OrganizationUnavailable: example } },
        'text/plain': { schema: Type.String({ description: 'f=pjson: the same JSON, indented' }) },
        'text/html': { schema: Type.String({ description: 'f=html: a page' }) },
      },
    },
  }
}

function answers(
  { description, schema, documented }: Success,
  body: (error: ApiError) => ArcgisError,
  names: readonly ErrorName[],
): Answers {
  const failures = names.map(name => [name, { value: body(catalogue.example(name)) }])
  const examples = { documented: { value: documented }, ...Object.fromEntries(failures) }
  return {
    200: {
      description: `${description} An error is returned under the key error.`,
      content: {
        'application/json': { schema: ArcgisOutcome(schema), examples },
        'text/plain': { schema: Type.String({ description: 'f=pjson: the same JSON, indented' }) },
        'text/html': { schema: Type.String({ description: 'f=html: a page; without a token, the sign-in form' }) },
      },
    },
  }
}
