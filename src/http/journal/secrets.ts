// Finds the secrets in headers, URLs and bodies: the values of fields that isSecretName accepts, and other common forms.
import type { SecretMarks } from '../../sandbox/journal/entry.ts'
import { isSecretName } from './secret-names.ts'

/** A secret within a text. */
export interface Secret {
  /** The name of the header or field that holds it. */
  name: string
  start: number
  end: number
  /** It is a JSON value without quotes. */
  unquoted: boolean
}

/** The authentication schemes that can precede the secret in a header. */
const SCHEMES = /^(?:bearer|basic|digest|token)\s+/i

/** The secrets of a header's value, in order. */
export function secretsOfHeader(name: string, value: string, marks?: SecretMarks): Secret[] {
  if (!isSecretName(name, marks)) return secretsOfText(value, marks)
  const lower = name.toLowerCase()
  const secret = (start: number, end: number, secretName = name): Secret[] =>
    start < end ? [{ name: secretName, start, end, unquoted: false }] : []
  if (lower === 'set-cookie') return secret(...cookieValue(value, 0, endAt(value, 0, /;/)))
  if (lower !== 'cookie') return secret(SCHEMES.exec(value)?.[0].length ?? 0, value.length)
  return [...value.matchAll(/[^;]+/g)].flatMap(({ 0: pair, index }) =>
    secret(...cookieValue(value, index, index + pair.length)),
  )
}

/** The whole of a cookie without `=` is its value. */
function cookieValue(text: string, start: number, end: number): [start: number, end: number, name: string] {
  const equals = text.slice(start, end).indexOf('=')
  return [start + equals + 1, end, text.slice(start, start + Math.max(equals, 0)).trim() || 'cookie']
}

/** The secrets of a path with its query, in order. */
export function secretsOfUrl(url: string, marks?: SecretMarks): Secret[] {
  const secrets = secretsOfText(url, marks)
  return marks?.hasSecretQueryNames ? mergeOverlaps([...secrets, ...queryNamesWithoutValue(url)]) : secrets
}

function queryNamesWithoutValue(url: string): Secret[] {
  const query = url.indexOf('?')
  if (query === -1) return []
  return [...url.slice(query).matchAll(/(?<=[?&])[^=&]+(?==?(?:&|$))/g)].map(({ 0: name, index }) => {
    const start = query + index
    return { name: 'key', start, end: start + name.length, unquoted: false }
  })
}

