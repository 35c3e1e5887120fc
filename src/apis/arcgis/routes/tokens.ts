// arcgis: the routes that issue tokens, and that sign browsers in and out.
import type { onSendHookHandler } from 'fastify'
import * as wire from '../../../../schemas/arcgis.ts'
import { sendPage } from '../../../http/html.ts'
import type { TypedApp } from '../../../http/mount.ts'
import { scopeOf } from '../../../http/scope.ts'
import { contextPathOf, frameOf } from '../frame.ts'
import { signInPage } from '../pages/sign-in.ts'
import { parametersOf } from '../parameters.ts'
import { sessionCookie, tokenOf } from '../principal.ts'
import * as service from '../service/access.ts'
import { operation } from './operation.ts'
import { TOKEN } from './samples.ts'

/** Responses that contain a token, or depend on credentials, must not be cached. */
const onSend: onSendHookHandler = (_request, reply, _payload, done) => {
  reply.header('cache-control', 'no-store')
  done()
}

export function tokens(app: TypedApp): void {
  operation(app, {
    path: '/generateToken',
    operationId: 'generateToken',
    summary: 'Generate Token',
    description: 'Issues a token for the Enterprise Administrator API, which requires one in every request.',
    params: wire.ArcgisContextParams,
    body: wire.ArcgisGenerateTokenForm,
    allow: 'anyone',
    response: { description: 'The token.', schema: wire.ArcgisToken, documented: TOKEN },
    invalid: 'TokenNotGenerated',
    provenance: [
      {
        behaviour: 'Parameters, the default of 60 minutes, and that a longer expiration is reduced to the maximum',
        mark: 'documented',
      },
      { behaviour: 'Fields of the response', mark: 'client-code', source: 'Esri/ago-assistant issue 182' },
      {
        behaviour: 'The response to a wrong username or password',
        mark: 'client-code',
        source: '@esri/arcgis-rest-request',
      },
      {
        behaviour: 'The maximum of 20160 minutes, the longest that any client requests',
        mark: 'client-code',
        source: '@esri/arcgis-rest-request',
      },
      {
        behaviour: 'A token is not bound to a referer or an address',
        mark: 'client-code',
        source: 'Esri/arcgis-gitops enterprise-admin-cli',
      },
      { behaviour: 'client is optional; the messages about missing parameters', mark: 'inferred' },
    ],
    run({ scope, input }) {
      const { token, expiresAt } = service.generateToken(scope, input)
      return { token, expires: expiresAt, ssl: scope.origin.startsWith('https:') }
    },
    onSend,
  })
}

/** The path of the sign-in page is that of the older ArcGIS Server Administrator API; the rest is inferred. */
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

const PLACEHOLDER_ORIGIN = 'http://placeholder.invalid'

/** The page to open after signing in: `redirect` if it is below the context, else the list of jobs. */
function targetBelow(contextPath: string, redirect = ''): string {
  const url = URL.parse(redirect, PLACEHOLDER_ORIGIN)
  if (url?.origin !== PLACEHOLDER_ORIGIN || !url.pathname.startsWith(`${contextPath}/`))
    return `${contextPath}/admin/jobs`
  const target = url.pathname + url.search
  // Parsed again, as the browser will: removing dot segments can leave two leading slashes, which start a host.
  return URL.parse(target, PLACEHOLDER_ORIGIN)?.origin === PLACEHOLDER_ORIGIN ? target : `${contextPath}/admin/jobs`
}
