// arcgis: how failures are told, as JSON or as a page; a browser that is not signed in gets the form to sign in.
import type { FastifyRequest } from 'fastify'
import type { ArcgisError } from '../../../schemas/arcgis.ts'
import type { ApiError } from '../../http/errors.ts'
import type { ErrorFormat } from '../../http/failures.ts'
import type { Page } from '../../http/html.ts'
import { operationIdOf } from '../../http/operations.ts'
import { adminBody, catalogue, sharingBody, sharingCatalogue } from './errors.ts'
import { respond, sendJson } from './formats.ts'
import type { Frame } from './frame.ts'
import { errorPage } from './pages/error.ts'
import { pageOf } from './pages/index.ts'
import { signInPage } from './pages/tokens.ts'
import { parametersOf } from './parameters.ts'

const WANTS_SIGN_IN = new Set(['TokenRequired', 'InvalidToken', 'SignInFailed'])

function dialectOf(rows: ErrorFormat['catalogue'], bodyOf: (error: ApiError) => ArcgisError): ErrorFormat {
  return {
    catalogue: rows,
    body: bodyOf,
    mediaType: 'application/json;charset=utf-8',
    // The format is a parameter, and those of a form stand in its body.
    readsBodies: true,
    render(error, request, reply) {
      const body = bodyOf(error)
      reply.code(error.row.status).headers(error.headers)
      return respond(request, reply, body, failurePage(request, error.errorName, body))
    },
    show({ name, value }, request, reply) {
      // The examples are JSON, and so they are sent unless the request names another format.
      if (parametersOf(request).f === undefined) return sendJson(reply, value as object)
      const page = Object.hasOwn(rows.rows, name)
        ? failurePage(request, name, value as ArcgisError)
        : (frame: Frame) => pageOf(operationIdOf(request.routeOptions.schema), frame, value)
      return respond(request, reply, value as object, page)
    },
  }
}

function failurePage(request: FastifyRequest, errorName: string, body: ArcgisError) {
  return (frame: Frame): Page => {
    if (!WANTS_SIGN_IN.has(errorName)) return errorPage(frame, body)
    // A caller who has sent no token yet has done nothing wrong.
    const message = errorName === 'TokenRequired' ? undefined : body.error.message
    return signInPage(frame, { redirect: parametersOf(request).redirect ?? frame.path, message })
  }
}

export const adminDialect = dialectOf(catalogue, adminBody)
export const sharingDialect = dialectOf(sharingCatalogue, sharingBody)
