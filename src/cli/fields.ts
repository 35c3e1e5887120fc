// The fields of a request body as words of a command line: key=value …, or one JSON object.
import { OptionError } from './flags.ts'

/** As usage names it. */
export const FIELDS = 'key=value … or JSON'

/** Values are JSON where they can be read as JSON, else text. Throws OptionError; `what` is the word for it all. */
export function fieldsOf(words: readonly string[], what: string): unknown {
  const [first = ''] = words
  if (words.length === 1 && first.trimStart().startsWith('{')) {
    try {
      return JSON.parse(first)
    } catch (cause) {
      throw new OptionError(`${what} is not valid JSON: ${(cause as Error).message}`, { cause })
    }
  }
  return Object.fromEntries(
    words.map(word => {
      const [, key, value = ''] = /^([^=]+)=(.*)$/s.exec(word) ?? []
      if (key === undefined) throw new OptionError(`Expected key=value, got "${word}"`)
      return [key, jsonOrText(value)]
    }),
  )
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
