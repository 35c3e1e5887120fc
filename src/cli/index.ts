// Finds the command that a command line begins with, parses the rest, and runs it.
import { switchFlags } from '../config.ts'
import { type Argument, type Call, type Command, type Outcome, type Row, usageOf } from './command.ts'
import { hasSwitch, OptionError, parseFlags } from './flags.ts'
import { helpFlag, helpOf, unknownCommand } from './help.ts'
import { commands, rows } from './table.ts'

export { CommandError } from './command.ts'

/** Throws OptionError for wrong usage, and CommandError. */
export async function runCommand(
  argv: readonly string[],
  context: Pick<Call, 'env' | 'report' | 'logFor' | 'print'>,
): Promise<Outcome> {
  if (hasSwitch(argv, 'help', switchFlags.help)) return { text: helpFor(argv), exitCode: 0 }
  const command = findCommand(argv)
  const rest = argv.slice(command.name.split(' ').length)
  const dashes = command.takesCommand ? rest.indexOf('--') : -1
  const own = dashes === -1 ? rest : rest.slice(0, dashes)
  const { given, words } = parseFlags(own, { ...command.flags, ...helpFlag }, true)
  if (!command.takesCommand) checkWords(command, words)
  return command.run({ ...context, given, words, commandLine: dashes === -1 ? [] : rest.slice(dashes + 1) })
}

/** Help for the command that the words begin with; for all when they begin with an option. Throws OptionError. */
export function helpFor(argv: readonly string[]): string {
  return helpOf(argv[0]?.startsWith('-') ? [] : argv, rows)
}

function findCommand(argv: readonly string[]): Command {
  const [first, second] = argv
  const found = commands.find(({ name }) => name === first || name === `${first} ${second}`)
  if (!found) throw unknownCommand(argv, rows)
  return found
}

function checkWords(command: Row, words: readonly string[]): void {
  const problem = wordsProblem(command.arguments, words)
  if (problem !== undefined) throw new OptionError(`${command.name} ${problem}: firedrill ${usageOf(command)}`)
}

function wordsProblem(all: readonly Argument[], words: readonly string[]): string | undefined {
  const missing = all.find(({ isOptional = false }, index) => words[index] === undefined && !isOptional)
  if (missing) return `needs ${missing.name}`
  const unknown = all.find(({ choices }, index) => choices && !choices.includes(words[index] as string))
  if (unknown) return `does not know "${words[all.indexOf(unknown)]}"`
  const extra = all.at(-1)?.isRest ? undefined : words[all.length]
  return extra === undefined ? undefined : `does not take "${extra}"`
}
