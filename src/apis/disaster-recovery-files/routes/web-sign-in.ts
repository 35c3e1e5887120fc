// disaster-recovery-files: the routes that sign users of the web interface in and out.
import * as wire from '../../../../schemas/disaster-recovery-files.ts'
import { sendPage } from '../../../http/html.ts'
import type { TypedApp } from '../../../http/mount.ts'
import type { Provenance } from '../../../http/provenance.ts'
import { empty } from '../../../http/responses.ts'
import { scopeOf } from '../../../http/scope.ts'
import { signInPage } from '../pages/forms.ts'
import { frameOf } from '../pages/frame.ts'
import * as access from '../service/access.ts'
import { tags } from './common.ts'
import { COMMON, FORM_TYPE, formFailures, security } from './web-common.ts'
import { sessionCookie, sessionTokenOf } from './web-session.ts'

export function signIn(app: TypedApp): void {
  app.get('/sign-in', { schema: { hide: true } }, (request, reply) => {
    const frame = frameOf(request)
    return sendPage(reply, signInPage(frame, { next: `${frame.basePath}/` }))
  })

  app.post(
    '/sign-in',
    {
      schema: {
        operationId: 'signInToBillingPlatform',
        summary: 'Sign in to the web interface',
        description: 'Starts a session of eight hours, and redirects to the page that required it.',
        tags,
        security: [],
        consumes: [FORM_TYPE],
        body: wire.DisasterRecoverySignInForm,
        response: { 303: empty('Signed in.'), ...formFailures('SignInFailed') },
        'x-provenance': [
          { behaviour: 'Users who can only use the API cannot sign in', mark: 'documented', source: 'User management' },
          ...COMMON,
        ] satisfies Provenance[],
      },
    },
    (request, reply) => {
      const { token } = access.signIn(scopeOf(request), request.body)
      return reply
        .header('set-cookie', sessionCookie(request, token))
        .redirect(targetBelow(frameOf(request).basePath, request.body.next), 303)
    },
  )
}

export function signOut(app: TypedApp): void {
  app.post(
    '/sign-out',
    {
      schema: {
        operationId: 'signOutOfBillingPlatform',
        summary: 'Sign out of the web interface',
        description: 'Ends the session, if there is one, and redirects to the sign-in page.',
        tags,
        security: [{}, ...security],
        response: { 303: empty('Signed out.'), ...formFailures() },
        'x-provenance': COMMON,
      },
    },
    (request, reply) => {
      const token = sessionTokenOf(request)
      if (token !== undefined) access.signOut(scopeOf(request), token)
      return reply
        .header('set-cookie', sessionCookie(request, ''))
        .redirect(`${frameOf(request).basePath}/sign-in`, 303)
    },
  )
}

const PLACEHOLDER_ORIGIN = 'http://placeholder.invalid'

/** The page to open after signing in: `next` if it is a page of the web interface, else the list of files. */
function targetBelow(basePath: string, next = ''): string {
  const url = URL.parse(next, PLACEHOLDER_ORIGIN)
  if (url?.origin !== PLACEHOLDER_ORIGIN || !url.pathname.startsWith(`${basePath}/`)) return `${basePath}/`
  return url.pathname + url.search
}
