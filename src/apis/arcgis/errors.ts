// arcgis: the error catalogue, and the JSON of its errors in both APIs.
import type { ArcgisError } from '../../../schemas/arcgis.ts'
import { type ApiError, defineCatalogue } from '../../http/errors.ts'

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
