// The error class of all APIs, and the catalogue of errors that each API defines.
import type { Mark } from './provenance.ts'

export interface ErrorRow {
  /** HTTP status. */
  status: number
  /** The vendor's own code, where the body carries one. */
  code?: string | number
  /** The default text; code that throws may pass a more specific one. */
  message: string
  /** The text in documented examples, for errors that are always thrown with a more specific text. */
  example?: Pick<Extra, 'message' | 'details'>
  /** Where it comes from; `own` for errors of the control API, which is no vendor's. */
  mark: Mark | 'own'
}

/** Failures outside the handlers, which every API can have; each API maps them to rows of its catalogue. */
export type Condition =
  | 'malformedBody'
  | 'unsupportedMediaType'
  | 'bodyTooLarge'
  | 'invalidInput'
  | 'unknownPath'
  | 'wrongMethod'
  | 'expectationFailed'
  | 'headTooLarge'
  | 'unavailable'
  | 'unexpected'

/** `rateLimited` is left out by APIs that have no error of their own for too many requests. */
type Conditions<Name extends string> = Record<Condition, Name> & { rateLimited?: Name }

export interface Extra {
  message?: string
  details?: string[]
  /** Messages by the name of the parameter or field that each is about. */
  fields?: Readonly<Record<string, string>>
  headers?: Record<string, string>
  cause?: unknown
}

export class ApiError extends Error {
  readonly errorName: string
  readonly row: ErrorRow
  readonly details: string[]
  readonly fields: Readonly<Record<string, string>>
  readonly headers: Record<string, string>

  constructor(
    errorName: string,
    row: ErrorRow,
    { message, details = [], fields = {}, headers = {}, cause }: Extra = {},
  ) {
    // The stack of such an error is not used, and collecting it would be a quarter of the work for a failed request.
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    super(message ?? row.message, cause === undefined ? undefined : { cause })
    Error.stackTraceLimit = stackTraceLimit
    this.errorName = errorName
    this.row = row
    this.details = details
    this.fields = fields
    this.headers = headers
  }
}

export interface Catalogue<Name extends string = string> {
  readonly rows: Readonly<Record<Name, ErrorRow>>
  readonly conditions: Readonly<Conditions<Name>>
  /** Creates an error from a row. */
  error(name: Name, extra?: Extra): ApiError
  /** The error with the row's documented example text. */
  example(name: Name): ApiError
}

export function defineCatalogue<const Rows extends Record<string, ErrorRow>>(
  rows: Rows,
  conditions: Conditions<keyof Rows & string>,
): Catalogue<keyof Rows & string> {
  const error = (name: keyof Rows & string, extra?: Extra) => new ApiError(name, rows[name] as ErrorRow, extra)
  return { rows, conditions, error, example: name => error(name, (rows[name] as ErrorRow).example) }
}

/** Called with each unexpected exception, whose message is never sent to the client. */
export type ReportUnexpected = (error: unknown, request: { method: string; url: string }) => void
