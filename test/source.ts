// Takes TypeScript apart into code, texts and comments, as far as rules about the house need it.

export interface Token {
  kind: 'code' | 'text' | 'comment'
  /** Of texts without their quotes. */
  content: string
  line: number
}

const REGEX_MAY_FOLLOW =
  /(?:^|[(,=:[!&|?{};+\-*%~^<>]|\b(?:return|typeof|case|in|of|do|else|yield|await|void|delete))\s*$/
const COMMENT = /\/\/[^\n]*|\/\*[\s\S]*?\*\//y
const QUOTED = /'((?:[^'\\\n]|\\[\s\S])*)'|"((?:[^"\\\n]|\\[\s\S])*)"/y
const REGEX = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y
const TEMPLATE_TEXT = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*/y

/** Regular expressions count as texts; so does a template, but for what it computes. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = []
  let code = ''
  let at = 0
  const lineOf = (index: number) => source.slice(0, index).split('\n').length
  const push = (kind: Token['kind'], content: string, index: number) => {
    if (code !== '') tokens.push({ kind: 'code', content: code, line: lineOf(index - code.length) })
    code = ''
    if (kind !== 'code') tokens.push({ kind, content, line: lineOf(index) })
  }
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const found = pattern.exec(source)
    if (found) at = pattern.lastIndex
    return found
  }
  const template = () => {
    at += 1
    for (;;) {
      const from = at
      push('text', take(TEMPLATE_TEXT)?.[0] ?? '', from)
      if (source[at] !== '$') break
      at += 2
      scan('}')
      at += 1
    }
    at += 1
  }
  /** Up to the brace that closes what the caller opened. */
  const scan = (end?: string) => {
    let depth = 0
    while (at < source.length) {
      const from = at
      const char = source[at] as string
      if (depth === 0 && char === end) return
      const comment = char === '/' && take(COMMENT)
      const quoted = !comment && take(QUOTED)
      if (comment) push('comment', comment[0], from)
      else if (quoted) push('text', quoted[1] ?? quoted[2] ?? '', from)
      else if (char === '`') template()
      else if (char === '/' && REGEX_MAY_FOLLOW.test(code) && take(REGEX)) push('text', source.slice(from, at), from)
      else {
        if (char === '{') depth += 1
        if (char === '}') depth -= 1
        code += char
        at += 1
      }
    }
  }
  scan()
  push('code', '', at)
  return tokens
}

const STATIC_IMPORT = /(?:^|[;}\n])\s*(?:import|(?:import|export)\b[^;()]*\bfrom)\s*$/
const DYNAMIC_IMPORT = /\bimport\s*\(\s*$/

/** What a file imports, re-exports and loads on demand; `undefined` stands for what only its running could tell. */
export function importsOf(tokens: readonly Token[]): (string | undefined)[] {
  const solid = withoutComments(tokens)
  return solid.flatMap(({ kind, content }, index) => {
    const target = solid[index + 1]
    if (kind !== 'code') return []
    if (STATIC_IMPORT.test(content) && target?.kind === 'text') return [target.content]
    if (!/\bimport\s*\(/.test(content)) return []
    const isWhole = /^\s*[,)]/.test(solid[index + 2]?.content ?? '')
    return [DYNAMIC_IMPORT.test(content) && target?.kind === 'text' && isWhole ? target.content : undefined]
  })
}

function withoutComments(tokens: readonly Token[]): Token[] {
  const solid: Token[] = []
  for (const token of tokens) {
    const last = solid.at(-1)
    if (token.kind === 'code' && last?.kind === 'code')
      solid[solid.length - 1] = { ...last, content: last.content + token.content }
    else if (token.kind !== 'comment') solid.push(token)
  }
  return solid
}
