// ArcGIS Enterprise Portal Directory API: the wire contract of tokens, as the vendor documents it.
import { type Static, Type } from '@sinclair/typebox'
import { literals } from '../literals.ts'
import { secret } from '../secret.ts'
import { strict } from '../strict.ts'
import { common, Millis } from './common.ts'

export const ArcgisGenerateTokenForm = Type.Object(
  {
    username: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'Case-sensitive. Required, like the password, unless a token is exchanged.',
        examples: ['siteadmin'],
      }),
    ),
    password: Type.Optional(Type.String({ ...secret, minLength: 1, examples: ['siteadmin.pass1'] })),
    token: Type.Optional(
      Type.String({ ...secret, description: 'A token to exchange for one for the server at serverUrl' }),
    ),
    serverUrl: Type.Optional(
      Type.String({
        format: 'uri',
        title: 'Server URL',
        description: 'The server that the new token is for; required with token',
      }),
    ),
    client: Type.Optional(
      literals(['referer', 'ip', 'requestip'], {
        description: 'Where the token is to be used from; the token is not bound to it',
      }),
    ),
    referer: Type.Optional(Type.String({ description: 'Required when client is referer' })),
    ip: Type.Optional(Type.String({ title: 'IP Address', description: 'Required when client is ip' })),
    expiration: Type.Optional(
      Type.Integer({
        minimum: 1,
        description: 'How long the token is valid, in minutes; 60 by default. Values above 20160 are reduced to 20160.',
      }),
    ),
    f: common.f,
  },
  { $id: 'ArcgisGenerateTokenForm' },
)
export type ArcgisGenerateTokenForm = Static<typeof ArcgisGenerateTokenForm>

export const ArcgisToken = Type.Object(
  {
    token: Type.String(secret),
    expires: Millis('When the token expires'),
    ssl: Type.Boolean({ description: 'Whether the token must be sent over HTTPS only' }),
  },
  { $id: 'ArcgisToken', ...strict },
)
export type ArcgisToken = Static<typeof ArcgisToken>

/** The sign-in form of browsers. Missing fields are handled like wrong credentials: the sign-in page reports them. */
export const ArcgisSignInForm = Type.Object({
  username: Type.String({ default: '' }),
  password: Type.String({ ...secret, default: '' }),
  redirect: Type.Optional(Type.String()),
})

export const ArcgisRevokeTokenForm = Type.Object(
  {
    auth_token: Type.String({ ...secret, minLength: 1, description: 'The token that becomes invalid' }),
    client_id: Type.Optional(Type.String({ description: 'Not used' })),
    f: common.f,
  },
  { $id: 'ArcgisRevokeTokenForm' },
)

export const ArcgisTokenRevoked = Type.Object({ success: Type.Literal(true) }, { $id: 'ArcgisTokenRevoked', ...strict })
