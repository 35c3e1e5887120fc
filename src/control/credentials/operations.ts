// Defines the control operations on the credentials of the users of the APIs.
import * as wire from '../../../schemas/control.ts'
import { operation } from '../operation.ts'

export const listOneTimeCodes = operation({
  id: 'listOneTimeCodes',
  capability: 'credentials',
  method: 'GET',
  path: '/one-time-codes',
  scope: 'sandbox',
  embedded: 'oneTimeCodes',
  summary: 'List the codes that the authenticator apps of the users show now',
  description:
    "Computed with the sandbox's clock. An authenticator app shows the same codes as long as that clock is real. A code is " +
    'accepted once.',
  outcome: 'By API and user',
  out: wire.OneTimeCodeList,
})
