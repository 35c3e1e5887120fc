// What --help prints: for the whole command line, and for one command.
import { helpText } from '../config.ts'
import { flagLines } from '../flags.ts'
import { type Row, usageOf } from './command.ts'
import { rows } from './table.ts'

export const helpFlag = { help: { value: undefined, help: 'print this and stop' } }

export function overviewText(): string {
  const lines = rows.map(({ name, summary }) => `  ${name.padEnd(18)}${summary}`)
  return [helpText(), '', 'Commands:', '', ...lines, '', 'firedrill COMMAND --help says more about one.'].join('\n')
}

export function commandHelp(command: Row): string {
  const lines = flagLines({ ...command.flags, ...helpFlag })
  return [`Usage: firedrill ${usageOf(command)}`, '', `${command.summary}.`, '', ...lines].join('\n')
}
