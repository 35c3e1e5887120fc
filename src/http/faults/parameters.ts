// Parameters that several fault kinds share.
import { Type } from '@sinclair/typebox'
import { DAY_MS } from '../../sandbox/clock/durations.ts'

/** The longest that a request is kept waiting: a day, in ms. */
export const MAX_MS = DAY_MS

export const milliseconds = (description: string) => Type.Number({ minimum: 0, maximum: MAX_MS, description })

/** Node refuses to send anything else in a header. */
export const HEADER_TEXT = { minLength: 1, pattern: '^[ -~]*$' } as const
