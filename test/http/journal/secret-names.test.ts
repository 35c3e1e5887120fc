// Checks which names of headers, parameters and fields count as secret.
import t from 'tap'
import { isSecretName } from '../../../src/http/journal/secret-names.ts'

t.test('names of secrets in every spelling, and similar names that are not secret', async t => {
  const secret = [
    'token',
    'Token',
    'access_token',
    'X-Auth-Token',
    'agsadmintoken',
    'password',
    'user[password]',
    'new-password',
    'passcode',
    'encryption_key',
    'encryptionKey',
    'encryptKey',
    'key',
    'api_key',
    'X-Api-Key',
    'client_secret',
    'Authorization',
    'Proxy-Authorization',
    'X-Esri-Authorization',
    'Cookie',
    'Set-Cookie',
    'credentials',
    '%74oken',
    'tok\\u0065n',
    'a.b.key',
    'sig',
    'x-sig',
    'X-Amz-Signature',
    'pin',
    'user_pin',
    'userPin',
    'auth',
    'X-Auth',
    'basicAuth',
    'sessionId',
    'JSESSIONID',
    'PHPSESSID',
    'session_id',
    'X-Amz-Security-Token',
    'X-Goog-Api-Key',
    'api-key',
    'Ocp-Apim-Subscription-Key',
    'x-functions-key',
    'AccountKey',
    'X-Amz-Server-Side-Encryption-Customer-Key',
  ]
  for (const name of secret) t.ok(isSecretName(name), name)
  const notSecret = [
    'name',
    'username',
    'monkey',
    'backup_guid',
    'tokens',
    'token_type',
    'keys',
    'If-None-Match',
    'f',
    '',
    'key-word',
    'design',
    'spin',
    'shipping',
    'author',
    'config',
    'session',
    'sessions',
    'Idempotency-Key',
    'primaryKey',
    'u0041',
    '%',
  ]
  for (const name of notSecret) t.notOk(isSecretName(name), name)
})

t.test('a name that the schemas mark is secret, in any case and as the last part of a name', async t => {
  const marks = { names: new Set(['colour']), hasSecretQueryNames: false, secretResponses: new Set<number>() }
  for (const name of ['colour', 'Colour', 'paint[colour]', '%63olour', 'col\\u006fur']) {
    t.ok(isSecretName(name, marks), name)
    t.notOk(isSecretName(name), `${name}, without the mark`)
  }
  t.notOk(isSecretName('colours', marks))
})
