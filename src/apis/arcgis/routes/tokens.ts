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
    errors: ['InvalidToken'],
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
      {
        behaviour: 'token and serverUrl instead of a username and password',
        mark: 'client-code',
        source: '@esri/arcgis-rest-request',
      },
      {
        behaviour: 'The new token expires no later than the one exchanged; serverUrl can be any URL',
        mark: 'inferred',
      },
      { behaviour: 'client is optional; the messages about missing parameters', mark: 'inferred' },
    ],
    run({ scope, input }) {
      const { token, expiresAt } = service.generateToken(scope, input)
      return { token, expires: expiresAt, ssl: scope.origin.startsWith('https:') }
    },
    onSend,
  })
  operation(app, {
    path: '/oauth2/revokeToken',
    // The client's URL ends in a slash.
    alsoAt: ['/oauth2/revokeToken/'],
    operationId: 'revokeToken',
    summary: 'Revoke Token',
    description: 'Makes a token invalid.',
    params: wire.ArcgisContextParams,
    body: wire.ArcgisRevokeTokenForm,
    allow: 'anyone',
    response: {
      description: 'The token is invalid from now on.',
      schema: wire.ArcgisTokenRevoked,
      documented: { success: true },
    },
    provenance: [
      { behaviour: 'Parameters and response', mark: 'client-code', source: '@esri/arcgis-rest-request' },
      { behaviour: 'An unknown token is no error', mark: 'inferred' },
    ],
    run({ scope, input }) {
      service.revokeToken(scope, input.auth_token)
      return { success: true as const }
    },
  })
}

/** The path of the sign-in page is that of the older ArcGIS Server Administrator API; the rest is inferred. */
export function signIn(app: TypedApp): void {
  const config = { arcgisDuringRestore: true }
  app.get('/login', { config, schema: { hide: true } }, (request, reply) =>
    sendPage(reply, signInPage(frameOf(request), { redirect: parametersOf(request).redirect })),
  )

  app.post('/login', { config, onSend, schema: { hide: true, body: wire.ArcgisSignInForm } }, (request, reply) => {
    const scope = scopeOf(request)
    const { token } = service.signIn(scope, request.body)
    const contextPath = contextPathOf(request, scope)
    reply.header('set-cookie', sessionCookie(token, contextPath, scope.origin))
    return reply.redirect(targetBelow(contextPath, request.body.redirect), 303)
  })

  app.get('/logout', { config, onSend, schema: { hide: true } }, (request, reply) => {
    const scope = scopeOf(request)
    const token = tokenOf(request)
    if (token !== undefined) service.revokeToken(scope, token)
    const contextPath = contextPathOf(request, scope)
    reply.header('set-cookie', sessionCookie('', contextPath, scope.origin))
    return reply.redirect(`${contextPath}/admin/login`, 303)
  })
}

const PLACEHOLDER_ORIGIN = 'http://placeholder.invalid'

/** The page to open after signing in: `redirect` if it is a page of the context, else the root of the directory. */
function targetBelow(contextPath: string, redirect = ''): string {
  const root = `${contextPath}/admin`
  const url = URL.parse(redirect, PLACEHOLDER_ORIGIN)
  if (url?.origin !== PLACEHOLDER_ORIGIN || !url.pathname.startsWith(`${contextPath}/`)) return root
  if (url.pathname === `${root}/login` || url.pathname === `${root}/logout`) return root
  const target = url.pathname + url.search
  // Parsed again, as the browser will: removing dot segments can leave two leading slashes, which start a host.
  return URL.parse(target, PLACEHOLDER_ORIGIN)?.origin === PLACEHOLDER_ORIGIN ? target : root
}
