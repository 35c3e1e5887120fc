// a9s: the catalogue of errors and the vendor's error body.
import { type A9sError, A9sError as ErrorSchema } from '../../../schemas/a9s.ts'
import { type ApiError, defineCatalogue } from '../../http/errors.ts'
import type { ErrorFormat } from '../../http/failures.ts'
import { failures } from '../../http/responses.ts'

/** Statuses and messages are from the vendor's table; names follow the tests of its client (`NotFound`, `RestoreInProgress`). */
export const catalogue = defineCatalogue(
  {
    BadRequest: { status: 400, message: 'The body must be sent in valid JSON format.', mark: 'client-code' },
    Unauthorized: {
      status: 401,
      message: 'The user does not have valid authentication credentials for the target resource.',
      mark: 'documented',
    },
    Forbidden: {
      status: 403,
      message: 'The user does not have the required right to do this request.',
      mark: 'documented',
    },
    NotFound: {
      status: 404,
      message: 'Entity not found.',
      example: { message: 'The instance 10000000-0000-4000-8000-000000000009 was not found.' },
      mark: 'documented',
    },
    MethodNotAllowed: { status: 405, message: 'The method is not allowed for this resource.', mark: 'inferred' },
    Conflict: { status: 409, message: 'There is already such action in progress.', mark: 'documented' },
    RestoreInProgress: {
      status: 409,
      message: 'There is already such action in progress.',
      example: { message: 'Restore of 2 is already in progress' },
      mark: 'client-code',
    },
    BackupNonRestorableState: {
      status: 422,
      message: 'The backup is in a non-restorable state.',
      example: { message: 'Backup 1 is in a non-restorable state' },
      mark: 'client-code',
    },
    Locked: {
      status: 423,
      message: "The backup can't be deleted while it is used for a running restore.",
      example: {
        message: "The backup 1 currently can't be deleted. It is used for a running restore. Please try again later.",
      },
      mark: 'client-code',
    },
    PayloadTooLarge: { status: 413, message: 'The request body is too large.', mark: 'inferred' },
    UnsupportedMediaType: { status: 415, message: 'The body must be sent as application/json.', mark: 'inferred' },
    ExpectationFailed: {
      status: 417,
      message: 'The only supported value of the Expect header is 100-continue.',
      mark: 'inferred',
    },
    RequestHeaderFieldsTooLarge: {
      status: 431,
      message: 'The request line and headers are larger than 16 KiB.',
      mark: 'inferred',
    },
    ServiceUnavailable: { status: 503, message: 'The server is stopping.', mark: 'inferred' },
    InternalServerError: {
      status: 500,
      message: 'An unexpected error occurred while handling the request.',
      mark: 'documented',
    },
    BadGateway: { status: 502, message: 'An error occurred during upstream communication.', mark: 'documented' },
    GatewayTimeout: { status: 504, message: 'A timeout occurred during upstream communication.', mark: 'documented' },
  },
  {
    malformedBody: 'BadRequest',
    unsupportedMediaType: 'UnsupportedMediaType',
    bodyTooLarge: 'PayloadTooLarge',
    invalidInput: 'BadRequest',
    unknownPath: 'NotFound',
    wrongMethod: 'MethodNotAllowed',
    expectationFailed: 'ExpectationFailed',
    headTooLarge: 'RequestHeaderFieldsTooLarge',
    unavailable: 'ServiceUnavailable',
    unexpected: 'InternalServerError',
  },
)
export type ErrorName = keyof typeof catalogue.rows

function body(error: ApiError): A9sError {
  return { error: error.errorName, description: error.message }
}

export const errorFormat: ErrorFormat = {
  catalogue,
  body,
  render: (error, _request, reply) => reply.code(error.row.status).headers(error.headers).send(body(error)),
}

/** The error responses of every operation on an instance, and `more`. */
export function failuresOf(...more: ErrorName[]) {
  const everywhere: ErrorName[] = [
    'Unauthorized',
    'Forbidden',
    'NotFound',
    'InternalServerError',
    'BadGateway',
    'GatewayTimeout',
  ]
  return failures(catalogue, ErrorSchema, body, [...more, ...everywhere])
}
