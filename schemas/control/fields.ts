// Fields that several control operations have: instants, durations, factors, counts and names.
import { Type } from '@sinclair/typebox'

export const iso = (description: string) => Type.String({ format: 'date-time', description })
const MAX_MS = 315_569_519_999_999
const MAX_DAYS = '3652424d'
export const durationOrMs = (description: string) =>
  Type.Union([Type.String(), Type.Integer({ minimum: 0, maximum: MAX_MS })], {
    description: `${description}: 5m, 1h30m, PT5M, or ms; at most ${MAX_DAYS}`,
    'x-expected': `a duration such as 5m, 1h30m or PT5M, or a number of ms, at most ${MAX_DAYS}`,
  })
// A bare number is rejected because readers may take it for seconds.
export const duration = (description: string) =>
  Type.String({
    description: `${description}; a duration with a unit, such as 300ms, 5m, 1h30m or PT5M; at most ${MAX_DAYS}`,
    'x-expected': 'text with a unit, as in "300ms", "5m", "1h30m" or "PT5M"',
  })
export const factor = (description: string) =>
  Type.Number({ minimum: 1e-6, maximum: 1e6, description: `${description}; from 0.000001 to 1000000` })
export const times = (description: string) => Type.Integer({ minimum: 1, maximum: 1_000_000_000, description })
export const CLOCK_RANGE = 'the range is 1970-01-01 to 9999-12-31T23:59:59.999Z'
export const nullableIso = Type.Union([Type.String({ format: 'date-time' }), Type.Null()])
export const sandboxName = Type.String({
  description: '1–63 characters from a-z, 0-9, - and _, starting with a letter or a digit',
})
