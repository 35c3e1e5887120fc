// Regular expressions that users give: matched in linear time, and limited in size, so that none can block the server.
import { RE2JS, RE2JSSyntaxException } from 're2js'
import { Refusal } from '../refusal.ts'

/** In UTF-16 code units. */
export const MAX_EXPRESSION_LENGTH = 1000

/** Compiled instructions. The worst case takes about 10 ns per instruction and character. */
export const MAX_EXPRESSION_COST = 500

export interface RegularExpression {
  /** Compiled instructions: what a character costs in the worst case. */
  cost: number
  /** Whether all of the text matches. */
  matches(text: string): boolean
}

/** The syntax of RE2, and `\uXXXX` as Java and JavaScript have it. `place` begins the message. Throws Refusal. */
export function compileRegularExpression(source: string, place: string): RegularExpression {
  if (source.length > MAX_EXPRESSION_LENGTH) {
    throw new Refusal(
      'invalid',
      `${place}: the regular expression has ${source.length} characters; at most ${MAX_EXPRESSION_LENGTH} are taken`,
    )
  }
  const compiled = compile(source, place)
  const cost = compiled.programSize()
  if (cost > MAX_EXPRESSION_COST) {
    throw new Refusal(
      'invalid',
      `${place}: the regular expression comes to ${cost} instructions; at most ${MAX_EXPRESSION_COST} are taken. ` +
        'Lower its repetition counts',
    )
  }
  return { cost, matches: text => compiled.matches(text) }
}

/** Any escape, so that the backslash of one is not taken for the start of the next. */
const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|[\s\S])/g

function compile(source: string, place: string): RE2JS {
  try {
    return RE2JS.compile(source.replace(ESCAPE, (whole, hex?: string) => (hex ? `\\x{${hex}}` : whole)))
  } catch (cause) {
    if (!(cause instanceof RE2JSSyntaxException)) throw cause
    throw new Refusal('invalid', `${place}: ${explain(cause)}`, cause)
  }
}

/** What a linear-time engine cannot do, by how the rejected part begins. */
const UNSUPPORTED: [start: RegExp, name: string][] = [
  [/^\(\?<?[=!]/, 'look-around ("(?=", "(?!", "(?<=", "(?<!")'],
  [/^\\[1-9k]/, 'a back-reference ("\\1", "\\k<name>")'],
  [/^(?:\(\?>|[*+?}]\+)/, 'an atomic group or a possessive quantifier ("(?>", "*+", "++", "?+")'],
]

/** The rejected part is quoted only while it is too short to hold a secret. */
const MAX_QUOTED_LENGTH = 4

function explain(error: RE2JSSyntaxException): string {
  const part = error.getPattern() ?? ''
  const [, unsupported] = UNSUPPORTED.find(([start]) => start.test(part)) ?? []
  if (unsupported) {
    return `${unsupported} is not supported: regular expressions are matched in linear time, by the syntax of RE2`
  }
  const quoted = part.length <= MAX_QUOTED_LENGTH && part !== '' ? ` in "${part}"` : ''
  return `it is no regular expression: ${error.getDescription()}${quoted}`
}
