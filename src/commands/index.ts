// Finds the command that a command line begins with, reads the rest of it, and runs it.
import { hintAt, OptionError, parseFlags } from '../flags.ts'
import { type Argument, type Call, type Command, type Outcome, type Row, usageOf } from './command.ts'
import { commandHelp, helpFlag } from './help.ts'
import { commands } from './table.ts'

export { CommandError } from './command.ts'

/** Throws OptionError for wrong usage, and CommandError. */
export async function runCommand(argv: readonly string[], context: Pick<Call, 'env' | 'report'>): Promise<Outcome> {
  const command = findCommand(argv)
  const rest = argv.slice(command.name.split(' ').length)
  const dashes = command.takesCommand ? rest.indexOf('--') : -1
  const own = dashes === -1 ? rest : rest.slice(0, dashes)
  const { given, words } = parseFlags(own, { ...command.flags, ...helpFlag }, true)
  if (given.help === true) return { text: commandHelp(command), exitCode: 0 }
  if (!command.takesCommand) checkWords(command, words)
  return command.run({ ...context, given, words, commandLine: dashes === -1 ? [] : rest.slice(dashes + 1) })
}

function findCommand([first = '', second = '']: readonly string[]): Command {
  const found = commands.find(({ name }) => name === first || name === `${first} ${second}`)
  if (found) return found
  const seconds = commands
    .filter(({ name }) => name.startsWith(`${first} `))
    .map(({ name }) => name.split(' ')[1] ?? '')
  if (seconds.length === 0) {
    const firsts = ['start', ...commands.map(({ name }) => name.split(' ')[0] ?? '')]
    throw new OptionError(`Unknown command '${first}'${hintAt(first, firsts)}; see --help`)
  }
  const given = second === '' || second.startsWith('-') ? '' : `, not "${second}"${hintAt(second, seconds)}`
  throw new OptionError(`${first} takes one of ${seconds.join(', ')}${given}; see --help`)
}

function checkWords(command: Row, words: readonly string[]): void {
  const problem = wordsProblem(command.arguments, words)
  if (problem !== undefined) throw new OptionError(`${command.name} ${problem}: firedrill ${usageOf(command)}`)
}

function wordsProblem(all: readonly Argument[], words: readonly string[]): string | undefined {
  const missing = all.find(({ isOptional = false }, index) => words[index] === undefined && !isOptional)
  if (missing) return `needs ${missing.name}`
  const unknown = all.find(({ choices }, index) => choices && !choices.includes(words[index] as string))
  if (unknown) return `knows no "${words[all.indexOf(unknown)]}"`
  const extra = all.at(-1)?.isRest ? undefined : words[all.length]
  return extra === undefined ? undefined : `takes no "${extra}"`
}
