// Finds misspelt environment variables, and recognizes those that Kubernetes sets, which are not options.
import { OptionError, stepsBetween } from './cli/flags.ts'

/** The prefix of Firedrill's environment variables. */
export const PREFIX = 'FIREDRILL_'

export type Environment = Record<string, string | undefined>

/**
 * Throws OptionError for a variable that is probably meant to be one of the `known`. Other names are ignored: they may belong to
 * other programs, or be those that `exec` sets for its command.
 */
export function refuseMisspelt(env: Environment, known: readonly string[]): void {
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith(PREFIX) || known.includes(name) || isServiceLink(name, value)) continue
    const nearest = known.find(each => isMisspelt(name.slice(PREFIX.length), each.slice(PREFIX.length)))
    if (nearest !== undefined) {
      throw new OptionError(`Unknown environment variable ${name}, the nearest is ${nearest}; see --help`)
    }
  }
}

/** Stricter than the hint for a misspelt option, because other programs may have variables with this prefix. */
function isMisspelt(word: string, known: string): boolean {
  return stepsBetween(word, known) <= (word.length < 8 ? 1 : 2)
}

/** Kubernetes sets these for every Service in the namespace. One called `firedrill` gives FIREDRILL_PORT=tcp://… */
export function isServiceLink(name: string, value: string | undefined): boolean {
  return (
    /_SERVICE_(HOST|PORT)(_|$)|_PORT_\d+_(TCP|UDP|SCTP)(_|$)/.test(name) ||
    (name.endsWith('_PORT') && /^(tcp|udp|sctp):\/\//.test(value ?? ''))
  )
}
