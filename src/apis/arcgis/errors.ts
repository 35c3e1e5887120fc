// arcgis: what can go wrong, the two bodies for it, and how operations declare their answers.
import type { TSchema } from '@sinclair/typebox'
import { Type } from '@sinclair/typebox'
import { type ArcgisError, ArcgisOutcome } from '../../../schemas/arcgis.ts'
import { type ApiError, type Catalogue, defineCatalogue } from '../../http/errors.ts'
import type { Answer } from '../../http/responses.ts'

const UNKNOWN_FORMAT = 'The field f must be one of html, json, pjson.'

/** The HTTP status is always 200, as the vendor's own clients require; `code` is what tells failures apart. */
export const catalogue = defineCatalogue(
  {
    InvalidParameter: {
      status: 200,
      code: 400,
      message: 'A parameter is missing or not valid.',
      example: { message: UNKNOWN_FORMAT, details: [UNKNOWN_FORMAT] },
      mark: 'inferred',
    },
    BackupExists: {
      status: 200,
      code: 400,
      message: 'The backup store has a backup of that name.',
      example: { message: 'The backup store backupsDefault has a backup named backup_first.' },
      mark: 'inferred',
    },
    MalformedBody: { status: 200, code: 400, message: 'The body is not a readable form.', mark: 'inferred' },
    TokenNotGenerated: {
      status: 200,
      code: 400,
      message: 'Unable to generate token.',
      example: { details: ['Invalid username or password.'] },
      mark: 'client-code',
    },
    SignInFailed: { status: 200, code: 400, message: 'Invalid username or password.', mark: 'client-code' },
    PermissionDenied: {
      status: 200,
      code: 403,
      message: 'You do not have permissions to access this resource or perform this operation.',
      mark: 'client-code',
    },
    UnknownPath: { status: 200, code: 404, message: 'There is no such resource or operation.', mark: 'inferred' },
    UnknownStore: {
      status: 200,
      code: 404,
      message: 'There is no such backup store.',
      example: { message: 'The backup store nowhere was not found.' },
      mark: 'inferred',
    },
    UnknownJob: {
      status: 200,
      code: 404,
      message: 'There is no such job.',
      example: { message: 'The job j7d22f855-2c9f-4934-94e4-93c5e85cd271 was not found.' },
      mark: 'inferred',
    },
    MethodNotAllowed: {
      status: 200,
      code: 405,
      message: 'The method is not allowed for this resource or operation.',
      mark: 'inferred',
    },
    PayloadTooLarge: { status: 200, code: 413, message: 'The body is too large.', mark: 'inferred' },
    UnsupportedMediaType: {
      status: 200,
      code: 415,
      message: 'The body must be sent as application/x-www-form-urlencoded or multipart/form-data.',
      mark: 'inferred',
    },
    ExpectationFailed: { status: 200, code: 417, message: 'The expectation cannot be met.', mark: 'inferred' },
    RequestHeadersTooLarge: {
      status: 200,
      code: 431,
      message: 'The request line and headers are larger than 16 KiB.',
      mark: 'inferred',
    },
    ServiceUnavailable: { status: 200, code: 503, message: 'The server is stopping.', mark: 'inferred' },
    InvalidToken: { status: 200, code: 498, message: 'Invalid Token.', mark: 'inferred' },
    TokenRequired: { status: 200, code: 499, message: 'Token Required.', mark: 'client-code' },
    InternalError: { status: 200, code: 500, message: 'An unexpected error occurred.', mark: 'inferred' },
  },
  {
    malformedBody: 'MalformedBody',
    unsupportedMediaType: 'UnsupportedMediaType',
    bodyTooLarge: 'PayloadTooLarge',
    invalidInput: 'InvalidParameter',
    unknownPath: 'UnknownPath',
    wrongMethod: 'MethodNotAllowed',
    expectationFailed: 'ExpectationFailed',
    headTooLarge: 'RequestHeadersTooLarge',
    unavailable: 'ServiceUnavailable',
    unexpected: 'InternalError',
  },
)
export type ErrorName = keyof typeof catalogue.rows

/** In the sharing API whatever is wrong with a request for a token is told in the details. */
export const sharingCatalogue: Catalogue<ErrorName> = {
  ...catalogue,
  conditions: { ...catalogue.conditions, invalidInput: 'TokenNotGenerated' },
}

/** The Administrator API says in the message what was wrong; details are null where there is no more to say. */
export function adminBody({ row, message, details }: ApiError): ArcgisError {
  return { error: { code: Number(row.code), message, details: details.length === 0 ? null : details } }
}

/** The sharing API has one message for each kind of failure, and says what was wrong in the details. */
export function sharingBody({ row, details }: ApiError): ArcgisError {
  return { error: { code: Number(row.code), message: row.message, details } }
}

const EVERYWHERE = ['InvalidParameter', 'MalformedBody', 'PayloadTooLarge', 'UnsupportedMediaType', 'InternalError']
const SIGNED_IN = ['PermissionDenied', 'InvalidToken', 'TokenRequired']

interface Success {
  description: string
  schema: TSchema
  /** As the vendor documents it. */
  documented: unknown
}

/** The answers of an operation that needs a token: success and every failure, in three formats, all with status 200. */
export function adminAnswers(success: Success, ...more: ErrorName[]): Record<200, Answer> {
  return answers(success, adminBody, [...more, ...SIGNED_IN, ...EVERYWHERE] as ErrorName[])
}

export function sharingAnswers(success: Success): Record<200, Answer> {
  const failures = EVERYWHERE.filter(name => name !== 'InvalidParameter') as ErrorName[]
  return answers(success, sharingBody, ['TokenNotGenerated', ...failures])
}

function answers(
  { description, schema, documented }: Success,
  body: (error: ApiError) => ArcgisError,
  names: readonly ErrorName[],
): Record<200, Answer> {
  const failures = names.map(name => [name, { value: body(catalogue.example(name)) }])
  const examples = { documented: { value: documented }, ...Object.fromEntries(failures) }
  return {
    200: {
      description: `${description} Or what went wrong, under the key error.`,
      content: {
        'application/json': { schema: ArcgisOutcome(schema), examples },
        'text/plain': { schema: Type.String({ description: 'f=pjson: the same JSON, indented' }) },
        'text/html': { schema: Type.String({ description: 'f=html: a page; a form to sign in without a token' }) },
      },
    },
  }
}
