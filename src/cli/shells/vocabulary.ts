// Converts the table of commands for shell completion: what can follow each word, and which options take a value.

import type { Argument, Row } from '../command.ts'
import type { Flag } from '../flags.ts'
import { helpFlag } from '../help.ts'

export interface Word {
  word: string
  help: string
}

/** What can follow the words of a command: none of them, its first word, or all. */
export interface Place {
  /** The words so far: `''`, `sandbox`, `sandbox create` … */
  after: string
  words: readonly Word[]
  flags: Readonly<Record<string, Flag>>
  takesFile: boolean
  takesCommand: boolean
}

export interface Vocabulary {
  places: readonly Place[]
  /** The options that take a value, with their dashes. */
  values: readonly { flag: string; isFile: boolean; isDirectory: boolean }[]
  /** Those of them that take none with a command, as in `requests|--har`. */
  switches: readonly string[]
}

export function vocabularyOf(rows: readonly Row[]): Vocabulary {
  const groups = new Set(rows.filter(({ name }) => name.includes(' ')).map(({ name }) => name.split(' ')[0] as string))
  const groupPlaces = [...groups].map(group => placeOf(group, wordsAfter(group, rows)))
  // Without a command the options are those of the server.
  const serverFlags = rows.find(({ name }) => name === 'start')?.flags ?? {}
  const first = { ...placeOf('', wordsAfter('', rows)), flags: serverFlags }
  const commandWords = first.words.filter(({ word }) => word !== 'help')
  const places = [first, ...groupPlaces, ...rows.map(row => rowPlace(row, commandWords))]
  const values = valuesOf(places)
  const switches = places.flatMap(({ after, flags }) =>
    values.filter(({ flag }) => isSwitch(flags[flag.slice(2)])).map(({ flag }) => `${after}|${flag}`),
  )
  return { places, values, switches }
}

function isSwitch(flag: Flag | undefined): boolean {
  return flag !== undefined && flag.value === undefined
}

function placeOf(after: string, words: readonly Word[]): Place {
  return { after, words, flags: {}, takesFile: false, takesCommand: false }
}

function wordsAfter(group: string, rows: readonly Row[]): Word[] {
  const helps = new Map<string, string[]>()
  for (const { name, summary } of rows) {
    const [first = '', second] = name.split(' ')
    const word = group === '' ? first : first === group ? second : undefined
    if (word === undefined) continue
    const help = group === '' && second !== undefined ? second : summary
    helps.set(word, [...(helps.get(word) ?? []), help])
  }
  return [...helps].map(([word, texts]) => ({ word, help: texts.join(', ') }))
}

/** An argument COMMAND is one of `commandWords`, and an argument FILE a file. */
function rowPlace({ name, arguments: all, flags, takesCommand = false }: Row, commandWords: readonly Word[]): Place {
  const wordsOf = ({ name, choices = [] }: Argument) =>
    name === 'COMMAND' ? commandWords : choices.map(word => ({ word, help: '' }))
  return {
    after: name,
    words: all.flatMap(wordsOf),
    flags: { ...flags, ...helpFlag },
    takesFile: all.some(argument => argument.name === 'FILE'),
    takesCommand,
  }
}

function valuesOf(places: readonly Place[]): Vocabulary['values'] {
  const valued = places
    .flatMap(({ flags }) => Object.entries(flags))
    .filter(([, { value, optionalValues }]) => value !== undefined && !optionalValues)
  const kinds = new Map(valued.map(([name, { value }]) => [`--${name}`, value]))
  return [...kinds].map(([flag, value]) => ({ flag, isFile: value === 'FILE', isDirectory: value === 'DIR' }))
}
