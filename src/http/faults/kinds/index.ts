// The list of fault kinds, in the order of the catalogue.
import type { AnyFaultKind } from '../kind.ts'
import { contentType } from './content-type.ts'
import { delay } from './delay.ts'
import { emptyBody } from './empty-body.ts'
import { error } from './error.ts'
import { hang } from './hang.ts'
import { hold } from './hold.ts'
import { malformedBody } from './malformed-body.ts'
import { mergePatch } from './merge-patch.ts'
import { proxyError } from './proxy-error.ts'
import { rangeIgnored } from './range-ignored.ts'
import { rateLimit } from './rate-limit.ts'
import { reset } from './reset.ts'
import { status } from './status.ts'

export const faultKinds = [
  error,
  status,
  delay,
  reset,
  hang,
  hold,
  emptyBody,
  malformedBody,
  contentType,
  mergePatch,
  proxyError,
  rateLimit,
  rangeIgnored,
] as const satisfies readonly AnyFaultKind[]
