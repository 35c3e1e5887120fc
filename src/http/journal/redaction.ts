// Takes secrets out of what is shown of requests and answers.
import { KnownSecrets } from './known-secrets.ts'
import { inOrder, type Secret, secretsOfHeader, secretsOfText } from './secrets.ts'

/** What to put in place of a secret. */
export type Mask = (secret: { name: string; value: string; bare: boolean }) => string

export const redacted: Mask = ({ bare }) => (bare ? '"[redacted]"' : '[redacted]')

/** The text with every secret masked. */
function conceal(text: string, secrets: readonly Secret[], mask: Mask): string {
  let shown = ''
  let at = 0
  for (const { name, start, end, bare } of secrets) {
    shown += text.slice(at, start) + mask({ name, value: text.slice(start, end), bare })
    at = end
  }
  return shown + text.slice(at)
}

/** A text of no exchange, without its secrets. */
export function redactedText(text: string): string {
  return conceal(text, secretsOfText(text), redacted)
}

/** Takes the secrets of one exchange out of its parts, also where one of them stands in another part without its name. */
export class Redaction {
  readonly #mask: Mask
  readonly #known: KnownSecrets
  /** Of the texts that it was made with, which are those that it is asked for. */
  readonly #secretsOf = new Map<string, Secret[]>()

  constructor(headers: readonly (readonly [string, string])[], texts: readonly string[], mask: Mask = redacted) {
    this.#mask = mask
    const known = new Map<string, string>()
    const learn = (text: string, secrets: Secret[]) => {
      for (const { name, start, end } of secrets) {
        const value = text.slice(start, end)
        for (const form of [value, plain(value), encodeURIComponent(plain(value))]) {
          if (!known.has(form)) known.set(form, name)
        }
      }
    }
    for (const [name, value] of headers) learn(value, secretsOfHeader(name, value))
    for (const text of texts) {
      const secrets = secretsOfText(text)
      this.#secretsOf.set(text, secrets)
      learn(text, secrets)
    }
    this.#known = new KnownSecrets(known)
  }

  text(text: string): string {
    return this.#conceal(text, this.#secretsOf.get(text) ?? secretsOfText(text))
  }

  header(name: string, value: string): string {
    return this.#conceal(value, secretsOfHeader(name, value))
  }

  /** Only the secrets that the exchange is known to hold, in words about it. */
  words(text: string): string {
    return this.#conceal(text, [])
  }

  #conceal(text: string, secrets: Secret[]): string {
    return conceal(text, inOrder([...secrets, ...this.#known.in(text)]), this.#mask)
  }
}

function plain(value: string): string {
  if (!value.includes('%')) return value
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

const HINT_SHARE = 0.6

/** Enough of a credential to tell it from others: `demo-t…`. */
export function hintOf(credential: string): string {
  return `${credential.slice(0, Math.min(6, Math.floor(credential.length * HINT_SHARE)))}…`
}

/** Who sent it, as a hint: by its credential in a header, else by a token or key elsewhere, else by a cookie. */
export function principalOf(headers: readonly (readonly [string, string])[], texts: readonly string[]): string | null {
  const inHeaders = headers.flatMap(([name, value]) =>
    secretsOfHeader(name, value).map(secret => ({
      name: name.toLowerCase(),
      value: value.slice(secret.start, secret.end),
    })),
  )
  const found =
    inHeaders.find(({ name }) => name.endsWith('authorization')) ??
    credentialIn(texts) ??
    inHeaders.find(({ name }) => name === 'cookie')
  return found ? hintOf(found.value) : null
}

function credentialIn(texts: readonly string[]): { value: string } | undefined {
  for (const text of texts) {
    const secret = secretsOfText(text).find(({ name }) => /(token|key)$/i.test(name))
    if (secret) return { value: text.slice(secret.start, secret.end) }
  }
  return undefined
}
