// The one class of error and the catalogue that each room throws from.
import type { Mark } from './provenance.ts'

export interface ErrorRow {
  /** HTTP status. */
  status: number
  /** The vendor's own code, where the body carries one. */
  code?: string | number
  /** What the client is told when the place that throws says nothing more exact. */
  message: string
  /** What one client was told, for the documentation: where it is always more exact than `message`. */
  example?: Pick<Extra, 'message' | 'details'>
  mark: Mark
}

/** What goes wrong before or around a handler, in every room; each room names its row for it. */
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

export interface Extra {
  message?: string
  details?: string[]
  headers?: Record<string, string>
  cause?: unknown
}

export class ApiError extends Error {
  readonly errorName: string
  readonly row: ErrorRow
  readonly details: string[]
  readonly headers: Record<string, string>

  constructor(errorName: string, row: ErrorRow, { message, details = [], headers = {}, cause }: Extra = {}) {
    super(message ?? row.message, cause === undefined ? undefined : { cause })
    this.errorName = errorName
    this.row = row
    this.details = details
    this.headers = headers
  }
}

export interface Catalogue<Name extends string = string> {
  readonly rows: Readonly<Record<Name, ErrorRow>>
  readonly conditions: Readonly<Record<Condition, Name>>
  /** An error of that row, to be thrown. */
  error(name: Name, extra?: Extra): ApiError
  /** An error of that row as some client has got it. */
  example(name: Name): ApiError
}

export function defineCatalogue<const Rows extends Record<string, ErrorRow>>(
  rows: Rows,
  conditions: Record<Condition, keyof Rows & string>,
): Catalogue<keyof Rows & string> {
  const error = (name: keyof Rows & string, extra?: Extra) => new ApiError(name, rows[name] as ErrorRow, extra)
  return { rows, conditions, error, example: name => error(name, (rows[name] as ErrorRow).example) }
}
