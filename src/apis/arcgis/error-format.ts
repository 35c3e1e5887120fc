// arcgis: how errors are sent: as JSON, as the sign-in page, as the form that failed, or as the error page.
import type { FastifyRequest } from 'fastify'
import type { ArcgisError } from '../../../schemas/arcgis.ts'
import type { ApiError } from '../../http/errors.ts'
import type { ErrorFormat } from '../../http/failures.ts'
import type { Page } from '../../http/html.ts'
import { adminBody, catalogue, sharingBody } from './errors.ts'
import { respond, sendJson } from './formats.ts'
import { type Frame, targetOf } from './frame.ts'
import { errorPage } from './pages/error.ts'
import { pagesOf } from './pages/index.ts'
import { signInPage } from './pages/sign-in.ts'
import { parametersOf } from './parameters.ts'

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
