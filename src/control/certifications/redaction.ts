// Removes secrets from what the report and the evidence of a run contain besides its requests.
import type { Drill } from '../../../schemas/drills.ts'
import { isSecretName } from '../../http/journal/secret-names.ts'
import { isObject } from '../../sandbox/is-object.ts'

const REDACTED = '[redacted]'

export interface RunRedaction {
  /** Without the credentials of the drill. */
  text(text: string): string
  /** A JSON value, also without the values of fields that have the names of secrets. */
  value<Value>(value: Value): Value
}

export function redactionFor({ credentials }: Drill): RunRedaction {
  const secrets = Object.entries(credentials).flatMap(([name, value]) => (isSecretName(name) && value ? [value] : []))
  // A secret that contains another one is replaced first.
  const longestFirst = secrets.sort((a, b) => b.length - a.length)
  const text = (given: string) => longestFirst.reduce((shown, secret) => shown.replaceAll(secret, REDACTED), given)
  const shownValue = (value: unknown): unknown => {
    if (typeof value === 'string') return text(value)
    if (Array.isArray(value)) return value.map(shownValue)
    if (!isObject(value)) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, field]) => [name, isSecretField(name, field) ? REDACTED : shownValue(field)]),
    )
  }
  return { text, value: value => shownValue(value) as typeof value }
}

/** The hash of a secret is as good as the secret to those who can guess. */
function isSecretField(name: string, value: unknown): boolean {
  const isValue = typeof value === 'string' || typeof value === 'number'
  return isValue && isSecretName(name.replace(/Hash$/, ''))
}
