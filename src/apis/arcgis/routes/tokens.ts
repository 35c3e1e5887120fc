// arcgis: tokens for programs, and for browsers the pages to sign in and out.
import type { onSendHookHandler } from 'fastify'
import * as wire from '../../../../schemas/arcgis.ts'
import { sendPage } from '../../../http/html.ts'
import type { TypedApp } from '../../../http/mount.ts'
import type { Provenance } from '../../../http/provenance.ts'
import { scopeOf } from '../../../http/scope.ts'
import { sharingAnswers } from '../errors.ts'
import { respond } from '../formats.ts'
import { contextPathOf, frameOf } from '../frame.ts'
import { generateTokenPage, signInPage, tokenPage } from '../pages/tokens.ts'
import { FORM_TYPES, parametersOf } from '../parameters.ts'
import * as service from '../service/access.ts'
import { sessionCookie, tokenOf } from '../session.ts'
import { FORMS, refuseUnlessPage, tags } from './common.ts'
import { TOKEN } from './samples.ts'

/** Answers with a token, or about credentials, are for nobody's cache. */
const onSend: onSendHookHandler = (_request, reply, _payload, done) => {
  reply.header('cache-control', 'no-store')
  done()
}

export function tokens(app: TypedApp): void {
  app.get('/generateToken', { schema: { hide: true } }, (request, reply) => {
    refuseUnlessPage(request)
    return sendPage(reply, generateTokenPage(frameOf(request)))
  })

  app.post(
    '/generateToken',
    {
      onSend,
      schema: {
        operationId: 'generateToken',
        summary: 'Generate Token',
        description: 'A token for the Enterprise Administrator API, which asks for one in every request.',
        tags,
        security: [],
        params: wire.ArcgisContextParams,
        consumes: FORM_TYPES,
        body: wire.ArcgisGenerateTokenForm,
        response: sharingAnswers({ description: 'The token.', schema: wire.ArcgisToken, documented: TOKEN }),
        'x-provenance': [
          {
            behaviour: 'Parameters, the default of 60 minutes, and that more than the maximum gets it',
            mark: 'documented',
          },
          { behaviour: 'Fields of the answer', mark: 'client-code', source: 'Esri/ago-assistant issue 182' },
          {
            behaviour: 'The answer to a wrong username or password',
            mark: 'client-code',
            source: '@esri/arcgis-rest-request',
          },
          {
            behaviour: 'The maximum of 20160 minutes, which is the longest any client asks for',
            mark: 'client-code',
            source: '@esri/arcgis-rest-request',
          },
          {
            behaviour: 'A token is bound to no referer and no address',
            mark: 'client-code',
            source: 'Esri/arcgis-gitops enterprise-admin-cli',
          },
          { behaviour: 'client may be left out; the words about missing parameters', mark: 'inferred' },
          ...FORMS,
        ] satisfies Provenance[],
      },
    },
    (request, reply) => {
      const scope = scopeOf(request)
      const { token, expiresAt } = service.generateToken(scope, request.body)
      const answer: wire.ArcgisToken = { token, expires: expiresAt, ssl: scope.origin.startsWith('https:') }
      return respond(request, reply, answer, frame => tokenPage(frame, answer))
    },
  )
}

/** The address of the sign-in page is that of the older ArcGIS Server Administrator API; the rest is inferred. */
export function signIn(app: TypedApp): void {
  app.get('/login', { schema: { hide: true } }, (request, reply) =>
    sendPage(reply, signInPage(frameOf(request), { redirect: parametersOf(request).redirect })),
  )

  app.post('/login', { onSend, schema: { hide: true, body: wire.ArcgisSignInForm } }, (request, reply) => {
    const scope = scopeOf(request)
    const { token } = service.signIn(scope, request.body)
    const contextPath = contextPathOf(request, scope)
    reply.header('set-cookie', sessionCookie(token, contextPath, scope.origin))
    return reply.redirect(targetBelow(contextPath, request.body.redirect), 303)
  })

  app.get('/logout', { onSend, schema: { hide: true } }, (request, reply) => {
    const scope = scopeOf(request)
    const token = tokenOf(request)
    if (token !== undefined) service.signOut(scope, token)
    const contextPath = contextPathOf(request, scope)
    reply.header('set-cookie', sessionCookie('', contextPath, scope.origin))
    return reply.redirect(`${contextPath}/admin/login`, 303)
  })
}

const ANYWHERE = 'http://here.invalid'

/** Where to go on to: below the context that was signed in to, and nowhere else whatever the form says. */
function targetBelow(contextPath: string, redirect = ''): string {
  const url = URL.parse(redirect, ANYWHERE)
  if (url?.origin !== ANYWHERE || !url.pathname.startsWith(`${contextPath}/`)) return `${contextPath}/admin/jobs`
  const target = url.pathname + url.search
  // Read again as the browser will: dots that went away can leave two slashes at the start, and those begin a host.
  return URL.parse(target, ANYWHERE)?.origin === ANYWHERE ? target : `${contextPath}/admin/jobs`
}
