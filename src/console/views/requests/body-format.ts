// How a body is shown: JSON with indentation, forms as tables, everything else as text.

export interface JsonPart {
  kind: 'name' | 'string' | 'number' | 'word' | 'other'
  text: string
}

export type ShownBody =
  | { kind: 'json'; parts: readonly JsonPart[] }
  | { kind: 'form'; fields: readonly { name: string; value: string }[] }
  | { kind: 'text'; text: string }

export function shownBody(body: string, contentType: string): ShownBody {
  if (/^application\/x-www-form-urlencoded/i.test(contentType)) {
    return { kind: 'form', fields: [...new URLSearchParams(body)].map(([name, value]) => ({ name, value })) }
  }
  const isJson = /json/i.test(contentType) || /^\s*[[{]/.test(body)
  return isJson && isValid(body) ? { kind: 'json', parts: jsonParts(body) } : { kind: 'text', text: body }
}

function isValid(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|-?\d[\d.eE+-]*|true|false|null/g
const INDENT = '  '

/** The tokens as they are, so that large numbers and repeated names stay what was sent, with spaces and line breaks between them. */
export function jsonParts(text: string): JsonPart[] {
  const tokens = text.match(TOKEN) ?? []
  const parts: JsonPart[] = []
  let depth = 0
  const add = (kind: JsonPart['kind'], part: string) => {
    const last = parts.at(-1)
    if (last && last.kind === 'other' && kind === 'other') last.text += part
    else parts.push({ kind, text: part })
  }
  const newLine = () => `\n${INDENT.repeat(depth)}`
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1]
    if (token === '{' || token === '[') {
      const isEmpty = next === '}' || next === ']'
      depth += 1
      add('other', isEmpty ? token : token + newLine())
    } else if (token === '}' || token === ']') {
      depth -= 1
      const previous = tokens[index - 1]
      add('other', previous === '{' || previous === '[' ? token : newLine() + token)
    } else if (token === ',') add('other', token + newLine())
    else if (token === ':') add('other', ': ')
    else if (token.startsWith('"')) add(next === ':' ? 'name' : 'string', token)
    else add(/^[tfn]/.test(token) ? 'word' : 'number', token)
  }
  return parts
}
