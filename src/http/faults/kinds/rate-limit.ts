// Fault `rate-limit`: too many requests, or a server that is not available for a while.
import { type Static, Type } from '@sinclair/typebox'
import { literals } from '../../../../schemas/literals.ts'
import { strict } from '../../../../schemas/strict.ts'
import type { Sandbox } from '../../../sandbox/sandbox.ts'
import { sendGatewayPage } from '../gateway.ts'
import { faultKind } from '../kind.ts'
import { HEADER_TEXT } from '../parameters.ts'

const status = {
  status: Type.Optional(literals([429, 503], { description: '429 when left out; 503 has the page of an nginx' })),
}
const Seconds = Type.Object(
  {
    ...status,
    retryAfterSeconds: Type.Optional(
      Type.Integer({ minimum: 0, description: 'Sent as Retry-After; no such header when left out' }),
    ),
  },
  {
    ...strict,
    description:
      "Responds with 429 (the API's own error where it has one, else the page of an nginx in front of it) or with 503.",
  },
)
const DateAfter = Type.Object(
  {
    ...status,
    retryAfterDateSeconds: Type.Integer({
      minimum: 0,
      maximum: 31_536_000,
      description: "Retry-After is the date this many seconds after the sandbox's time",
    }),
  },
  { ...strict, description: 'Responds with 429 or 503, and with an HTTP date in Retry-After.' },
)
const Text = Type.Object(
  { ...status, retryAfter: Type.String({ ...HEADER_TEXT, description: 'Sent as Retry-After as it is, valid or not' }) },
  { ...strict, description: 'Responds with 429 or 503, and with any text in Retry-After.' },
)
type Parameters = Static<typeof Seconds> | Static<typeof DateAfter> | Static<typeof Text>

export const rateLimit = faultKind({
  name: 'rate-limit',
  provokes: 'Requests are repeated at once, without waiting as long as Retry-After says.',
  forms: [Seconds, DateAfter, Text],
  operationHappens: () => false,
  onRequest(parameters, { catalogue, reply, fail, scope }) {
    const retryAfter = retryAfterOf(parameters, scope)
    const headers = retryAfter === undefined ? {} : { 'retry-after': retryAfter }
    const { rateLimited } = catalogue.conditions
    const { status = 429 } = parameters
    if (status === 429 && rateLimited !== undefined) fail(catalogue.error(rateLimited, { headers }))
    else sendGatewayPage(reply.headers(headers), status)
  },
})

function retryAfterOf(
  parameters: Parameters,
  { now, sandbox }: { now: number; sandbox: Pick<Sandbox, 'clock'> },
): string | undefined {
  if ('retryAfter' in parameters) return parameters.retryAfter
  if ('retryAfterDateSeconds' in parameters)
    return sandbox.clock.httpDate(now + parameters.retryAfterDateSeconds * 1000)
  return parameters.retryAfterSeconds === undefined ? undefined : String(parameters.retryAfterSeconds)
}
