// Finds secrets by their values in any text, in limited time however many secrets there are.
import type { Secret } from './secrets.ts'

/** Shorter values would be found in ordinary words. */
const MIN_LENGTH = 6

/** Only the beginning of a longer value is searched for: a search can take the product of the lengths of text and value. */
const MAX_SEARCHED_LENGTH = 16

/** The maximum number of values that are searched for one by one. If there are more, each word that begins like one of them counts as secret. */
const MAX_VALUES = 32

export class KnownSecrets {
  /** The longest value first. */
  readonly #values: readonly { value: string; name: string }[]
  /** Used instead when there are too many values: the names of the secrets by the first characters of their values. */
  readonly #namesByPrefix = new Map<string, string>()

  /** `values`: the name of the header or field that holds it, by value. */
  constructor(values: ReadonlyMap<string, string>) {
    const searched = [...values]
      .map(([value, name]) => ({ value, name }))
      .filter(({ value }) => value.length >= MIN_LENGTH)
    const isTooMany = searched.length > MAX_VALUES
    this.#values = isTooMany ? [] : searched.sort((a, b) => b.value.length - a.value.length)
    if (!isTooMany) return
    for (const { value, name } of searched) this.#namesByPrefix.set(value.slice(0, MIN_LENGTH), name)
  }

  in(text: string): Secret[] {
    return this.#namesByPrefix.size > 0 ? this.#findPrefixes(text) : this.#values.flatMap(known => find(text, known))
  }

  #findPrefixes(text: string): Secret[] {
    const found: Secret[] = []
    for (let start = 0; start <= text.length - MIN_LENGTH; start++) {
      const name = this.#namesByPrefix.get(text.slice(start, start + MIN_LENGTH))
      if (name === undefined) continue
      const end = endOfWord(text, start + MIN_LENGTH)
      found.push({ name, start, end, unquoted: false })
      start = end - 1
    }
    return found
  }
}

function find(text: string, { value, name }: { value: string; name: string }): Secret[] {
  const found: Secret[] = []
  const beginning = value.slice(0, MAX_SEARCHED_LENGTH)
  for (let start = text.indexOf(beginning); start !== -1; start = text.indexOf(beginning, found.at(-1)?.end)) {
    const isWhole = text.startsWith(value, start)
    const end = isWhole ? start + value.length : endOfWord(text, start + beginning.length)
    found.push({ name, start, end, unquoted: false })
  }
  return found
}

/** The end of the characters that secrets consist of. */
function endOfWord(text: string, at: number): number {
  const word = /[\w.~+/=%-]*/y
  word.lastIndex = at
  return at + (word.exec(text)?.[0].length ?? 0)
}
