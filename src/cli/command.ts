// What a command is: a row of the table from which dispatch, help and shell completion are made.
import type { Config, Environment } from '../config.ts'
import type { Operation } from '../control/operation.ts'
import type { ReportUnexpected } from '../http/errors.ts'
import type { Log } from '../http/log-line.ts'
import type { Flag, Given } from './flags.ts'

export interface Argument {
  /** As the help shows it. FILE and COMMAND are completed as a file and as the name of a command. */
  name: string
  isOptional?: boolean
  /** Takes all remaining words. */
  isRest?: boolean
  /** The only words that it can be. */
  choices?: readonly string[]
}

/** What help and completion need of a command. */
export interface Row {
  /** One or two words. */
  name: string
  summary: string
  arguments: readonly Argument[]
  flags: Readonly<Record<string, Flag>>
  /** The control operations that it uses; none for commands that do not talk to a running server. */
  operations?: readonly Operation[]
  /** `--` and what follows it is another command line. */
  takesCommand?: boolean
}

export interface Command extends Row {
  /** Throws OptionError for wrong usage, and CommandError. */
  run(call: Call): Promise<Outcome>
}

/** One call of a command. */
export interface Call {
  words: readonly string[]
  given: Given
  /** What follows `--`, for commands that take a command line. */
  commandLine: readonly string[]
  env: Environment
  /** Called with unexpected exceptions in a server that the command runs itself. */
  report: ReportUnexpected
  /** What `--log` prints of a server that the command runs itself; undefined without that option. */
  logFor(config: Pick<Config, 'log'>): Promise<Log | undefined>
  /** Writes a line to standard output at once, for commands that run until they are stopped. */
  print(line: string): void
}

export interface Outcome {
  /** For stdout. */
  text: string
  exitCode: number
}

/** A command that failed; the message is for its user, in one line. */
export class CommandError extends Error {
  readonly exitCode: number

  constructor(message: string, exitCode = 1, options?: ErrorOptions) {
    super(message.replace(/\s*[\r\n]+\s*/g, ' '), options)
    this.exitCode = exitCode
  }
}

/** `[options]` stands for all flags. */
export function usageOf({ name, arguments: all, takesCommand = false }: Row): string {
  const words = all.map(argument => {
    const word = argument.choices?.join('|') ?? argument.name
    return argument.isOptional ? `[${word}]` : word
  })
  return [name, ...words, '[options]', ...(takesCommand ? ['-- COMMAND …'] : [])].join(' ')
}

/** The option as text; undefined when it was not given. */
export function textOf(given: Given, name: string): string | undefined {
  const value = given[name]
  return typeof value === 'string' ? value : undefined
}
