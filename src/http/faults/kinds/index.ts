// The list of fault kinds, in the order of the catalogue.
import type { AnyFaultKind } from '../kind.ts'
import { acceptRanges } from './accept-ranges.ts'
import { contentEncoding } from './content-encoding.ts'
import { contentRange } from './content-range.ts'
import { contentType } from './content-type.ts'
import { corrupt } from './corrupt.ts'
import { cut } from './cut.ts'
import { delay } from './delay.ts'
import { dribble } from './dribble.ts'
import { emptyBody } from './empty-body.ts'
import { entryNames } from './entry-names.ts'
import { error } from './error.ts'
import { hang } from './hang.ts'
import { hold } from './hold.ts'
import { length } from './length.ts'
import { malformedBody } from './malformed-body.ts'
import { mergePatch } from './merge-patch.ts'
import { multipart } from './multipart.ts'
import { otherVersion } from './other-version.ts'
import { proxyError } from './proxy-error.ts'
import { rangeIgnored } from './range-ignored.ts'
import { rangeNotSatisfiable } from './range-not-satisfiable.ts'
import { rangeShifted } from './range-shifted.ts'
import { rateLimit } from './rate-limit.ts'
import { redirect } from './redirect.ts'
import { reset } from './reset.ts'
import { stall } from './stall.ts'
import { status } from './status.ts'
import { truncate } from './truncate.ts'
import { validators } from './validators.ts'
import { wrongPassword } from './wrong-password.ts'

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
  rangeShifted,
  contentRange,
  rangeNotSatisfiable,
  multipart,
  contentEncoding,
  length,
  acceptRanges,
  validators,
  otherVersion,
  cut,
  stall,
  dribble,
  redirect,
  truncate,
  corrupt,
  wrongPassword,
  entryNames,
] as const satisfies readonly AnyFaultKind[]
