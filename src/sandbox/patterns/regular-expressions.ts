// Compiles regular expressions of users: limited in size and matched in linear time, so that none can block the server.
import { RE2JS, RE2JSSyntaxException } from 're2js'
import { Refusal } from '../refusal.ts'

/** In UTF-16 code units. */
export const MAX_EXPRESSION_LENGTH = 1000

/** Compiled instructions. The worst case takes about 10 ns per instruction and character. */
export const MAX_EXPRESSION_COST = 500

export interface RegularExpression {
  /** The number of compiled instructions, which are the cost per character in the worst case. */
  cost: number
  /** Whether the whole text matches. */
  matches(text: string): boolean
}

/** Accepts the syntax of RE2 and `\uXXXX`, as in Java and JavaScript. Throws Refusal; `place` begins the message. */
export function compileRegularExpression(source: string, place: string): RegularExpression {
  if (source.length > MAX_EXPRESSION_LENGTH) {
    throw new Refusal(
      'invalid',
      `${place}: the regular expression has ${source.length} characters; at most ${MAX_EXPRESSION_LENGTH} are allowed`,
    )
  }
  const compiled = compile(source, place)
  const cost = compiled.programSize()
  if (cost > MAX_EXPRESSION_COST) {
    throw new Refusal(
      'invalid',
      `${place}: the regular expression compiles to ${cost} instructions; at most ${MAX_EXPRESSION_COST} are allowed. ` +
        'Lower its repetition counts',
    )
  }
  return { cost, matches: text => compiled.matches(text) }
}

/** Matches every escape, so that the second backslash of `\\` does not start another one. */
const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|[\s\S])/g

function compile(source: string, place: string): RE2JS {
  try {
    return RE2JS.compile(source.replace(ESCAPE, (whole, hex?: string) => (hex ? `\\x{${hex}}` : whole)))
  } catch (cause) {
    if (!(cause instanceof RE2JSSyntaxException)) throw cause
    throw new Refusal('invalid', `${place}: ${explain(cause)}`, cause)
  }
}

/** Features that a linear-time engine does not support, by the start of the rejected part. */
const UNSUPPORTED: { start: RegExp; name: string }[] = [
  { start: /^\(\?<?[=!]/, name: 'look-around ("(?=", "(?!", "(?<=", "(?<!")' },
  { start: /^\\[1-9k]/, name: 'a back-reference ("\\1", "\\k<name>")' },
  { start: /^(?:\(\?>|[*+?}]\+)/, name: 'an atomic group or a possessive quantifier ("(?>", "*+", "++", "?+")' },
]

/** A longer rejected part could hold a secret and is not quoted. */
const MAX_QUOTED_LENGTH = 4

function explain(error: RE2JSSyntaxException): string {
  const part = error.getPattern() ?? ''
  const unsupported = UNSUPPORTED.find(({ start }) => start.test(part))
  if (unsupported) {
    return `${unsupported.name} is not supported: regular expressions use the syntax of RE2, which is matched in linear time`
  }
  const quoted = part.length <= MAX_QUOTED_LENGTH && part !== '' ? ` in "${part}"` : ''
  return `invalid regular expression: ${error.getDescription()}${quoted}`
}
