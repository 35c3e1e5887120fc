// DS Cloud: the catalogue of errors and the vendor's error body.
import { type DscloudError, DscloudError as ErrorSchema } from '../../../schemas/dscloud.ts'
import { type ApiError, defineCatalogue } from '../../http/errors.ts'
import type { ErrorFormat } from '../../http/failures.ts'
import { failures } from '../../http/responses.ts'

/** The codes are those of Square Cloud and its related products; the messages are ours. */
export const catalogue = defineCatalogue(
  {
    BAD_REQUEST: { status: 400, message: 'The request could not be read.', mark: 'inferred' },
    ACCESS_DENIED: {
      status: 401,
      message: 'Send the API key of your account in the Authorization header, as it is and without a scheme.',
      mark: 'upstream',
    },
    UPGRADE_REQUIRED: {
      status: 403,
      message: 'This route is exclusive to Silver and higher plans, such as Titanium and Essential.',
      mark: 'upstream',
    },
    WRONG_KEY: {
      status: 403,
      code: 'ACCESS_DENIED',
      message: 'The download URL must end with ? and the key of the backup.',
      mark: 'inferred',
    },
    NOT_FOUND: { status: 404, message: 'There is nothing at this path.', mark: 'inferred' },
    APP_NOT_FOUND: { status: 404, message: 'There is no such application in your account.', mark: 'upstream' },
    BACKUP_NOT_FOUND: {
      status: 404,
      message: 'There is no such backup: the path of a download is /{accountID}_{name}.zip, percent-encoded.',
      mark: 'upstream',
    },
    BACKUP_DATA_NOT_FOUND: {
      status: 404,
      message: 'The backup was not successful: there is nothing to download.',
      mark: 'upstream',
    },
    METHOD_NOT_ALLOWED: { status: 405, message: 'The method is not allowed for this resource.', mark: 'inferred' },
    PRECONDITION_FAILED: {
      status: 412,
      message: 'The backup is not the one that the request is conditional on.',
      mark: 'inferred',
    },
    PAYLOAD_TOO_LARGE: { status: 413, message: 'The request body is too large.', mark: 'inferred' },
    UNSUPPORTED_MEDIA_TYPE: { status: 415, message: 'The body must be sent as application/json.', mark: 'inferred' },
    RANGE_NOT_SATISFIABLE: { status: 416, message: 'The range begins after the end of the backup.', mark: 'inferred' },
    RATE_LIMIT_EXCEEDED: {
      status: 429,
      message: 'You exceeded the limit. Wait 30 minutes before retrying.',
      mark: 'upstream',
    },
    KEEP_CALM: {
      status: 429,
      message: 'A backup of this application was created less than a minute ago.',
      mark: 'upstream',
    },
    DAILY_SNAPSHOTS_LIMIT_REACHED: {
      status: 429,
      message: 'Twelve backups of this application were created in the last 24 hours.',
      mark: 'upstream',
    },
    EXPECTATION_FAILED: {
      status: 417,
      message: 'The only supported value of the Expect header is 100-continue.',
      mark: 'inferred',
    },
    REQUEST_HEADER_FIELDS_TOO_LARGE: {
      status: 431,
      message: 'The request line and headers are larger than 16 KiB.',
      mark: 'inferred',
    },
    SERVICE_UNAVAILABLE: { status: 503, message: 'The server is stopping.', mark: 'inferred' },
    INTERNAL_SERVER_ERROR: {
      status: 500,
      message: 'An unexpected error occurred while handling the request.',
      mark: 'upstream',
    },
  },
  {
    malformedBody: 'BAD_REQUEST',
    unsupportedMediaType: 'UNSUPPORTED_MEDIA_TYPE',
    bodyTooLarge: 'PAYLOAD_TOO_LARGE',
    invalidInput: 'BAD_REQUEST',
    unknownPath: 'NOT_FOUND',
    wrongMethod: 'METHOD_NOT_ALLOWED',
    expectationFailed: 'EXPECTATION_FAILED',
    headTooLarge: 'REQUEST_HEADER_FIELDS_TOO_LARGE',
    unavailable: 'SERVICE_UNAVAILABLE',
    unexpected: 'INTERNAL_SERVER_ERROR',
    rateLimited: 'RATE_LIMIT_EXCEEDED',
  },
)
export type ErrorName = keyof typeof catalogue.rows

function body({ errorName, row, message }: ApiError): DscloudError {
  return { status: 'error', code: String(row.code ?? errorName), message }
}

export const errorFormat: ErrorFormat = {
  catalogue,
  body,
  render: (error, _request, reply) => reply.code(error.row.status).headers(error.headers).send(body(error)),
}

/** The error responses of every operation, and `more`. */
export function failuresOf(...more: ErrorName[]) {
  return failures(catalogue, ErrorSchema, body, [...more, 'RATE_LIMIT_EXCEEDED', 'INTERNAL_SERVER_ERROR'])
}
