// Implements the control operations on the credentials of the users of the APIs.
import { isoInstant } from '../../sandbox/clock/clock.ts'
import { type Implementation, implement } from '../invoke.ts'
import * as rows from './operations.ts'

export const credentialImplementations: readonly Implementation[] = [
  implement(rows.listOneTimeCodes, context => {
    const sandbox = context.sandbox()
    const now = sandbox.settle()
    return context.apis.flatMap(api =>
      (api.oneTimeCodes?.(sandbox, now) ?? []).map(({ expiresAt, ...code }) => ({
        api: api.name,
        ...code,
        expiresAt: isoInstant(expiresAt),
      })),
    )
  }),
]
