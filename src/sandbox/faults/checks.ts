// Checks what the schema of a fault rule cannot express, for rules that are armed, imported or read from a file.
import { type Fault, type FaultRule, NO_FAULT } from './tables.ts'

/**
 * Describes why a fault could never apply to requests of an API (null: of all APIs), in an error message; undefined when it can.
 * Passed to sandboxes, which do not depend on the fault kinds.
 */
export type FaultCheck = (fault: Fault, api: string | null) => string | undefined

/** Why a rule could never fire as it is meant to; undefined when it can. */
export function ruleProblem(
  rule: Pick<FaultRule, 'api' | 'fault' | 'sequence' | 'times' | 'nth' | 'perFile'>,
  check: FaultCheck,
): string | undefined {
  const { fault, sequence, times, nth, perFile } = rule
  const limits = [times, nth, sequence].filter(each => each !== null)
  if (limits.length > 1) return 'set only one of times, nth and sequence'
  if (perFile && limits.length === 0) return 'perFile needs times, nth or sequence'
  if ((fault === null) === (sequence === null)) return 'set either fault or sequence'
  if (faultsOf(rule).length === 0) return 'sequence must contain at least one fault other than none'
  return faultProblem(rule, check)
}

/** The same for its faults alone. */
export function faultProblem(
  rule: Pick<FaultRule, 'api' | 'fault' | 'sequence'>,
  check: FaultCheck,
): string | undefined {
  for (const fault of faultsOf(rule)) {
    const problem = check(fault, rule.api)
    if (problem !== undefined) return problem
  }
  return noFaultProblem(rule.sequence ?? [])
}

function noFaultProblem(sequence: readonly Fault[]): string | undefined {
  const parameters = sequence
    .filter(step => step.fault === NO_FAULT)
    .flatMap(({ fault, ...others }) => Object.keys(others))
  return parameters.length === 0
    ? undefined
    : `unknown parameter "${parameters[0]}"; fault ${NO_FAULT} takes no parameters`
}

/** Without `none`. */
export function faultsOf({ fault, sequence }: Pick<FaultRule, 'fault' | 'sequence'>): Fault[] {
  return [...(fault ? [fault] : []), ...(sequence ?? []).filter(step => step.fault !== NO_FAULT)]
}
