// disaster-recovery-files: errors of the web interface, as pages; an error in a form shows the form again.
import type { FastifyRequest } from 'fastify'
import * as wire from '../../../../schemas/disaster-recovery-files.ts'
import type { ApiError } from '../../../http/errors.ts'
import type { ErrorFormat } from '../../../http/failures.ts'
import { type Page, sendPage } from '../../../http/html.ts'
import { failures } from '../../../http/responses.ts'
import { findScope } from '../../../http/scope.ts'
import { errorFormat as apiErrorFormat, body, catalogue, type ErrorName } from '../errors.ts'
import { errorPage } from '../pages/files.ts'
import { apiKeyPage, archivePasswordPage, signInPage } from '../pages/forms.ts'
import { type Frame, frameOf, WEB_PATH } from '../pages/frame.ts'
import { manageableUsers } from '../service/access.ts'

const SIGN_IN = new Set(['SignInRequired', 'SignInFailed'])
/** What a user can correct in the form. */
const FORM = new Set(['InvalidRequest', 'WrongPassword', 'WrongCode', 'UsedCode', 'TooManyCodes'])

export const webErrorFormat: ErrorFormat = {
  catalogue: { ...catalogue, conditions: { ...catalogue.conditions, wrongMethod: 'PageMethodNotAllowed' } },
  body,
  render(error, request, reply) {
    reply.code(error.row.status).headers(error.headers)
    return sendPage(reply, failurePage(request, error))
  },
}

function failurePage(request: FastifyRequest, { errorName, message }: ApiError): Page {
  const frame = frameOf(request)
  const { basePath, path } = frame
  const { username, next = path === `${basePath}/sign-in` ? `${basePath}/` : path } = textFields(request)
  if (SIGN_IN.has(errorName)) return signInPage(frame, { message, username, next })
  if (!FORM.has(errorName)) return errorPage(frame, message)
  if (path === `${basePath}/sign-in`) return signInPage(frame, { message, username, next })
  if (path === `${basePath}/archive-password`) return archivePasswordPage(frame, { message })
  if (path === `${basePath}/api-key`) return apiKeyPage(frame, usersFor(request, frame), { message, username })
  return errorPage(frame, message)
}

function usersFor(request: FastifyRequest, { user }: Frame): string[] {
  const scope = findScope(request)
  return scope && user ? manageableUsers(scope, user) : []
}

/** The body may not have been read, or may be invalid. */
function textFields({ body }: FastifyRequest): Record<string, string | undefined> {
  return (typeof body === 'object' && body !== null ? body : {}) as Record<string, string>
}

/** The errors of an operation of the web interface: `more`, and those that all of them have. The examples are the messages of the pages. */
export function pageFailures(...more: ErrorName[]) {
  const names: ErrorName[] = [...more, 'UnexpectedError']
  return failures(catalogue, wire.DisasterRecoveryPage, error => error.message, names, 'text/html')
}

/** Of the whole API: at paths of the web interface, errors and forced answers are pages. */
export const errorFormat: ErrorFormat = {
  ...apiErrorFormat,
  render(error, request, reply) {
    const format = request.url.startsWith(`${WEB_PATH}/`) ? webErrorFormat : apiErrorFormat
    return format.render(error, request, reply)
  },
  show({ mediaType, value }, request, reply) {
    if (mediaType === 'text/html') return sendPage(reply, errorPage(frameOf(request), String(value)))
    return reply.type(mediaType).send(JSON.stringify(value))
  },
}
