// The errors of the control API: RFC 9457 problem details.
import { Problem } from '../../schemas/control/server.ts'
import { type ApiError, defineCatalogue } from '../http/errors.ts'
import type { ErrorFormat } from '../http/failures.ts'
import { PROBLEM_TYPE } from '../http/problem.ts'
import { type Answer, failures } from '../http/responses.ts'
import { Refusal, type RefusalKind } from '../sandbox/refusal.ts'
import { FixtureError } from '../sandbox/tables.ts'

const mark = 'own'

export const catalogue = defineCatalogue(
  {
    BadRequest: { status: 400, message: 'The body is not valid JSON.', mark },
    Unauthorized: { status: 401, message: 'Send the admin token in the Authorization header (Bearer).', mark },
    Forbidden: { status: 403, message: 'Web pages of other sites may not use the control API.', mark },
    NotFound: {
      status: 404,
      message: 'There is no such path; GET /__admin/openapi.json lists all operations.',
      mark,
    },
    MethodNotAllowed: { status: 405, message: 'The method is not allowed here; see the Allow header.', mark },
    RequestTimeout: { status: 408, message: 'Timed out.', mark },
    Conflict: { status: 409, message: 'The operation conflicts with the current state.', mark },
    PreconditionFailed: {
      status: 412,
      message: 'The file is not the one that the condition of the request names.',
      mark,
    },
    PayloadTooLarge: { status: 413, message: 'The body is too large.', mark },
    UnsupportedMediaType: { status: 415, message: 'Send the body as application/json.', mark },
    LimitReached: {
      status: 429,
      message: 'A limit is reached; drop some, or start the server with a larger limit.',
      mark,
    },
    RangeNotSatisfiable: { status: 416, message: 'The range is not inside the file.', mark },
    ExpectationFailed: { status: 417, message: 'The only supported value of the Expect header is 100-continue.', mark },
    RequestHeaderFieldsTooLarge: {
      status: 431,
      message: 'The request line and headers are larger than 16 KiB.',
      mark,
    },
    ServiceUnavailable: { status: 503, message: 'The server is stopping.', mark },
    InternalServerError: { status: 500, message: 'Unexpected error in Firedrill; see its log.', mark },
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

const ERROR_OF_REFUSAL: Record<RefusalKind, ErrorName> = {
  missing: 'NotFound',
  conflict: 'Conflict',
  invalid: 'BadRequest',
  limit: 'LimitReached',
  timeout: 'RequestTimeout',
}

export function nameOfRefusal(kind: RefusalKind): ErrorName {
  return ERROR_OF_REFUSAL[kind]
}

/** Translates refusals and JSON errors into errors of the control API, in the same words. */
export function translate(error: unknown): ApiError | undefined {
  if (error instanceof Error && 'code' in error && error.code === 'FST_ERR_CTP_INVALID_JSON_BODY') {
    const reason = error.cause instanceof Error ? error.cause.message : 'it cannot be parsed'
    return catalogue.error('BadRequest', { message: `The body is not valid JSON: ${reason}`, cause: error })
  }
  if (error instanceof Refusal)
    return catalogue.error(ERROR_OF_REFUSAL[error.kind], {
      // The description of an invalid field starts with the name of the field, which is kept as it is.
      message: error.details.length > 0 ? error.message : sentence(error.message),
      details: [...error.details],
    })
  if (error instanceof FixtureError) return catalogue.error('BadRequest', { message: error.message })
  return undefined
}

/** With a capital letter and a full stop. */
function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`
}

export function problemOf({ row, errorName, message, details }: ApiError): Problem {
  const title = errorName.replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
  const more = details.length > 1 ? { problems: details } : {}
  return { type: 'about:blank', title, status: row.status, detail: message, ...more }
}

export const errorFormat: ErrorFormat = {
  catalogue,
  body: problemOf,
  mediaType: PROBLEM_TYPE,
  translate,
  render: (error, _request, reply) =>
    reply
      .code(error.row.status)
      .headers(error.headers)
      .type(PROBLEM_TYPE)
      .send(JSON.stringify(problemOf(error))),
}

/** The errors of every control operation, and `more`. BadRequest because the name of a sandbox is always checked. */
export function failuresOf(...more: ErrorName[]): Record<number, Answer> {
  const everywhere: ErrorName[] = ['BadRequest', 'Unauthorized', 'Forbidden', 'NotFound', 'InternalServerError']
  return failures(catalogue, Problem, problemOf, [...more, ...everywhere], PROBLEM_TYPE)
}

/** The additional errors of control operations that may have a body: all but GET. */
export const changeFailures = failures(
  catalogue,
  Problem,
  problemOf,
  ['PayloadTooLarge', 'UnsupportedMediaType', 'LimitReached'],
  PROBLEM_TYPE,
)
