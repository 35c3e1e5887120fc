// Decides by its name whether a header, parameter or field is secret: by the marks of the schemas, or by common names of secrets.
import type { SecretMarks } from '../../sandbox/journal/entry.ts'

/** How the names of secrets end, in lower case and without `-` and `_`: `X-Api-Key`, `api_key` and `apiKey` are one name. */
const SECRET_ENDINGS = [
  'token|jwt|password|passwd|pwd|passcode|passphrase|secret|credentials?|authorization|cookie|signature|sess(?:ion)?id',
  // The word before `key` tells a secret key from the key of a record.
  '(?:api|access|private|encryption|encrypt|decryption|account|shared|master|signing|session|auth|secret)key',
  // Azure's Ocp-Apim-Subscription-Key and x-functions-key, and the customer-supplied keys of AWS and Google.
  '(?:subscription|functions?|customer|host)key',
]
const SECRET_NAMES = new RegExp(`(?:${SECRET_ENDINGS.join('|')})$`)

/** Secret only as a whole word: `key` by itself, the others at the end of a name in lower case with `-` or `_` between words. */
const SECRET_WORDS = /^key$|(?:^|[_-])(?:sig|pin|auth)$/

/** Only the end of a name is examined. */
const MAX_NAME_LENGTH = 128

/** Of `user[password]` and of escaped URLs, the last part counts. */
export function isSecretName(name: string, marks?: SecretMarks): boolean {
  const [last = ''] = unescaped(name.slice(-MAX_NAME_LENGTH)).match(/[\w-]+(?=[^\w-]*$)/) ?? []
  if (marks?.names.has(last.toLowerCase())) return true
  const words = last.replace(/([a-z\d])([A-Z])/g, '$1_$2').toLowerCase()
  return SECRET_WORDS.test(words) || SECRET_NAMES.test(words.replace(/[_-]/g, ''))
}

/** Decodes percent and JSON escapes of ASCII characters; invalid escapes are kept. */
function unescaped(name: string): string {
  const character = (_: string, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))
  return name.replace(/%([2-7][0-9a-f])/gi, character).replace(/\\u00([2-7][0-9a-f])/gi, character)
}
