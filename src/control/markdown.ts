// Writes texts from outside as Markdown, in which nothing of them has a meaning of its own.

/** On one line, with everything escaped that Markdown, its tables or HTML give a meaning to: a colon has none before a space. */
export function text(words: string): string {
  return visible(words)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_{}[\]()#+!|~$@]|:(?! )/g, '\\$&')
    .replace(/[<>&]/g, character => `&#${character.charCodeAt(0)};`)
}

/** Between more backquotes than the text has in a row. A table ends a cell at `|` even there. */
export function code(words: string): string {
  const line = visible(words).replace(/\s+/g, ' ')
  const quotes = longest(/`+/g, line, 0)
  const padding = line.startsWith('`') || line.endsWith('`') ? ' ' : ''
  return `${quotes}\`${padding}${line.replaceAll('|', '\\|')}${padding}${quotes}\``
}

export function fenced(words: string, language: string): string {
  const fence = `${longest(/`+/g, words, 2)}\``
  return `${fence}${language}\n${visible(words)}\n${fence}`
}

/** The longest match, or a number of backquotes if that is longer. */
function longest(pattern: RegExp, words: string, min: number): string {
  const lengths = [...words.matchAll(pattern)].map(([match]) => match.length)
  return '`'.repeat(Math.max(min, ...lengths))
}

/** Control characters would change what a terminal shows. */
function visible(words: string): string {
  return words.toWellFormed().replace(/[^\P{Cc}\n\t]/gu, '\ufffd')
}