/** The secrets of a body or of any other text, in order. */
export function secretsOfText(content: string, marks?: SecretMarks): Secret[] {
  const text = { content, isStructured: /^[[{<"]/.test(content.trimStart()) }
  const found = secretForms.flatMap(form => findAll(text, form, marks))
  return mergeOverlaps([...found, ...secretsOfParts(content, marks)])
}

/** A form in which a secret is written. */
interface SecretForm {
  /** What precedes the secret. Linear in the length of the text: matches do not overlap, and no part can match in two ways. */
  pattern: RegExp
  /** The name of the secret, from the groups of the match. */
  nameOf(groups: Groups): string | undefined
  /** Where the secret is, if the match ends at `at`. */
  locate(text: Text, at: number, groups: Groups): Span
}

type Groups = Record<string, string | undefined>
type Span = Pick<Secret, 'start' | 'end' | 'unquoted'>

interface Text {
  content: string
  /** JSON or markup, in which a URL or a sentence can end before the next `&`. */
  isStructured: boolean
}

const upTo =
  (end: RegExp): SecretForm['locate'] =>
  ({ content }, at) => ({ start: at, end: endAt(content, at, end), unquoted: false })

const nameOfMatch: SecretForm['nameOf'] = ({ name }) => name
const fixedName =
  (name: string): SecretForm['nameOf'] =>
  () =>
    name

/** All forms are looked for in every text: a body can differ from its content type, and can be incomplete. */
const secretForms: SecretForm[] = [
  // name=value in queries and forms, and, with every character escaped, in URLs within them.
  {
    pattern: /(?<=^|[^\w.%[\]-]|%3D)(?<name>[\w.%[\]-]+?)(?<equals>=|%3D)/gi,
    nameOf: nameOfMatch,
    locate({ content, isStructured }, at, { equals }) {
      const end = isStructured ? /[&"<>\\\r\n]/ : /[&\r\n]/
      return { start: at, end: endAt(content, at, equals === '=' ? end : /&|%26|["<\r\n]/i), unquoted: false }
    },
  },
  // "name": value, name: value, and the same in HTML.
  {
    pattern: /(?<![\w.\\-])(?<name>[\w.\\-]+)(?<quote>["'\])]{0,3})\s{0,99}:\s{0,99}(?:<\/\w+>\s{0,99}){0,3}/g,
    nameOf: nameOfMatch,
    locate: locateFieldValue,
  },
  {
    pattern: /<input\b(?<attributes>[^<>]*)/g,
    nameOf: ({ attributes = '' }) => /\bname="([^"]+)"/.exec(attributes)?.[1],
    locate({ content }, at, { attributes = '' }) {
      const [value = ''] = /^[\s\S]*?\bvalue="/.exec(attributes) ?? []
      const start = value === '' ? at : at - attributes.length + value.length
      return { start, end: value === '' ? at : endAt(content, start, /"/), unquoted: false }
    },
  },
  { pattern: /<(?<name>[\w:-]{1,128})(?:\s[^<>]*)?>/g, nameOf: nameOfMatch, locate: upTo(/</) },
  {
    pattern: /\b(?:bearer|basic)(?:\s|%20|\+)(?=\S)(?!\w+=")/gi,
    nameOf: fixedName('authorization'),
    locate: upTo(/[\s"'<>&,;\\]/),
  },
  // A query that consists of a hexadecimal key, as in signed download links.
  {
    pattern: /(?:\?|%3F)(?=[0-9a-f]{16,64}(?:[^\w%-]|%3D|$))/gi,
    nameOf: fixedName('key'),
    locate: upTo(/[^0-9a-f]/i),
  },
  // user:password@ in URLs, also in those that are a value of another URL or of JSON.
  {
    pattern:
      /(?::|%(?:25)*3A)(?:\\?\/|%(?:25)*2F){2}(?=(?:(?!%(?:25)*(?:2F|3F|23|40))[^/?#\s@"<>]){1,500}(?:@|%(?:25)*40))/gi,
    nameOf: fixedName('credentials'),
    locate: upTo(/@|%(?:25)*40/i),
  },
]

function findAll(text: Text, { pattern, nameOf, locate }: SecretForm, marks: SecretMarks | undefined): Secret[] {
  const found: Secret[] = []
  pattern.lastIndex = 0
  for (let match = pattern.exec(text.content); match; match = pattern.exec(text.content)) {
    const groups = match.groups ?? {}
    const name = nameOf(groups)
    if (name === undefined || !isSecretName(name, marks)) continue
    const span = locate(text, pattern.lastIndex, groups)
    pattern.lastIndex = Math.max(pattern.lastIndex, span.end)
    if (span.end > span.start) found.push({ name, ...span })
  }
  return found
}

/** The number of headers that a part of a multipart body can have; clients send one or two. */
const MAX_PART_HEADERS = 10

/** In multipart bodies: the content of parts with a secret name, from the empty line up to the next boundary. */
function secretsOfParts(text: string, marks: SecretMarks | undefined): Secret[] {
  const found: Secret[] = []
  let name: string | undefined
  let headersLeft = 0
  let at = 0
  for (let lineEnd = text.indexOf('\n'); lineEnd !== -1; lineEnd = text.indexOf('\n', at)) {
    const line = text.slice(at, text[lineEnd - 1] === '\r' ? Math.max(at, lineEnd - 1) : lineEnd)
    at = lineEnd + 1
    headersLeft -= 1
    const secretName = secretPartName(line, marks)
    if (secretName !== undefined) {
      name = secretName
      headersLeft = MAX_PART_HEADERS
    } else if (line === '' && name !== undefined) {
      const end = endAt(text, at, /\r?\n--/)
      if (end > at) found.push({ name, start: at, end, unquoted: false })
      at = end
    }
    if (line === '' || headersLeft < 0) name = undefined
  }
  return found
}

/** `Content-Disposition: form-data; name="token"`. */
function secretPartName(line: string, marks: SecretMarks | undefined): string | undefined {
  const names = [...line.matchAll(/\bname="?([^";]+)/g)].map(([, name = '']) => name)
  return names.find(name => isSecretName(name, marks))
}

/** `"…"`, an escaped string within a string, `{…}` or `[…]` as a whole, or up to the end of a number or a line. */
function locateFieldValue({ content: text, isStructured }: Text, at: number, { quote = '' }: Groups): Span {
  const first = text[at]
  if (first === '"' || first === "'") {
    const inner = first === '"' ? /(?:[^"\\]|\\[\s\S])*/y : /(?:[^'\\]|\\[\s\S])*/y
    inner.lastIndex = at + 1
    return { start: at + 1, end: at + 1 + (inner.exec(text)?.[0].length ?? 0), unquoted: false }
  }
  if (text.startsWith('\\"', at)) return { start: at + 2, end: endAt(text, at + 2, /\\?"/), unquoted: false }
  if (first === '{' || first === '[') return { start: at, end: endOfNested(text, at), unquoted: true }
  if (quote.includes('"')) return unlessEmpty(text, at, endAt(text, at, /[,}\]\s<]/))
  return { start: at, end: endAt(text, at, isStructured ? /["\r\n<]/ : /[\r\n<]/), unquoted: false }
}

/** null, true and false are not secret. */
function unlessEmpty(text: string, start: number, end: number): Span {
  return { start, end: /^(?:null|true|false)$/.test(text.slice(start, end)) ? start : end, unquoted: true }
}

/** The position after the bracket that closes the one at `at`; the end of an incomplete text. */
function endOfNested(text: string, at: number): number {
  let depth = 0
  // An incomplete string extends to the end of the text. If it did not match, each of its quotes would start a new search.
  for (const { 0: token, index } of text.slice(at).matchAll(/"(?:[^"\\]|\\[\s\S])*(?:"|\\?$)|[[{\]}]/g)) {
    if (token === '{' || token === '[') depth += 1
    else if (token === '}' || token === ']') depth -= 1
    if (depth === 0) return at + index + 1
  }
  return text.length
}

/** The position of the first match of `end` from `at` on. */
function endAt(text: string, at: number, end: RegExp): number {
  const offset = text.slice(at).search(end)
  return offset === -1 ? text.length : at + offset
}

/** In order; overlapping secrets become one. */
export function mergeOverlaps(secrets: Secret[]): Secret[] {
  const sorted = secrets.sort((a, b) => a.start - b.start || b.end - a.end)
  const merged: Secret[] = []
  for (const secret of sorted) {
    const last = merged.at(-1)
    if (!last || secret.start >= last.end) merged.push({ ...secret })
    else last.end = Math.max(last.end, secret.end)
  }
  return merged
}
