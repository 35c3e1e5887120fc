// Environment variables that begin like Firedrill's own: which are probably misspelt, and which are Kubernetes' and no options.
import { OptionError, stepsBetween } from './cli/flags.ts'

/** What all of Firedrill's variables begin with. */
export const PREFIX = 'FIREDRILL_'

export type Environment = Record<string, string | undefined>

/**
 * Throws OptionError for a variable that is probably meant to be one of the `known`. Names further from all of these are left
 * alone: they may be anybody's, and those that `exec` sets for its command are among them.
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

/** Closer than the hint for a misspelt option has to be: other programs may have variables that begin like ours. */
function isMisspelt(word: string, known: string): boolean {
  return stepsBetween(word, known) <= (word.length < 8 ? 1 : 2)
}

/** Kubernetes sets these for every Service in the namespace, so for one called `firedrill` as well: FIREDRILL_PORT=tcp://… */
export function isServiceLink(name: string, value: string | undefined): boolean {
  return (
    /_SERVICE_(HOST|PORT)(_|$)|_PORT_\d+_(TCP|UDP|SCTP)(_|$)/.test(name) ||
    (name.endsWith('_PORT') && /^(tcp|udp|sctp):\/\//.test(value ?? ''))
  )
}
