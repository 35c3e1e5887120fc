// Which parts of requests and answers are secret: the names of headers and fields, and how texts lead to their values.

/** A secret within a text. */
export interface Secret {
  /** Of the header or field that holds it. */
  name: string
  start: number
  end: number
  /** It stands without quotes where JSON has a value. */
  bare: boolean
}

/** How the names of secrets end. Letters and digits alone, in lower case: `X-Api-Key`, `api_key` and `apiKey` are one name. */
const SECRET_ENDINGS = [
  'token|jwt|password|passwd|pwd|passcode|passphrase|secret|credentials?|authorization|cookie|signature|sess(?:ion)?id',
  // What stands before it tells a key that is secret from one that finds something.
  '(?:api|access|private|encryption|encrypt|decryption|account|shared|master|signing|session|auth|secret)key',
  // Azure's Ocp-Apim-Subscription-Key, x-functions-key, and AWS's and Google's keys of customers.
  '(?:subscription|functions?|customer|host)key',
]
const SECRET_NAMES = new RegExp(`(?:${SECRET_ENDINGS.join('|')})$`)

/** Secret only as a whole word: `key` by itself, the others at the end of a name in lower case and with `-` or `_` between words. */
const SECRET_WORDS = /^key$|(?:^|[_-])(?:sig|pin|auth)$/

/** Where a secret is all of a header but these words before it. */
const SCHEMES = /^(?:bearer|basic|digest|token)\s+/i

/** What stands before the last of a name says nothing about it. */
const LONGEST_NAME = 128

/** Whether what a header or field of that name holds is secret; of `user[password]` and escaped URLs, the last part counts. */
export function isSecretName(name: string): boolean {
  const [last = ''] = unescaped(name.slice(-LONGEST_NAME)).match(/[\w-]+(?=[^\w-]*$)/) ?? []
  const words = last.replace(/([a-z\d])([A-Z])/g, '$1_$2').toLowerCase()
  return SECRET_WORDS.test(words) || SECRET_NAMES.test(words.replace(/[_-]/g, ''))
}

/** The secrets of a header's value, in order. */
export function secretsOfHeader(name: string, value: string): Secret[] {
  if (!isSecretName(name)) return secretsOfText(value)
  const lower = name.toLowerCase()
  const whole = (start: number, end: number, of = name): Secret[] =>
    start < end ? [{ name: of, start, end, bare: false }] : []
  if (lower === 'set-cookie') return whole(...cookieValue(value, 0, endAt(value, 0, /;/)))
  if (lower !== 'cookie') return whole(SCHEMES.exec(value)?.[0].length ?? 0, value.length)
  return [...value.matchAll(/[^;]+/g)].flatMap(({ 0: pair, index }) =>
    whole(...cookieValue(value, index, index + pair.length)),
  )
}

/** A cookie without `=` is all value. */
function cookieValue(text: string, start: number, end: number): [number, number, string] {
  const equals = text.slice(start, end).indexOf('=')
  return [start + equals + 1, end, text.slice(start, start + Math.max(equals, 0)).trim() || 'cookie']
}

/** Where a value is, by what leads to it. */
interface Lead {
  /** Its matches never overlap, and no part of it can match in two ways: a long body takes time in proportion to its length. */
  pattern: RegExp
  /** What the value is called, from the groups of the match. */
  nameOf(groups: Groups): string | undefined
  locate(text: Text, at: number, groups: Groups): Place
}

type Groups = Record<string, string | undefined>
type Place = Pick<Secret, 'start' | 'end' | 'bare'>

interface Text {
  content: string
  /** JSON and pages go on after a URL or a sentence within them; elsewhere whatever is no `&` is value. */
  isStructured: boolean
}

const upTo =
  (end: RegExp): Lead['locate'] =>
  ({ content }, at) => ({ start: at, end: endAt(content, at, end), bare: false })

