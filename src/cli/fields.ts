// Reads the fields of a request body from a command line: key=value …, or one JSON object.
import { OptionError } from './flags.ts'

/** The argument as the help shows it. */
export const FIELDS = 'key=value … or JSON'

/** A value that is not valid JSON is text. `what` names the fields in error messages. Throws OptionError. */
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
