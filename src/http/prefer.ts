// Parses the Prefer header (RFC 7240): preferences separated by commas, each with a value and parameters separated by semicolons.

type Pair = readonly [name: string, value: string]

export interface Preference {
  /** Lower case. */
  name: string
  /** Empty when the preference has no value. */
  value: string
  parameters: readonly Pair[]
}

/** A name with an optional value, a token or a quoted string. Surrounding spaces are trimmed first: matching them here would backtrack. */
const PAIR = /^([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([\w!#$%&'*+.^`|~-]*)))?$/

/** Text that is not a valid preference is ignored. */
export function parsePrefer(header: string): Preference[] {
  return split(header, ',').flatMap(text => {
    const [first, ...parameters] = split(text, ';').flatMap(pairOf)
    return first ? [{ name: first[0], value: first[1], parameters }] : []
  })
}

function pairOf(text: string): Pair[] {
  const [, name, quoted, token] = PAIR.exec(text.trim()) ?? []
  return name === undefined ? [] : [[name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? token ?? '']]
}

/** Splits at separators that are not inside quotes. */
function split(text: string, separator: ',' | ';'): string[] {
  return text.match(separator === ',' ? /(?:"(?:[^"\\]|\\.)*"?|[^",])+/g : /(?:"(?:[^"\\]|\\.)*"?|[^";])+/g) ?? []
}
