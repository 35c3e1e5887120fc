// Makes the texts of help: for all commands, for the commands that share a first word, and for one command.
import { helpText, switchFlags } from '../config.ts'
import { type Command, type Row, usageOf } from './command.ts'
import { flagLines, hintAt, OptionError } from './flags.ts'

export const helpFlag = { help: switchFlags.help }

/** `rows` is a function because the command is itself in the table. */
export function helpCommand(rows: () => readonly Row[]): Command {
  return {
    name: 'help',
    summary: 'List the commands, or describe one command and its options',
    arguments: [{ name: 'COMMAND', isOptional: true, isRest: true }],
    flags: {},
    async run({ words }) {
      return { text: helpOf(words, rows()), exitCode: 0 }
    },
  }
}

/** Help for the command that the words begin with; without words, for all. Throws OptionError for an unknown command. */
export function helpOf(words: readonly string[], rows: readonly Row[]): string {
  const [first, second = ''] = words
  if (first === undefined) return overviewText(rows)
  const group = rows.filter(({ name }) => name.startsWith(`${first} `))
  const row = rows.find(({ name }) => name === first || name === `${first} ${second}`)
  if (row) return commandHelp(row)
  if (group.length > 0 && (second === '' || second.startsWith('-'))) return groupHelp(first, group)
  throw unknownCommand(words, rows)
}

/** The error for words that begin with no known command, with the nearest known ones. */
export function unknownCommand([first = '', second = '']: readonly string[], rows: readonly Row[]): OptionError {
  const seconds = rows.filter(({ name }) => name.startsWith(`${first} `)).map(({ name }) => name.split(' ')[1] ?? '')
  if (seconds.length === 0) {
    const firsts = rows.map(({ name }) => name.split(' ')[0] ?? '')
    return new OptionError(`Unknown command '${first}'${hintAt(first, firsts)}; see --help`)
  }
  const given = second === '' || second.startsWith('-') ? '' : `, not "${second}"${hintAt(second, seconds)}`
  return new OptionError(`${first} expects one of ${seconds.join(', ')}${given}; see --help`)
}

function overviewText(rows: readonly Row[]): string {
  return [helpText(), '', 'Commands:', '', ...summaryLines(rows), '', MORE].join('\n')
}

function groupHelp(first: string, group: readonly Row[]): string {
  return [`Usage: firedrill ${first} COMMAND`, '', ...summaryLines(group), '', MORE].join('\n')
}

function commandHelp(command: Row): string {
  const lines = flagLines({ ...command.flags, ...helpFlag })
  return [`Usage: firedrill ${usageOf(command)}`, '', `${command.summary}.`, '', ...lines].join('\n')
}

const MORE = 'firedrill help COMMAND describes one.'

function summaryLines(rows: readonly Row[]): string[] {
  return rows.map(({ name, summary }) => `  ${name.padEnd(18)}${summary}`)
}
