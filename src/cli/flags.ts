// Parses the options of a command line, and suggests the nearest known word for a misspelt one.
import { parseArgs } from 'node:util'
import { distance } from 'fastest-levenshtein'

/** An option that cannot be used; the message is one line that names it as the user wrote it. */
export class OptionError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message.replace(/\s*[\r\n]+\s*/g, ' '), options)
  }
}

export interface Flag {
  /** Placeholder of the value in the help; undefined for a switch. */
  value: string | undefined
  help: string
  /** Its one-letter form, without the dash. */
  short?: string
  /** The environment variable with the same meaning. */
  env?: string
  /** It can be given several times; its values are then separated by commas. */
  repeatable?: true
  /** Its values, of which the first is meant where none follows. */
  optionalValues?: readonly string[]
}

/** The options that were given, by name without dashes. */
export type Given = Record<string, string | boolean | undefined>

/** Throws OptionError for an unknown option, and for one with a missing or unexpected value. */
export function parseFlags(
  argv: readonly string[],
  known: Readonly<Record<string, Pick<Flag, 'value' | 'repeatable' | 'optionalValues'>>>,
  allowPositionals = false,
): { given: Given; words: string[] } {
  const options = Object.fromEntries(
    Object.entries(known).map(([name, { value, repeatable: multiple = false }]) => [
      name,
      { type: value === undefined ? 'boolean' : 'string', multiple },
    ]),
  ) as Record<string, { type: 'boolean' | 'string'; multiple: boolean }>
  try {
    const { values, positionals } = parseArgs({
      args: withValues(argv, known),
      options,
      strict: true,
      allowPositionals,
    })
    const joined = Object.entries(values).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value])
    return { given: Object.fromEntries(joined), words: positionals }
  } catch (cause) {
    const message = (cause instanceof Error ? cause.message : String(cause)).split(/\.\s|\n/)[0] as string
    const [, unknown] = /^Unknown option '--(.+)'$/.exec(message) ?? []
    const hint = unknown === undefined ? '' : hintAt(unknown, Object.keys(known), '--')
    throw new OptionError(`${message}${hint}; see --help`, { cause })
  }
}

/** Adds the first value to an option whose value is optional, and left out. */
function withValues(argv: readonly string[], known: Readonly<Record<string, Pick<Flag, 'optionalValues'>>>): string[] {
  const dashes = argv.indexOf('--')
  return argv.map((word, index) => {
    const values = dashes === -1 || index < dashes ? known[word.replace(/^--/, '')]?.optionalValues : undefined
    const isBare = values !== undefined && word.startsWith('--') && !values.includes(argv[index + 1] ?? '')
    return isBare ? `${word}=${values[0]}` : word
  })
}

/** Whether the switch is among the words before `--`, even when the other words are not valid. */
export function hasSwitch(argv: readonly string[], name: string, { short }: Pick<Flag, 'short'>): boolean {
  const dashes = argv.indexOf('--')
  const words = dashes === -1 ? argv : argv.slice(0, dashes)
  return words.includes(`--${name}`) || (short !== undefined && words.includes(`-${short}`))
}

/** The lines of a help: each option, what it does, and its environment variable. */
export function flagLines(flags: Readonly<Record<string, Flag>>): string[] {
  return Object.entries(flags).flatMap(([name, { value, help, short, env }]) => {
    const option = short === undefined ? `--${name}` : `-${short}, --${name}`
    const line = `  ${[option, value].join(' ').trim().padEnd(30)}${help}`
    return env === undefined ? [line] : [line, `${' '.repeat(32)}${env}`]
  })
}

/** `, the nearest is …`, or an empty text when no known word is near. */
export function hintAt(word: string, known: readonly string[], prefix = ''): string {
  const near = known
    .map(name => ({ name, steps: name.startsWith(word) ? 0 : stepsBetween(word, name) }))
    .sort((a, b) => a.steps - b.steps)[0]
  return near && near.steps <= Math.ceil(word.length / 3) ? `, the nearest is ${prefix}${near.name}` : ''
}

/** How many letters to change, add or remove to turn one word into the other. Two letters that are swapped count as one. */
export function stepsBetween(from: string, to: string): number {
  const steps = distance(from, to)
  return steps === 2 && sortedLetters(from) === sortedLetters(to) ? 1 : steps
}

function sortedLetters(word: string): string {
  return [...word].sort().join('')
}
