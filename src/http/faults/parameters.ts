// Parameters that several fault kinds share.
import { Type } from '@sinclair/typebox'

export const strict = { additionalProperties: false } as const

/** The longest that a request is kept waiting: a day, in ms. */
export const MAX_MS = 86_400_000

export const milliseconds = (description: string) => Type.Number({ minimum: 0, maximum: MAX_MS, description })

/** Node refuses to send anything else in a header. */
export const HEADER_TEXT = { minLength: 1, pattern: '^[ -~]*$' } as const
