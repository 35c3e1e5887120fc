// The error catalogue of the Disaster Recovery Files API and its error body.
import {
  type DisasterRecoveryError,
  DisasterRecoveryError as ErrorSchema,
} from '../../../schemas/disaster-recovery-files.ts'
import { type ApiError, defineCatalogue } from '../../http/errors.ts'
import type { ErrorFormat } from '../../http/failures.ts'
import { failures } from '../../http/responses.ts'

/**
 * The vendor documents only 404102. It looks like the status followed by a reason number; the other codes follow that pattern.
 * Errors of the web interface are pages, which do not show their codes.
 */
export const catalogue = defineCatalogue(
  {
    InvalidRequest: {
      status: 400,
      code: 400101,
      message: 'The request is not valid.',
      example: { message: 'The field limit must be at least 1.' },
      mark: 'inferred',
    },
    Unauthorized: {
      status: 401,
      code: 401101,
      message: 'The API key is missing or unknown: send it in the Authorization header, with the scheme Bearer.',
      mark: 'inferred',
    },
    SignInRequired: { status: 401, code: 401102, message: 'Sign in to continue.', mark: 'inferred' },
    SignInFailed: { status: 401, code: 401103, message: 'The username or the password is wrong.', mark: 'inferred' },
    NoApiAccess: {
      status: 403,
      code: 403101,
      message: 'The user does not have read access to the API.',
      mark: 'inferred',
    },
    NoDownloadAccess: {
      status: 403,
      code: 403102,
      message: 'The user does not have data-protection download access.',
      mark: 'inferred',
    },
    WrongPassword: { status: 403, code: 403103, message: 'The password is wrong.', mark: 'inferred' },
    WrongCode: { status: 403, code: 403104, message: 'The authentication code is wrong.', mark: 'inferred' },
    UsedCode: {
      status: 403,
      code: 403105,
      message: 'This authentication code has been used. Wait for the next one.',
      mark: 'inferred',
    },
    NotYourKey: {
      status: 403,
      code: 403106,
      message: 'Only users with Primary data-protection access can replace the API keys of other users.',
      mark: 'inferred',
    },
    CrossSiteRequest: {
      status: 403,
      code: 403107,
      message: 'The form was sent from a page of another site.',
      mark: 'inferred',
    },
    UnknownEndpoint: { status: 404, code: 404101, message: 'There is no such endpoint.', mark: 'inferred' },
    FileNotFound: {
      status: 404,
      code: 404102,
      message: 'The disaster recovery file was not found or has expired.',
      mark: 'documented',
    },
    MethodNotAllowed: {
      status: 405,
      code: 405101,
      message: 'This endpoint is read-only: the platform generates the files automatically.',
      mark: 'inferred',
    },
    PageMethodNotAllowed: {
      status: 405,
      code: 405102,
      message: 'The method is not allowed for this page.',
      mark: 'inferred',
    },
    NotAcceptable: {
      status: 406,
      code: 406101,
      message: 'The Accept header admits no media type that this resource has.',
      example: { message: 'This resource is available as application/json or application/x-7z-compressed.' },
      mark: 'inferred',
    },
    PreconditionFailed: {
      status: 412,
      code: 412101,
      message: 'The file is not the one that If-Match or If-Unmodified-Since names.',
      mark: 'inferred',
    },
    BodyTooLarge: { status: 413, code: 413101, message: 'The request body is too large.', mark: 'inferred' },
    UnsupportedMediaType: {
      status: 415,
      code: 415101,
      message: 'The request body is of an unsupported media type.',
      mark: 'inferred',
    },
    RangeNotSatisfiable: {
      status: 416,
      code: 416101,
      message: 'The file has no bytes in the requested range.',
      mark: 'inferred',
    },
    ExpectationFailed: {
      status: 417,
      code: 417101,
      message: 'The only supported value of the Expect header is 100-continue.',
      mark: 'inferred',
    },
    TooManyCodes: {
      status: 429,
      code: 429101,
      message: 'Too many wrong codes. Try again later.',
      example: { message: 'Too many wrong codes. Try again in 15 minutes.' },
      mark: 'inferred',
    },
    RequestHeadersTooLarge: {
      status: 431,
      code: 431101,
      message: 'The request line and headers are larger than 16 KiB.',
      mark: 'inferred',
    },
    ServiceUnavailable: { status: 503, code: 503101, message: 'The server is stopping.', mark: 'inferred' },
    UnexpectedError: { status: 500, code: 500101, message: 'An unexpected error occurred.', mark: 'inferred' },
  },
  {
    malformedBody: 'InvalidRequest',
    unsupportedMediaType: 'UnsupportedMediaType',
    bodyTooLarge: 'BodyTooLarge',
    invalidInput: 'InvalidRequest',
    unknownPath: 'UnknownEndpoint',
    wrongMethod: 'MethodNotAllowed',
    expectationFailed: 'ExpectationFailed',
    headTooLarge: 'RequestHeadersTooLarge',
    unavailable: 'ServiceUnavailable',
    unexpected: 'UnexpectedError',
  },
)
export type ErrorName = keyof typeof catalogue.rows

export function body({ row, message }: ApiError): DisasterRecoveryError {
  return { error: { code: Number(row.code), message } }
}

export const errorFormat: ErrorFormat = {
  catalogue,
  body,
  render: (error, _request, reply) => reply.code(error.row.status).headers(error.headers).send(body(error)),
}

/** The errors that every operation can answer with, and `more`. */
export function failuresOf(...more: ErrorName[]) {
  const everywhere: ErrorName[] = ['Unauthorized', 'NoApiAccess', 'NoDownloadAccess', 'UnexpectedError']
  return failures(catalogue, ErrorSchema, body, [...more, ...everywhere])
}
