// The Prefer header as RFC 7240 has it: preferences by comma, each with a value and parameters by semicolon.

type Pair = readonly [name: string, value: string]

export interface Preference {
  /** In lower case. */
  name: string
  /** Empty when there is none. */
  value: string
  parameters: readonly Pair[]
}

/** A name, and perhaps a value that is a token or a quoted text. Around it there is no space: two kinds of space in a row take forever. */
const PAIR = /^([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([\w!#$%&'*+.^`|~-]*)))?$/

/** What cannot be read as a preference is left out. */
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

/** Not within quotes. */
function split(text: string, separator: ',' | ';'): string[] {
  return text.match(separator === ',' ? /(?:"(?:[^"\\]|\\.)*"?|[^",])+/g : /(?:"(?:[^"\\]|\\.)*"?|[^";])+/g) ?? []
}
