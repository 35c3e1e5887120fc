// disaster-recovery-files: the pages that show a secret once, to a user who has confirmed who they are.
import * as wire from '../../../../schemas/disaster-recovery-files.ts'
import { sendPage } from '../../../http/html.ts'
import type { TypedApp } from '../../../http/mount.ts'
import type { Provenance } from '../../../http/provenance.ts'
import { scopeOf } from '../../../http/scope.ts'
import { optionsOf } from '../options.ts'
import { apiKeyPage, apiKeyShownPage, archivePasswordPage, archivePasswordShownPage } from '../pages/forms.ts'
import { frameOf } from '../pages/frame.ts'
import * as access from '../service/access.ts'
import { confirmCode } from '../service/one-time-codes.ts'
import { tags } from './common.ts'
import { COMMON, FORM_TYPE, formFailures, page, security } from './web-common.ts'
import { requireUser, signedInUser } from './web-session.ts'

const INTRODUCTION = 'API introduction'

const CODES: Provenance[] = [
  { behaviour: 'Six-digit codes of an authenticator app', mark: 'documented', source: 'Accessing the platform' },
  { behaviour: 'Each code is accepted once, also one step of 30 seconds early or late', mark: 'inferred' },
  { behaviour: 'After five wrong codes in a row, all codes are refused for 15 minutes', mark: 'inferred' },
]
const SHOWN_ONCE = "The page, which shows it once. The form's code is not accepted again."

export function archivePassword(app: TypedApp): void {
  const onRequest = requireUser(access.requireDownloadAccess)
  app.get('/archive-password', { onRequest, schema: { hide: true } }, (request, reply) =>
    sendPage(reply, archivePasswordPage(frameOf(request))),
  )

  app.post(
    '/archive-password',
    {
      onRequest,
      schema: {
        operationId: 'requestArchivePassword',
        summary: 'Request Archive Password',
        description:
          'Shows the password of the archives, after the user has confirmed who they are with a one-time code.',
        tags,
        security,
        consumes: [FORM_TYPE],
        body: wire.DisasterRecoveryPasswordForm,
        response: {
          200: page(SHOWN_ONCE, wire.DisasterRecoverySecretPage),
          ...formFailures('SignInRequired', 'NoDownloadAccess', 'WrongCode', 'UsedCode', 'TooManyCodes'),
        },
        'x-provenance': [
          { behaviour: 'One platform-wide password, in the web interface only', mark: 'documented' },
          { behaviour: 'It confirms the identity of the user with two-factor authentication', mark: 'documented' },
          { behaviour: 'The password is shown on the page', mark: 'inferred' },
          ...CODES,
          ...COMMON,
        ] satisfies Provenance[],
      },
    },
    (request, reply) => {
      const scope = scopeOf(request)
      confirmCode(scope, signedInUser(request).username, request.body.code)
      const password = optionsOf(scope.sandbox.settings).archivePassword
      return sendPage(reply, archivePasswordShownPage(frameOf(request), password))
    },
  )
}

export function apiKey(app: TypedApp): void {
  const onRequest = requireUser(access.requireApiAccess)
  app.get('/api-key', { onRequest, schema: { hide: true } }, (request, reply) => {
    const usernames = access.manageableUsers(scopeOf(request), signedInUser(request))
    return sendPage(reply, apiKeyPage(frameOf(request), usernames))
  })

  app.post(
    '/api-key',
    {
      onRequest,
      schema: {
        operationId: 'generateApiKey',
        summary: 'Generate an API key',
        description: 'Replaces the API key of the user, or of another user. The key before it is no longer valid.',
        tags,
        security,
        consumes: [FORM_TYPE],
        body: wire.DisasterRecoveryKeyForm,
        response: {
          200: page(SHOWN_ONCE, wire.DisasterRecoverySecretPage),
          ...formFailures(
            'SignInRequired',
            'NoApiAccess',
            'NotYourKey',
            'WrongPassword',
            'WrongCode',
            'UsedCode',
            'TooManyCodes',
          ),
        },
        'x-provenance': [
          { behaviour: 'The current password and a valid code are required', mark: 'documented', source: INTRODUCTION },
          {
            behaviour: 'One key per user; a new one invalidates the old one',
            mark: 'documented',
            source: INTRODUCTION,
          },
          { behaviour: 'The key is only shown once', mark: 'documented', source: INTRODUCTION },
          {
            behaviour: 'Only users with Primary data-protection access can reset the keys of other users',
            mark: 'documented',
            source: INTRODUCTION,
          },
          { behaviour: 'The new key of another user is shown to the user who resets it', mark: 'inferred' },
          ...CODES,
          ...COMMON,
        ] satisfies Provenance[],
      },
    },
    (request, reply) => {
      const scope = scopeOf(request)
      const user = signedInUser(request)
      const { username = user.username, password, code } = request.body
      access.requireManageable(scope, user, username)
      access.confirmPassword(user, password)
      confirmCode(scope, user.username, code)
      const key = access.generateApiKey(scope, username)
      return sendPage(reply, apiKeyShownPage(frameOf(request), username, key))
    },
  )
}
