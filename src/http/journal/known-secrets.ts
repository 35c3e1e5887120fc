// Secrets that are known by their values: found in any text, in time that is limited however many they are.
import type { Secret } from './secrets.ts'

/** Shorter ones would be found in every other word. */
const MIN_LENGTH = 6

/** Of a longer one the beginning is looked for: looking for a long text in a long text can take the product of their lengths. */
const MAX_SOUGHT_LENGTH = 16

/** Each of so many is looked for by itself; of more, whatever begins like one of them counts as one. */
const MAX_SOUGHT = 32

export class KnownSecrets {
  /** The longest first. */
  readonly #values: readonly (readonly [value: string, name: string])[]
  /** When there are too many: their names, by how they begin. */
  readonly #names = new Map<string, string>()

  /** `values` with the names of the headers or fields that hold them. */
  constructor(values: ReadonlyMap<string, string>) {
    const sought = [...values].filter(([value]) => value.length >= MIN_LENGTH)
    this.#values = sought.length > MAX_SOUGHT ? [] : sought.sort(([a], [b]) => b.length - a.length)
    if (sought.length <= MAX_SOUGHT) return
    for (const [value, name] of sought) this.#names.set(value.slice(0, MIN_LENGTH), name)
  }

  in(text: string): Secret[] {
    return this.#names.size > 0 ? this.#beginningsIn(text) : this.#values.flatMap(each => occurrences(text, ...each))
  }

  #beginningsIn(text: string): Secret[] {
    const found: Secret[] = []
    for (let start = 0; start <= text.length - MIN_LENGTH; start++) {
      const name = this.#names.get(text.slice(start, start + MIN_LENGTH))
      if (name === undefined) continue
      const end = endOfWord(text, start + MIN_LENGTH)
      found.push({ name, start, end, bare: false })
      start = end - 1
    }
    return found
  }
}

function occurrences(text: string, value: string, name: string): Secret[] {
  const found: Secret[] = []
  const sought = value.slice(0, MAX_SOUGHT_LENGTH)
  for (let start = text.indexOf(sought); start !== -1; start = text.indexOf(sought, found.at(-1)?.end)) {
    const isWhole = text.startsWith(value, start)
    const end = isWhole ? start + value.length : endOfWord(text, start + sought.length)
    found.push({ name, start, end, bare: false })
  }
  return found
}

/** Where what a secret may be made of ends. */
function endOfWord(text: string, at: number): number {
  const word = /[\w.~+/=%-]*/y
  word.lastIndex = at
  return at + (word.exec(text)?.[0].length ?? 0)
}
