// disaster-recovery-files: the six-digit codes of authenticator apps (TOTP, RFC 6238). Synchronous; throws from the catalogue.
import { createRequire } from 'node:module'
import type * as Otpauth from 'otpauth'
import type { Scope } from '../../../http/scope.ts'
import type { Sandbox } from '../../../sandbox/sandbox.ts'
import type { OneTimeCode } from '../../api.ts'
import { catalogue } from '../errors.ts'
import * as state from '../state/users.ts'

const STEP_SECONDS = 30
const STEP_MS = STEP_SECONDS * 1000
/** Before and after the current one, for clocks that differ (RFC 6238 §5.2 and §6). */
const ACCEPTED_STEPS = 1
const MAX_WRONG_CODES = 5
const REFUSAL_MS = 15 * 60_000

/** Loaded when the first code is needed: it would take a tenth of the server's start. */
const require = createRequire(import.meta.url)

function totpOf(secret: string): Otpauth.TOTP {
  const { TOTP } = require('otpauth') as typeof Otpauth
  return new TOTP({ secret, digits: 6, period: STEP_SECONDS })
}

/** What the authenticator apps of the users show at `now` (epoch ms), by username. */
export function oneTimeCodes({ store }: Sandbox, now: number): OneTimeCode[] {
  const step = Math.floor(now / STEP_MS)
  return state.listUsers(store).flatMap(({ username, totpSecret, lastCodeStep }) => {
    if (totpSecret === null) return []
    const code = totpOf(totpSecret).generate({ timestamp: now })
    return [{ username, code, expiresAt: (step + 1) * STEP_MS, used: lastCodeStep !== null && lastCodeStep >= step }]
  })
}

/**
 * Accepts the code once. Throws WrongCode and UsedCode; after five of them in a row TooManyCodes, also for the right code,
 * until 15 minutes have passed. The user is read anew: another request may have used the code since this one was authenticated.
 */
export function confirmCode({ sandbox: { store }, now }: Scope, username: string, code: string): void {
  const user = state.findUser(store, username)
  if (!user) throw catalogue.error('SignInRequired')
  refuseWhileBlocked(user, now)
  const step = user.totpSecret === null ? undefined : stepOf(user.totpSecret, code, now)
  if (step !== undefined && step > (user.lastCodeStep ?? -1)) {
    state.setCodeState(store, { ...user, lastCodeStep: step, wrongCodes: 0, codesRefusedUntil: null })
    return
  }
  const wrongCodes = user.wrongCodes + 1
  const isLast = wrongCodes >= MAX_WRONG_CODES
  const after = { ...user, wrongCodes: isLast ? 0 : wrongCodes, codesRefusedUntil: isLast ? now + REFUSAL_MS : null }
  state.setCodeState(store, after)
  refuseWhileBlocked(after, now)
  throw catalogue.error(step === undefined ? 'WrongCode' : 'UsedCode')
}

function refuseWhileBlocked({ codesRefusedUntil }: state.User, now: number): void {
  if (codesRefusedUntil === null || codesRefusedUntil <= now) return
  const seconds = Math.ceil((codesRefusedUntil - now) / 1000)
  const minutes = Math.ceil(seconds / 60)
  throw catalogue.error('TooManyCodes', {
    message: `Too many wrong codes. Try again in ${minutes === 1 ? '1 minute' : `${minutes} minutes`}.`,
    headers: { 'retry-after': String(seconds) },
  })
}

/** The step whose code it is, with or without the spaces that apps show, among those that are accepted at `now`; undefined for a wrong code. */
function stepOf(secret: string, code: string, now: number): number | undefined {
  const token = code.replace(/\s/g, '')
  const delta = totpOf(secret).validate({ token, timestamp: now, window: ACCEPTED_STEPS })
  return delta === null ? undefined : Math.floor(now / STEP_MS) + delta
}
