// arcgis: the error catalogue, how errors are rendered, and the responses that operations declare.
import type { TSchema } from '@sinclair/typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { ArcgisError, ArcgisOutcome } from '../../../schemas/arcgis.ts'
import { type ApiError, defineCatalogue } from '../../http/errors.ts'
import type { ErrorFormat } from '../../http/failures.ts'
import type { Page } from '../../http/html.ts'
import type { Answer } from '../../http/responses.ts'
import { respond, sendJson } from './formats.ts'
import { type Frame, targetOf } from './frame.ts'
import { errorPage } from './pages/error.ts'
import { pagesOf } from './pages/index.ts'
import { signInPage } from './pages/sign-in.ts'
import { parametersOf } from './parameters.ts'

const UNKNOWN_FORMAT = 'The field f must be one of html, json, pjson.'

/** The HTTP status is always 200, as the vendor's own clients require; `code` distinguishes the errors. */
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
    StoreExists: {
      status: 200,
      code: 400,
      message: 'There is a backup store of that name.',
      example: { message: 'The backup store backupsDefault is registered already.' },
      mark: 'inferred',
    },
    WrongPasscode: {
      status: 200,
      code: 400,
      message: 'The passcode is not that of the backup.',
      mark: 'inferred',
    },
    UnknownItem: {
      status: 200,
      code: 400,
      message: 'Item does not exist or is inaccessible.',
      mark: 'client-code',
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
    UnknownBackup: {
      status: 200,
      code: 404,
      message: 'There is no such backup.',
      example: { message: 'The backup backup_first was not found in the store backupsDefault.' },
      mark: 'inferred',
    },
    UnknownTask: {
      status: 200,
      code: 404,
      message: 'There is no such task.',
      example: { message: 'The task 5f0cdc50cf36460990bb6edfe9b60e08 was not found.' },
      mark: 'inferred',
    },
    UnknownRun: {
      status: 200,
      code: 404,
      message: 'There is no such run.',
      example: { message: 'The run dae1bfa5d6ec44349790ebb3f27dd4e1 was not found.' },
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
    ExpectationFailed: {
      status: 200,
      code: 417,
      message: 'The only supported value of the Expect header is 100-continue.',
      mark: 'inferred',
    },
    RequestHeadersTooLarge: {
      status: 200,
      code: 431,
      message: 'The request line and headers are larger than 16 KiB.',
      mark: 'inferred',
    },
    OrganizationUnavailable: {
      status: 503,
      code: 503,
      message: 'The organization is unavailable while it is being restored.',
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

/** The Administrator API gives the reason in the message; details are null when there are none. */
export function adminBody({ row, message, details }: ApiError): ArcgisError {
  return { error: { code: Number(row.code), message, details: details.length === 0 ? null : details } }
}

/** Where the sharing API has its own text. */
const SHARING_TEXTS: Partial<Record<string, { message: string; messageCode?: string; details?: string[] }>> = {
  InvalidToken: { message: 'Invalid token.' },
  TokenRequired: { message: 'Token Required', messageCode: 'GWM_0003', details: ['Token Required'] },
  PermissionDenied: { message: catalogue.rows.PermissionDenied.message, messageCode: 'GWM_0003' },
  UnknownItem: { message: catalogue.rows.UnknownItem.message, messageCode: 'CONT_0001' },
}

/** The sharing API has a fixed message for each error, and gives the reason in the details. */
export function sharingBody({ errorName, row, details }: ApiError): ArcgisError {
  return { error: { code: Number(row.code), message: row.message, details, ...SHARING_TEXTS[errorName] } }
}

const SIGN_IN_ERRORS = new Set(['TokenRequired', 'InvalidToken', 'SignInFailed'])

function errorFormatOf(bodyOf: (error: ApiError) => ArcgisError): ErrorFormat {
  return {
    catalogue,
    body: bodyOf,
    mediaType: 'application/json;charset=utf-8',
    // The parameter f may be in the form.
    readsBodies: true,
    render(error, request, reply) {
      const body = bodyOf(error)
      reply.code(error.row.status).headers(error.headers)
      return respond(request, reply, body, failurePage(request, error, body))
    },
    show({ name, value }, request, reply) {
      // Examples are JSON; another format is sent only when the request specifies it.
      if (parametersOf(request).f === undefined) return sendJson(reply, value as object)
      const page = Object.hasOwn(catalogue.rows, name)
        ? failurePage(request, { errorName: name, fields: {} }, value as ArcgisError)
        : (frame: Frame) => answerPage(request, frame, value as object)
      return respond(request, reply, value as object, page)
    },
  }
}

/** Throws RangeError for a route without pages; examples are declared only by routes that have them. */
function answerPage(request: FastifyRequest, frame: Frame, value: object): Page {
  const pages = pagesOf(request)
  if (!pages) throw new RangeError(`no page shows ${request.routeOptions.url}`)
  return pages.answer(frame, value, request)
}

/** Errors that other values in the form would not prevent. */
const FINAL_CODES = new Set([403, 404, 405])

function failurePage(
  request: FastifyRequest,
  { errorName, fields }: Pick<ApiError, 'errorName' | 'fields'>,
  body: ArcgisError,
) {
  return (frame: Frame): Page => {
    const parameters = parametersOf(request)
    if (SIGN_IN_ERRORS.has(errorName)) {
      // Without a token there is no mistake to report yet.
      const message = errorName === 'TokenRequired' ? undefined : body.error.message
      return signInPage(frame, {
        redirect: parameters.redirect ?? targetOf(request, frame),
        username: parameters.username,
        message,
      })
    }
    const failed = pagesOf(request)?.failed
    if (!failed || (FINAL_CODES.has(body.error.code) && Object.keys(fields).length === 0)) return errorPage(frame, body)
    const values = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, String(value)]))
    return failed(frame, { values, problems: fields }, body)
  }
}

export const adminErrorFormat = errorFormatOf(adminBody)
export const sharingErrorFormat = errorFormatOf(sharingBody)

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

/** Likewise for operations that do not require a token. */
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