const named: Lead['nameOf'] = ({ name }) => name
const always =
  (name: string): Lead['nameOf'] =>
  () =>
    name

/** Applied to every text alike, because a body need not be what its content type says, nor whole. */
const leads: Lead[] = [
  // name=value in queries and forms, and, with every sign escaped, in URLs within those.
  {
    pattern: /(?<=^|[^\w.%[\]-]|%3D)(?<name>[\w.%[\]-]+?)(?<equals>=|%3D)/gi,
    nameOf: named,
    locate({ content, isStructured }, at, { equals }) {
      const end = isStructured ? /[&"<>\\\r\n]/ : /[&\r\n]/
      return { start: at, end: endAt(content, at, equals === '=' ? end : /&|%26|["<\r\n]/i), bare: false }
    },
  },
  // "name": value, name: value, and what pages make of it.
  {
    pattern: /(?<![\w.\\-])(?<name>[\w.\\-]+)(?<quote>["'\])]{0,3})\s{0,99}:\s{0,99}(?:<\/\w+>\s{0,99}){0,3}/g,
    nameOf: named,
    locate: labelled,
  },
  {
    pattern: /<input\b(?<attributes>[^<>]*)/g,
    nameOf: ({ attributes = '' }) => /\bname="([^"]+)"/.exec(attributes)?.[1],
    locate({ content }, at, { attributes = '' }) {
      const [value = ''] = /^[\s\S]*?\bvalue="/.exec(attributes) ?? []
      const start = value === '' ? at : at - attributes.length + value.length
      return { start, end: value === '' ? at : endAt(content, start, /"/), bare: false }
    },
  },
  { pattern: /<(?<name>[\w:-]{1,128})(?:\s[^<>]*)?>/g, nameOf: named, locate: upTo(/</) },
  {
    pattern: /\b(?:bearer|basic)(?:\s|%20|\+)(?=\S)(?!\w+=")/gi,
    nameOf: always('authorization'),
    locate: upTo(/[\s"'<>&,;\\]/),
  },
  // A download of DS Cloud: the whole query is the key.
  {
    pattern: /(?:\?|%3F)(?=[0-9a-f]{16,64}(?:[^\w%-]|%3D|$))/gi,
    nameOf: always('key'),
    locate: upTo(/[^0-9a-f]/i),
  },
  // user:password@ in URLs, also in those that are a value of another URL or of JSON.
  {
    pattern:
      /(?::|%(?:25)*3A)(?:\\?\/|%(?:25)*2F){2}(?=(?:(?!%(?:25)*(?:2F|3F|23|40))[^/?#\s@"<>]){1,500}(?:@|%(?:25)*40))/gi,
    nameOf: always('credentials'),
    locate: upTo(/@|%(?:25)*40/i),
  },
]

/** The secrets of a URL, a body, or any other text, in order. */
export function secretsOfText(content: string): Secret[] {
  const text = { content, isStructured: /^[[{<"]/.test(content.trimStart()) }
  return inOrder([...leads.flatMap(lead => follow(text, lead)), ...secretsOfParts(content)])
}

function follow(text: Text, { pattern, nameOf, locate }: Lead): Secret[] {
  const found: Secret[] = []
  pattern.lastIndex = 0
  for (let match = pattern.exec(text.content); match; match = pattern.exec(text.content)) {
    const groups = match.groups ?? {}
    const name = nameOf(groups)
    if (name === undefined || !isSecretName(name)) continue
    const place = locate(text, pattern.lastIndex, groups)
    pattern.lastIndex = Math.max(pattern.lastIndex, place.end)
    if (place.end > place.start) found.push({ name, ...place })
  }
  return found
}

/** Of a part of a multipart body; clients send one or two. */
const MAX_PART_HEADERS = 10

/** In multipart bodies: what comes after the empty line below a header with the name, up to the next boundary. */
function secretsOfParts(text: string): Secret[] {
  const found: Secret[] = []
  let name: string | undefined
  let headersLeft = 0
  let at = 0
  for (let lineEnd = text.indexOf('\n'); lineEnd !== -1; lineEnd = text.indexOf('\n', at)) {
    const line = text.slice(at, text[lineEnd - 1] === '\r' ? Math.max(at, lineEnd - 1) : lineEnd)
    at = lineEnd + 1
    headersLeft -= 1
    const given = secretPartName(line)
    if (given !== undefined) {
      name = given
      headersLeft = MAX_PART_HEADERS
    } else if (line === '' && name !== undefined) {
      const end = endAt(text, at, /\r?\n--/)
      if (end > at) found.push({ name, start: at, end, bare: false })
      at = end
    }
    if (line === '' || headersLeft < 0) name = undefined
  }
  return found
}

/** `Content-Disposition: form-data; name="token"`. */
function secretPartName(line: string): string | undefined {
  const names = [...line.matchAll(/\bname="?([^";]+)/g)].map(([, name = '']) => name)
  return names.find(isSecretName)
}

/** `"…"`, an escaped string within a string, `{…}` or `[…]` as a whole, or up to what ends a number or a line. */
function labelled({ content: text, isStructured }: Text, at: number, { quote = '' }: Groups): Place {
  const first = text[at]
  if (first === '"' || first === "'") {
    const inner = first === '"' ? /(?:[^"\\]|\\[\s\S])*/y : /(?:[^'\\]|\\[\s\S])*/y
    inner.lastIndex = at + 1
    return { start: at + 1, end: at + 1 + (inner.exec(text)?.[0].length ?? 0), bare: false }
  }
  if (text.startsWith('\\"', at)) return { start: at + 2, end: endAt(text, at + 2, /\\?"/), bare: false }
  if (first === '{' || first === '[') return { start: at, end: endOfNested(text, at), bare: true }
  if (quote.includes('"')) return unlessEmpty(text, at, endAt(text, at, /[,}\]\s<]/))
  return { start: at, end: endAt(text, at, isStructured ? /["\r\n<]/ : /[\r\n<]/), bare: false }
}

/** JSON's words for having no value give nothing away. */
function unlessEmpty(text: string, start: number, end: number): Place {
  return { start, end: /^(?:null|true|false)$/.test(text.slice(start, end)) ? start : end, bare: true }
}

/** Past the bracket that closes the one at `at`; the end of a text that was cut off. */
function endOfNested(text: string, at: number): number {
  let depth = 0
  // A string that was cut off goes on to the end: were it no match, each of its quotes would be looked at anew.
  for (const { 0: token, index } of text.slice(at).matchAll(/"(?:[^"\\]|\\[\s\S])*(?:"|\\?$)|[[{\]}]/g)) {
    if (token === '{' || token === '[') depth += 1
    else if (token === '}' || token === ']') depth -= 1
    if (depth === 0) return at + index + 1
  }
  return text.length
}

/** The position of the first `end` from `at` on. */
function endAt(text: string, at: number, end: RegExp): number {
  const offset = text.slice(at).search(end)
  return offset === -1 ? text.length : at + offset
}

/** Where several leads come to the same text, one secret holds all of it. */
export function inOrder(secrets: Secret[]): Secret[] {
  const sorted = secrets.sort((a, b) => a.start - b.start || b.end - a.end)
  const merged: Secret[] = []
  for (const secret of sorted) {
    const last = merged.at(-1)
    if (!last || secret.start >= last.end) merged.push({ ...secret })
    else last.end = Math.max(last.end, secret.end)
  }
  return merged
}

/** Names of secrets are ASCII. What is escaped wrongly stays as it is. */
function unescaped(name: string): string {
  const character = (_: string, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))
  return name.replace(/%([2-7][0-9a-f])/gi, character).replace(/\\u00([2-7][0-9a-f])/gi, character)
}
