// Replaces the secrets in what is shown of requests and responses.
import type { SecretMarks } from '../../sandbox/journal/entry.ts'
import { KnownSecrets } from './known-secrets.ts'
import { mergeOverlaps, type Secret, secretsOfHeader, secretsOfText, secretsOfUrl } from './secrets.ts'

/** Returns what replaces a secret. */
export type Mask = (secret: { name: string; value: string; unquoted: boolean }) => string

export const redacted: Mask = ({ unquoted }) => (unquoted ? '"[redacted]"' : '[redacted]')

/** The parts of a request and its response that can hold secrets. */
export interface Redactable {
  /** Path and query as sent. */
  url: string
  /** Of the request and of the response. */
  headers: readonly (readonly [name: string, value: string])[]
  bodies: readonly string[]
  marks: SecretMarks | undefined
}

/** Redacts a text that belongs to no request. */
export function redactedText(text: string): string {
  return maskSecrets(text, secretsOfText(text), redacted)
}

/** The text with every secret left out, for a form that shows again what was typed. */
export function textWithoutSecrets(text: string): string {
  return maskSecrets(text, secretsOfText(text), ({ unquoted }) => (unquoted ? '""' : ''))
}

/** Redacts the parts of one request and its response. A secret found in one part is also redacted in the others. */
export class Redaction {
  readonly #mask: Mask
  readonly #marks: SecretMarks | undefined
  readonly #known: KnownSecrets
  /** The secrets of the URL and the bodies, so that each is searched once. */
  readonly #secretsOf = new Map<string, Secret[]>()

  constructor({ url, headers, bodies, marks }: Redactable, mask: Mask = redacted) {
    this.#mask = mask
    this.#marks = marks
    const known = new Map<string, string>()
    const learn = (text: string, secrets: readonly Secret[]) => {
      for (const { name, start, end } of secrets) {
        const value = text.slice(start, end)
        for (const form of [value, decoded(value), encodeURIComponent(decoded(value))]) {
          if (!known.has(form)) known.set(form, name)
        }
      }
    }
    for (const [name, value] of headers) learn(value, secretsOfHeader(name, value, marks))
    this.#secretsOf.set(url, secretsOfUrl(url, marks))
    for (const body of bodies) {
      if (!this.#secretsOf.has(body)) this.#secretsOf.set(body, secretsOfText(body, marks))
    }
    for (const [text, secrets] of this.#secretsOf) learn(text, secrets)
    this.#known = new KnownSecrets(known)
  }

  url(url: string): string {
    return this.#redact(url, this.#secretsOf.get(url) ?? secretsOfUrl(url, this.#marks))
  }

  text(text: string): string {
    return this.#redact(text, this.#secretsOf.get(text) ?? secretsOfText(text, this.#marks))
  }

  header(name: string, value: string): string {
    return this.#redact(value, secretsOfHeader(name, value, this.#marks))
  }

  /** Redacts only the values that the request and the response hold, in a text about them. */
  knownValues(text: string): string {
    return this.#redact(text, [])
  }

  #redact(text: string, secrets: readonly Secret[]): string {
    return maskSecrets(text, mergeOverlaps([...secrets, ...this.#known.in(text)]), this.#mask)
  }
}

function maskSecrets(text: string, secrets: readonly Secret[], mask: Mask): string {
  let shown = ''
  let at = 0
  for (const { name, start, end, unquoted } of secrets) {
    shown += text.slice(at, start) + mask({ name, value: text.slice(start, end), unquoted })
    at = end
  }
  return shown + text.slice(at)
}

function decoded(value: string): string {
  if (!value.includes('%')) return value
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

const MAX_HINT_LENGTH = 6
const MAX_HINT_SHARE = 0.6

/** The beginning of a credential, which distinguishes it from others: `demo-t…`. */
export function hintOf(credential: string): string {
  return `${credential.slice(0, Math.min(MAX_HINT_LENGTH, Math.floor(credential.length * MAX_HINT_SHARE)))}…`
}

/** A hint of the credential that a request was sent with: of a header, else of a token or key elsewhere, else of a cookie. */
export function principalOf({ url, headers, bodies, marks }: Redactable): string | null {
  const inHeaders = headers.flatMap(([name, value]) =>
    secretsOfHeader(name, value, marks).map(({ start, end }) => ({
      name: name.toLowerCase(),
      value: value.slice(start, end),
    })),
  )
  const credential =
    inHeaders.find(({ name }) => name.endsWith('authorization')) ??
    credentialIn(url, secretsOfUrl(url, marks)) ??
    bodies.map(body => credentialIn(body, secretsOfText(body, marks))).find(found => found !== undefined) ??
    inHeaders.find(({ name }) => name === 'cookie')
  return credential ? hintOf(credential.value) : null
}

function credentialIn(text: string, secrets: readonly Secret[]): { value: string } | undefined {
  const secret = secrets.find(({ name }) => /(token|key)$/i.test(name))
  return secret && { value: text.slice(secret.start, secret.end) }
}
