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

/** Letters and digits alone, in lower case: `X-Api-Key`, `api_key` and `apiKey` are one name. `key` only by itself. */
const SECRET_NAMES =
  /^key$|(token|password|passwd|pwd|passcode|passphrase|secret|credentials?|authorization|apikey|accesskey|privatekey|encryptionkey|encryptkey|decryptionkey|cookie)$/

/** Where a secret is all of a header but these words before it. */
const SCHEMES = /^(?:bearer|basic|digest|token)\s+/i

/** What stands before the last of a name says nothing about it. */
const LONGEST_NAME = 128

/** Whether what a header or field of that name holds is secret; of `user[password]` and escaped URLs, the last part counts. */
export function isSecretName(name: string): boolean {
  const [last = ''] = unescaped(name.slice(-LONGEST_NAME)).match(/[\w-]+(?=[^\w-]*$)/) ?? []
  return SECRET_NAMES.test(last.replace(/[_-]/g, '').toLowerCase())
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

/** How a text leads to a value: `name` is a group of the pattern, or what all of its values are called. */
interface Lead {
  pattern: RegExp
  name?: string
  locate(text: string, at: number, groups: Record<string, string>): Place
}

type Place = Pick<Secret, 'start' | 'end' | 'bare'>

const upTo =
  (end: RegExp): Lead['locate'] =>
  (text, at) => ({ start: at, end: endAt(text, at, end), bare: false })

/** JSON and pages go on after a URL or a sentence within them; elsewhere whatever is no `&` is value. */
const STRUCTURED = /^\s*[[{<"]/

/**
 * Applied to every text alike, because a body need not be what its content type says, nor whole. Repetitions are bounded or
 * begin where nothing of theirs stands before: without that a long body would take its length squared.
 */
const leads: Lead[] = [
  // name=value in queries and forms, and, with every sign escaped, in URLs within those.
  {
    pattern: /(?<=^|[^\w.%[\]-]|%3D)(?<name>[\w.%[\]-]+?)(?<equals>=|%3D)/gi,
    locate(text, at, { equals }) {
      const end = STRUCTURED.test(text) ? /[&"<>\\\r\n]/ : /[&\r\n]/
      return { start: at, end: endAt(text, at, equals === '=' ? end : /&|%26|["<\r\n]/i), bare: false }
    },
  },
  // "name": value, name: value, and what pages make of it.
  {
    pattern: /(?<![\w.\\-])(?<name>[\w.\\-]+)(?<quote>["'\])]{0,3})\s{0,99}:\s{0,99}(?:<\/\w+>\s{0,99}){0,3}/g,
    locate: labelled,
  },
  // A part of a multipart body.
  {
    pattern: /\bname="?(?<name>[^";\r\n]{1,128})[^\r\n]{0,500}\r?\n(?:[^\r\n]{1,500}\r?\n){0,10}\r?\n/g,
    locate: upTo(/\r?\n--/),
  },
  { pattern: /<input\b(?=[^>]{0,500}\bname="(?<name>[^"]{1,128})")[^>]{0,500}\bvalue="/g, locate: upTo(/"/) },
  { pattern: /<(?<name>[\w:-]{1,128})(?:\s[^>]{0,500})?>/g, locate: upTo(/</) },
  {
    pattern: /\b(?:bearer|basic)(?:\s|%20|\+)(?=\S)(?!\w+=")/gi,
    name: 'authorization',
    locate: upTo(/[\s"'<>&,;\\]/),
  },
  // A download of DS Cloud: the whole query is the key.
  { pattern: /\?(?=[0-9a-f]{16,64}(?:[^\w%-]|$))/gi, name: 'key', locate: upTo(/[^0-9a-f]/i) },
  { pattern: /:\/\/(?=[^/?#\s@]{1,500}@)/g, name: 'credentials', locate: upTo(/@/) },
]

/** The secrets of a URL, a body, or any other text, in order. */
export function secretsOfText(text: string): Secret[] {
  return inOrder(leads.flatMap(lead => follow(text, lead)))
}

function follow(text: string, { pattern, name: always, locate }: Lead): Secret[] {
  const found: Secret[] = []
  pattern.lastIndex = 0
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const groups = match.groups ?? {}
    const name = always ?? groups.name ?? ''
    if (always === undefined && !isSecretName(name)) continue
    const place = locate(text, pattern.lastIndex, groups)
    pattern.lastIndex = Math.max(pattern.lastIndex, place.end)
    if (place.end > place.start) found.push({ name, ...place })
  }
  return found
}

/** `"…"`, an escaped string within a string, `{…}` or `[…]` as a whole, or up to what ends a number or a line. */
function labelled(text: string, at: number, { quote = '' }: Record<string, string>): Place {
  const first = text[at]
  if (first === '"' || first === "'") {
    const inner = first === '"' ? /(?:[^"\\]|\\[\s\S])*/y : /(?:[^'\\]|\\[\s\S])*/y
    inner.lastIndex = at + 1
    return { start: at + 1, end: at + 1 + (inner.exec(text)?.[0].length ?? 0), bare: false }
  }
  if (text.startsWith('\\"', at)) return { start: at + 2, end: endAt(text, at + 2, /\\?"/), bare: false }
  if (first === '{' || first === '[') return { start: at, end: endOfNested(text, at), bare: true }
  if (quote.includes('"')) return unlessEmpty(text, at, endAt(text, at, /[,}\]\s<]/))
  return { start: at, end: endAt(text, at, STRUCTURED.test(text) ? /["\r\n<]/ : /[\r\n<]/), bare: false }
}

/** JSON's words for having no value give nothing away. */
function unlessEmpty(text: string, start: number, end: number): Place {
  return { start, end: /^(?:null|true|false)$/.test(text.slice(start, end)) ? start : end, bare: true }
}

/** Past the bracket that closes the one at `at`; the end of a text that was cut off. */
function endOfNested(text: string, at: number): number {
  let depth = 0
  for (const { 0: token, index } of text.slice(at).matchAll(/"(?:[^"\\]|\\[\s\S])*"|[[{\]}]/g)) {
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

function unescaped(name: string): string {
  try {
    return name.includes('\\u') ? JSON.parse(`"${name}"`) : decodeURIComponent(name)
  } catch {
    return name
  }
}
