// Runs a command with its own server, which starts before it, is described in its environment, and stops after it.
import type { ChildProcess } from 'node:child_process'
import { constants } from 'node:os'
import { isatty } from 'node:tty'
import { configFromFlags, type Environment, optionFlags } from '../config.ts'
import { type Command, CommandError } from './command.ts'
import { openOutput, outputFlags } from './exec-output.ts'
import { OptionError } from './flags.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Exit codes, as in shells. */
const NOT_EXECUTABLE = 126
const NOT_FOUND = 127
const ENDED_BY_SIGNAL = 128

const { port = { value: 'N' } } = optionFlags

export const execCommand: Command = {
  name: 'exec',
  summary: 'Run a command with its own server, on a free port, which stops when the command ends',
  arguments: [],
  flags: { ...optionFlags, port: { ...port, help: 'port to listen on; a free one without it' }, ...outputFlags },
  takesCommand: true,
  async run({ words, commandLine, given, env, report, logFor }) {
    const [program, ...args] = commandLine
    if (program === undefined || words.length > 0) {
      throw new OptionError('exec expects its command after --, as in: firedrill exec -- npm test')
    }
    const config = configFromFlags(given, env, { port: 0 })
    const writeOutput = openOutput(given)
    const { environmentAt, startListening } = await import('../listen.ts')
    const server = await startListening(config, report, await logFor(config))
    try {
      const exitCode = await runToEnd(
        program,
        args,
        { ...env, ...environmentAt(server.url, server.config) },
        exitCode => writeOutput?.(server.control, { command: commandLine, exitCode }),
      )
      return { text: '', exitCode }
    } finally {
      await server.close()
    }
  },
}

/** Resolves to the exit code that a shell would report, after `atEnd`, which signals do not interrupt. */
async function runToEnd(
  program: string,
  args: string[],
  env: Environment,
  atEnd: (exitCode: number) => Promise<void> | undefined,
): Promise<number> {
  // On Windows it finds commands such as npm.cmd, which Node does not start without a shell, and quotes their arguments.
  const { default: spawn } = await import('cross-spawn')
  const child = spawn(program, args, { stdio: 'inherit', env })
  const forward = (signal: NodeJS.Signals) => {
    if (!isSentToAll(signal)) child.kill(signal)
  }
  for (const signal of SIGNALS) process.on(signal, forward)
  try {
    const exitCode = await exitCodeOf(child, program)
    await atEnd(exitCode)
    return exitCode
  } finally {
    for (const signal of SIGNALS) process.off(signal, forward)
  }
}

/** A terminal sends Ctrl-C to all programs in it, and Windows what stands for a signal; forwarding it would send it twice. */
function isSentToAll(signal: NodeJS.Signals): boolean {
  return process.platform === 'win32' || (signal === 'SIGINT' && [0, 1, 2].some(isatty))
}

function exitCodeOf(child: ChildProcess, program: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on('error', cause => reject(spawnProblem(program, cause)))
    child.on('exit', (code, signal) =>
      resolve(code ?? ENDED_BY_SIGNAL + (signal === null ? 0 : constants.signals[signal])),
    )
  })
}

function spawnProblem(program: string, cause: NodeJS.ErrnoException): Error {
  if (cause.code === 'ENOENT') return new CommandError(`There is no command "${program}"`, NOT_FOUND, { cause })
  return new CommandError(`"${program}" cannot be run: ${cause.message}`, NOT_EXECUTABLE, { cause })
}
