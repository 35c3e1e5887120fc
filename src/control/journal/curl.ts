// A request as a command to paste: curl, quoted for a shell, with a variable in place of each secret.
import { STATUS_CODES } from 'node:http'
import type { Mask } from '../../http/journal/redaction.ts'
import type { Entry } from '../../sandbox/journal/entry.ts'
import { valuesOf } from '../../sandbox/patterns/requests.ts'
import { type Exchange, shownExchange } from './exchange.ts'

/** What curl sends by itself, or must not send again. */
const OWN_HEADERS = new Set(['host', 'content-length', 'connection', 'transfer-encoding', 'expect', 'keep-alive'])

/** Around the name of a variable, within texts that are still to be quoted: characters for private use. */
const OPEN = '\uE000'
const CLOSE = '\uE001'

/**
 * The command for a POSIX shell, sent to `serverUrl`. Variables hold secrets as they stand in the request:
 * `$FIREDRILL_CREDENTIAL`, `$FIREDRILL_PASSWORD` … Without `serverUrl`, to where the request was sent.
 */
export function curlOf(entry: Entry, serverUrl: string = entry.origin): string {
  const variables = new Variables()
  const shown = shownExchange(entry, variables.mask)
  const quote = (text: string) => variables.quoted(text)
  const headers = [
    ...hostHeaders(shown, serverUrl),
    ...shown.headers.filter(([name]) => !OWN_HEADERS.has(name.toLowerCase())),
  ]
  const body = bodyWords(entry, shown)
  const words = [
    shown.method === 'HEAD' ? '--head' : `--request ${quote(shown.method)}`,
    '--path-as-is --globoff',
    quote(serverUrl + shown.sentUrl),
    ...headers.map(([name, value]) => `--header ${quote(value === '' ? `${name};` : `${name}: ${value}`)}`),
    // curl would call the body a form.
    ...(body && valuesOf(shown.headers, 'content-type').length === 0 ? [`--header 'Content-Type:'`] : []),
    ...(body ? [body(quote)] : []),
  ]
  return `curl ${words.join(' \\\n  ')}`
}

/** Where the server is called by another name than it was. */
function hostHeaders({ headers }: Exchange, serverUrl: string): (readonly [string, string])[] {
  const [host] = valuesOf(headers, 'host')
  return host === undefined || host === new URL(serverUrl).host ? [] : [['Host', host]]
}

/** What cannot be shown is read from a file, which is for whoever pastes the command to provide. */
function bodyWords(
  { body: sent }: Entry,
  { body }: Exchange,
): ((quote: (text: string) => string) => string) | undefined {
  if (sent.sizeBytes === 0) return undefined
  if (body === undefined || !sent.isWhole) return () => '--data-binary @body'
  return quote => `--data-raw ${quote(body)}`
}

/** The command, and the answer that it got: the form of fixtures/exchanges. */
export function exchangeOf(entry: Entry, serverUrl?: string): string {
  const command = curlOf(entry, serverUrl)
  const { answer } = shownExchange(entry)
  if (!answer)
    return `${command}\n\n# No answer: ${entry.ended ? 'the connection was cut' : 'it is still on its way'}.\n`
  const headers = answer.headers.map(([name, value]) => `${name}: ${value}`)
  const status = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}`.trimEnd()
  return `${[command, '', status, ...headers, '', answer.body ?? ''].join('\n').trimEnd()}\n`
}

/** Names by secret: what says who calls is a credential, whatever it is called there. */
const VARIABLES: [RegExp, string][] = [
  [/authorization|token|cookie|credential|apikey/, 'CREDENTIAL'],
  [/passw|pwd|passphrase/, 'PASSWORD'],
  [/passcode/, 'PASSCODE'],
  [/encr/, 'ENCRYPTION_KEY'],
]

class Variables {
  /** By name, without what they all begin with. */
  readonly #values = new Map<string, string>()

  readonly mask: Mask = ({ name, value }) => {
    const plain = name.toLowerCase().replace(/[^a-z]/g, '')
    const base = VARIABLES.find(([pattern]) => pattern.test(plain))?.[1] ?? 'SECRET'
    let variable = base
    for (let number = 2; (this.#values.get(variable) ?? value) !== value; number += 1) variable = `${base}_${number}`
    this.#values.set(variable, value)
    return OPEN + variable + CLOSE
  }

  /** As one word of a shell. */
  quoted(text: string): string {
    const parts = text.split(new RegExp(`${OPEN}(\\w+)${CLOSE}`))
    const words = parts.map((part, index) => {
      if (index % 2 === 0) return part === '' ? '' : quotedText(part)
      return this.#values.has(part) ? `"$FIREDRILL_${part}"` : quotedText(OPEN + part + CLOSE)
    })
    return words.join('') || "''"
  }
}

/** Control characters other than the end of a line only the second form of quotes can say. */
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
