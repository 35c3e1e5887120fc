// Replaces the secrets of a request by variables, for exports that a person fills in and sends again.
import type { Mask } from '../../http/journal/redaction.ts'

/** Private-use characters that enclose the name of a variable in a text until the text is split. */
const OPEN = '\uE000'
const CLOSE = '\uE001'

/** The names of variables by the names of secrets, in lower case and letters only. */
const VARIABLES: { pattern: RegExp; variable: string }[] = [
  { pattern: /authorization|token|cookie|credential|apikey/, variable: 'CREDENTIAL' },
  { pattern: /passw|pwd|passphrase/, variable: 'PASSWORD' },
  { pattern: /passcode/, variable: 'PASSCODE' },
  { pattern: /encr/, variable: 'ENCRYPTION_KEY' },
]

export type TextPart = { text: string } | { variable: string }

export class Variables {
  /** By name, without the prefix FIREDRILL_. */
  readonly #values = new Map<string, string>()

  readonly mask: Mask = ({ name, value }) => {
    const plain = name.toLowerCase().replace(/[^a-z]/g, '')
    const base = VARIABLES.find(({ pattern }) => pattern.test(plain))?.variable ?? 'SECRET'
    let variable = base
    for (let number = 2; (this.#values.get(variable) ?? value) !== value; number += 1) variable = `${base}_${number}`
    this.#values.set(variable, value)
    return OPEN + variable + CLOSE
  }

  /** The parts of a masked text that are not empty. */
  partsOf(text: string): TextPart[] {
    const parts = text.split(new RegExp(`${OPEN}(\\w+)${CLOSE}`))
    return parts.flatMap((part, index): TextPart[] => {
      if (index % 2 === 0) return part === '' ? [] : [{ text: part }]
      return [this.#values.has(part) ? { variable: `FIREDRILL_${part}` } : { text: OPEN + part + CLOSE }]
    })
  }

  /** Those that replaced a secret, in the order in which they were first used. */
  get names(): string[] {
    return [...this.#values.keys()].map(name => `FIREDRILL_${name}`)
  }
}
