// arcgis: how failures are told, as JSON or as a page; a browser that is not signed in gets the form to sign in.
import type { ArcgisError } from '../../../schemas/arcgis.ts'
import type { ApiError } from '../../http/errors.ts'
import type { Dialect } from '../../http/failures.ts'
import { adminBody, catalogue, sharingBody, sharingCatalogue } from './errors.ts'
import { respond } from './formats.ts'
import { errorPage } from './pages/error.ts'
import { signInPage } from './pages/tokens.ts'
import { parametersOf } from './parameters.ts'

const WANTS_SIGN_IN = new Set(['TokenRequired', 'InvalidToken', 'SignInFailed'])

function dialectOf(rows: Dialect['catalogue'], bodyOf: (error: ApiError) => ArcgisError): Dialect {
  return {
    catalogue: rows,
    // The format is a parameter, and those of a form stand in its body.
    readsBodies: true,
    render(error, request, reply) {
      const body = bodyOf(error)
      reply.code(error.row.status).headers(error.headers)
      return respond(request, reply, body, frame => {
        if (!WANTS_SIGN_IN.has(error.errorName)) return errorPage(frame, body)
        // Who was never asked has nothing to be told.
        const message = error.errorName === 'TokenRequired' ? undefined : error.message
        return signInPage(frame, { redirect: parametersOf(request).redirect ?? frame.path, message })
      })
    },
  }
}

export const adminDialect = dialectOf(catalogue, adminBody)
export const sharingDialect = dialectOf(sharingCatalogue, sharingBody)
