// Exports a request as a curl command for a shell, in which variables replace the secrets.
import { STATUS_CODES } from 'node:http'
import type { Mask } from '../../http/journal/redaction.ts'
import type { Entry } from '../../sandbox/journal/entry.ts'
import { valuesOf } from '../../sandbox/patterns/requests.ts'
import { type Exchange, shownExchange } from './exchange.ts'

/** Headers that curl sets itself, or that apply to one connection only. */
const OMITTED_HEADERS = new Set(['host', 'content-length', 'connection', 'transfer-encoding', 'expect', 'keep-alive'])

/** Private-use characters that enclose the name of a variable in a text until it is quoted. */
const OPEN = '\uE000'
const CLOSE = '\uE001'

/**
 * A command for a POSIX shell that sends the request to `serverUrl`, by default the server that received it. Its variables, such as
 * `$FIREDRILL_CREDENTIAL` and `$FIREDRILL_PASSWORD`, contain the secrets as they were sent, including any percent-encoding.
 */
export function curlOf(entry: Entry, serverUrl: string = entry.origin): string {
  const variables = new Variables()
  const shown = shownExchange(entry, variables.mask)
  const quote = (text: string) => variables.quoted(text)
  const headers = [
    ...hostHeaders(shown, serverUrl),
    ...shown.headers.filter(([name]) => !OMITTED_HEADERS.has(name.toLowerCase())),
  ]
  const body = bodyArgument(entry, shown)
  const words = [
    shown.method === 'HEAD' ? '--head' : `--request ${quote(shown.method)}`,
    '--path-as-is --globoff',
    quote(serverUrl + shown.sentUrl),
    ...headers.map(([name, value]) => `--header ${quote(value === '' ? `${name};` : `${name}: ${value}`)}`),
    // Otherwise curl declares the body as a form.
    ...(body && valuesOf(shown.headers, 'content-type').length === 0 ? [`--header 'Content-Type:'`] : []),
    ...(body ? [body(quote)] : []),
  ]
  return `curl ${words.join(' \\\n  ')}`
}

/** The Host header, if the command calls the server by another name than the request did. */
function hostHeaders({ headers }: Exchange, serverUrl: string): (readonly [string, string])[] {
  const [host] = valuesOf(headers, 'host')
  return host === undefined || host === new URL(serverUrl).host ? [] : [['Host', host]]
}

/** A body that cannot be shown is read from a file, which the user has to provide. */
function bodyArgument(
  { body: sent }: Entry,
  { body }: Exchange,
): ((quote: (text: string) => string) => string) | undefined {
  if (sent.sizeBytes === 0) return undefined
  if (body === undefined || !sent.isWhole) return () => '--data-binary @body'
  return quote => `--data-raw ${quote(body)}`
}

/** The command and its response, in the format of fixtures/exchanges. */
export function exchangeOf(entry: Entry, serverUrl?: string): string {
  const command = curlOf(entry, serverUrl)
  const { answer } = shownExchange(entry)
  if (!answer)
    return `${command}\n\n# No response: ${entry.ended ? 'the connection was closed' : 'the request is not answered yet'}.\n`
  const headers = answer.headers.map(([name, value]) => `${name}: ${value}`)
  const status = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}`.trimEnd()
  return `${[command, '', status, ...headers, '', answer.body ?? ''].join('\n').trimEnd()}\n`
}

/** The names of variables by the names of secrets, in lower case and letters only. */
const VARIABLES: { pattern: RegExp; variable: string }[] = [
  { pattern: /authorization|token|cookie|credential|apikey/, variable: 'CREDENTIAL' },
  { pattern: /passw|pwd|passphrase/, variable: 'PASSWORD' },
  { pattern: /passcode/, variable: 'PASSCODE' },
  { pattern: /encr/, variable: 'ENCRYPTION_KEY' },
]

class Variables {
  /** By name, without the prefix FIREDRILL_. */
  readonly #values = new Map<string, string>()

  readonly mask: Mask = ({ name, value }) => {
    const plain = name.toLowerCase().replace(/[^a-z]/g, '')
    const base = VARIABLES.find(({ pattern }) => pattern.test(plain))?.variable ?? 'SECRET'
    let variable = base
    for (let number = 2; (this.#values.get(variable) ?? value) !== value; number += 1) variable = `${base}_${number}`
    this.#values.set(variable, value)
    return OPEN + variable + CLOSE
  }

  /** The text as one word of a shell. */
  quoted(text: string): string {
    const parts = text.split(new RegExp(`${OPEN}(\\w+)${CLOSE}`))
    const words = parts.map((part, index) => {
      if (index % 2 === 0) return part === '' ? '' : quotedText(part)
      return this.#values.has(part) ? `"$FIREDRILL_${part}"` : quotedText(OPEN + part + CLOSE)
    })
    return words.join('') || "''"
  }
}

/** Only `$'…'` can contain control characters other than line feeds. */
function quotedText(text: string): string {
  if (/^[\w./:@%+=,-]+$/.test(text)) return text
  if (!/\p{Cc}/u.test(text.replaceAll('\n', ''))) return `'${text.replaceAll("'", `'\\''`)}'`
  return `$'${text.replace(/[\\'\p{Cc}]/gu, escaped)}'`
}

function escaped(character: string): string {
  if (character === '\\' || character === "'") return `\\${character}`
  const code = character.charCodeAt(0)
  return code < 128 ? `\\x${code.toString(16).padStart(2, '0')}` : character
}
