// What the GitHub Actions runner and the scripts of an action tell each other: variables, files to append to, lines on standard output.
import { randomUUID } from 'node:crypto'
import { appendFileSync } from 'node:fs'

/** Undefined when it was not given. */
export function input(name: string): string | undefined {
  return process.env[`INPUT_${name.toUpperCase()}`]?.trim() || undefined
}

/** A variable that the runner always sets. */
export function variable(name: string): string {
  const value = process.env[name]
  if (value === undefined) throw new Error(`${name} is not set: this script is run by GitHub Actions`)
  return value
}

/** For later steps: variables, outputs or state of this action, folders of the PATH. Values have one line. */
export function append(file: 'GITHUB_ENV' | 'GITHUB_OUTPUT' | 'GITHUB_STATE', values: Record<string, string>): void {
  const lines = Object.entries(values).map(([name, value]) => `${name}=${value}\n`)
  appendFileSync(variable(file), lines.join(''))
}

export function addToPath(folder: string): void {
  appendFileSync(variable('GITHUB_PATH'), `${folder}\n`)
}

/** What `append('GITHUB_STATE', …)` has stored. */
export function state(name: string): string | undefined {
  return process.env[`STATE_${name}`]
}

/** Hides the text in the logs of all later steps. */
export function hide(secret: string): void {
  process.stdout.write(`::add-mask::${secret}\n`)
}

export function warn(message: string): void {
  process.stdout.write(`::warning title=Firedrill::${escaped(message)}\n`)
}

/** Marks the step as failed. */
export function fail(message: string): void {
  process.stdout.write(`::error title=Firedrill::${escaped(message)}\n`)
  process.exitCode = 1
}

/** A group of lines that is folded in the log of the step. The runner obeys none of them, whatever they contain. */
export function group(title: string, text: string): void {
  const resume = randomUUID()
  const lines = [`::group::${title}`, `::stop-commands::${resume}`, text.trimEnd(), `::${resume}::`, '::endgroup::', '']
  process.stdout.write(lines.join('\n'))
}

function escaped(message: string): string {
  return message.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}
