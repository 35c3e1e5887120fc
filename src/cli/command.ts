// What a command is: a row of the one table that dispatch, help and shell completion are made of.
import type { Environment } from '../config.ts'
import type { Operation } from '../control/operation.ts'
import type { ReportUnexpected } from '../http/failures.ts'
import type { Flag, Given } from './flags.ts'

export interface Argument {
  /** As in the help. */
  name: string
  isOptional?: boolean
  /** Takes all the words that are left. */
  isRest?: boolean
  /** The words that it can be; what is called FILE is a file, and COMMAND the name of a command. */
  choices?: readonly string[]
}

/** What help and completion need to know. */
export interface Row {
  /** One or two words. */
  name: string
  summary: string
  arguments: readonly Argument[]
  flags: Readonly<Record<string, Flag>>
  /** The control operations that it uses; none for commands that do not talk to a running server. */
  operations?: readonly Operation[]
  /** What follows `--` is a command line of its own. */
  takesCommand?: boolean
}

export interface Command extends Row {
  /** Throws OptionError for wrong usage, and CommandError. */
  run(call: Call): Promise<Outcome>
}

/** A command as it was given. */
export interface Call {
  words: readonly string[]
  given: Given
  /** What followed `--`, for commands that take a command line. */
  commandLine: readonly string[]
  env: Environment
  /** Told of failures in a server that the command runs itself. */
  report: ReportUnexpected
}

export interface Outcome {
  /** For stdout. */
  text: string
  exitCode: number
}

/** What went wrong, in a sentence for whoever gave the command. */
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
