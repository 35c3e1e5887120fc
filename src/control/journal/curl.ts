// Exports a request as a curl command for a shell, in which variables replace the secrets.
import { STATUS_CODES } from 'node:http'
import type { Entry } from '../../sandbox/journal/entry.ts'
import { valuesOf } from '../../sandbox/patterns/requests.ts'
import { type Exchange, shownExchange } from './exchange.ts'
import { type TextPart, Variables } from './variables.ts'

/** Headers that clients set themselves, or that apply to one connection only. */
const OMITTED_HEADERS = new Set(['host', 'content-length', 'connection', 'transfer-encoding', 'expect', 'keep-alive'])

/**
 * A command for a POSIX shell that sends the request to `serverUrl`, by default the server that received it. Its variables, such as
 * `$FIREDRILL_CREDENTIAL` and `$FIREDRILL_PASSWORD`, contain the secrets as they were sent, including any percent-encoding.
 */
export function curlOf(entry: Entry, serverUrl: string = entry.origin): string {
  const variables = new Variables()
  const shown = shownExchange(entry, variables.mask)
  const quote = (text: string) => shellWord(variables.partsOf(text))
  const headers = sentHeaders(shown, serverUrl)
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

/** The headers to repeat, and the Host header if `serverUrl` is another name of the server than the request used. */
export function sentHeaders({ headers }: Exchange, serverUrl: string): (readonly [string, string])[] {
  const [host] = valuesOf(headers, 'host')
  const isSameHost = host === undefined || host === new URL(serverUrl).host
  return [
    ...(isSameHost ? [] : [['Host', host] as const]),
    ...headers.filter(([name]) => !OMITTED_HEADERS.has(name.toLowerCase())),
  ]
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

/** The text as one word of a shell. */
function shellWord(parts: readonly TextPart[]): string {
  return parts.map(part => ('variable' in part ? `"$${part.variable}"` : quotedText(part.text))).join('') || "''"
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
