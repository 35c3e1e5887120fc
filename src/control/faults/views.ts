// Finds fault rules, and converts them to the form that the control API returns: with counts, without the secrets in their matches.
import type * as wire from '../../../schemas/control.ts'
import type { HeadPattern, StringPattern } from '../../../schemas/patterns.ts'
import { redactedText } from '../../http/journal/redaction.ts'
import { isSecretName } from '../../http/journal/secret-names.ts'
import { isCompleted } from '../../sandbox/faults/faults.ts'
import type { FaultRule } from '../../sandbox/faults/tables.ts'
import { Refusal } from '../../sandbox/refusal.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'

/** Throws Refusal. */
export function foundFault({ faults }: Sandbox, id: string): FaultRule {
  const rule = faults.find(id)
  if (!rule) throw missing(id)
  return rule
}

export function missing(id: string): Refusal {
  return new Refusal('missing', `there is no fault "${id}"`)
}

export function faultView(rule: FaultRule): wire.Fault {
  const { id, api, operation, match, fault, sequence, times, nth, probability, perFile, matched, hits } = rule
  const { plan, stage } = rule
  return {
    id,
    ...(api === null ? {} : { api }),
    operation,
    ...(match === null ? {} : { match: shownMatch(match) }),
    ...fault,
    ...(sequence === null ? {} : { sequence }),
    ...(times === null ? {} : { times }),
    ...(nth === null ? {} : { nth }),
    ...(probability === null ? {} : { probability }),
    ...(perFile && { perFile }),
    matched,
    hits,
    completed: isCompleted(rule),
    ...(plan === null || stage === null ? {} : { plan, stage }),
  }
}

function shownMatch({ headers, queryParameters, cookies, ...texts }: HeadPattern): wire.FaultMatch {
  return {
    ...Object.fromEntries(Object.entries(texts).map(([field, text]) => [field, redactedText(text)])),
    ...(headers && { headers: shownPatterns(headers, isSecretName) }),
    ...(queryParameters && { queryParameters: shownPatterns(queryParameters, isSecretName) }),
    ...(cookies && { cookies: shownPatterns(cookies, () => true) }),
  }
}

function shownPatterns(
  patterns: Record<string, StringPattern>,
  isSecret: (name: string) => boolean,
): Record<string, StringPattern> {
  const shown = (name: string, pattern: StringPattern) =>
    Object.entries(pattern).map(([operator, expected]) => [operator, shownValue(expected, isSecret(name))])
  return Object.fromEntries(
    Object.entries(patterns).map(([name, pattern]) => [name, Object.fromEntries(shown(name, pattern))]),
  )
}

function shownValue(expected: unknown, isSecret: boolean): unknown {
  if (typeof expected === 'boolean') return expected
  if (isSecret) return '[redacted]'
  return redactedText(typeof expected === 'string' ? expected : JSON.stringify(expected))
}
