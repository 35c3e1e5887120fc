// Parses fault rules, and refuses rules that could never fire.
import * as wire from '../../../schemas/control.ts'
import { findFaultKind } from '../../http/faults/validation.ts'
import { ANY_OPERATION } from '../../sandbox/faults/armed.ts'
import { faultsOf, ruleProblem } from '../../sandbox/faults/checks.ts'
import { readMatch } from '../../sandbox/faults/matches.ts'
import type { FaultRule, NewFaultRule } from '../../sandbox/faults/tables.ts'
import { Refusal } from '../../sandbox/refusal.ts'
import type { ControlServer } from '../invoke.ts'

type Served = Pick<ControlServer, 'apis' | 'operations' | 'registry'>
type Target = Pick<FaultRule, 'api' | 'operation'>

const FIELDS = Object.keys(wire.FaultRequest.properties)

/** Throws Refusal. */
export function readRule(given: wire.FaultRequest, served: Served): NewFaultRule {
  const { match, times = null, nth = null, probability = null, perFile = false } = given
  const rule = {
    ...readTarget(given, served),
    match: match === undefined ? null : readMatch(match),
    ...readFaults(given),
    times,
    nth,
    probability,
    perFile,
  }
  const problem = ruleProblem(rule, served.registry.checkFault)
  if (problem === undefined) return rule
  // A misspelt field of the rule looks like a parameter of the fault.
  throw invalid(problem.startsWith('unknown parameter') ? `${problem}; a rule has ${FIELDS.join(', ')}` : problem)
}

/** A rule of a plan or a drill, which others run without having chosen its faults one by one. Throws Refusal. */
export function readSharedRule(given: wire.FaultRequest, served: Served, place: 'plan' | 'drill'): NewFaultRule {
  const rule = readRule(given, served)
  const unsafe = faultsOf(rule).find(({ fault }) => findFaultKind(fault)?.isUnsafe)
  if (unsafe) throw invalid(`fault ${unsafe.fault} cannot be part of a ${place}; arm it by itself`)
  return rule
}

/** The operation by the vendor's name, or `*`. The API is null when the rule is for all APIs. */
function readTarget({ api, operation }: wire.FaultRequest, { apis, operations }: Served): Target {
  if (api !== undefined && !apis.some(({ name }) => name === api)) {
    throw invalid(`unknown api "${api}"; known APIs are ${apis.map(({ name }) => name).join(', ')}`)
  }
  if (operation === ANY_OPERATION) return { api: api ?? null, operation }
  const known = operations.get(operation)
  if (known && (api === undefined || api === known.api)) return { api: known.api, operation: known.vendorId }
  const ids = vendorOperations(operations, api)
  const place = api === undefined ? '' : ` in ${api}`
  throw invalid(`unknown operation "${operation}"${place}; known operations are ${ids.join(', ')}, and * for all`)
}

/** Operations by the vendor's names; of all APIs when `api` is undefined. */
export function vendorOperations(operations: Served['operations'], api: string | undefined): string[] {
  const own = [...operations.values()].filter(each => api === undefined || each.api === api)
  return [...new Set(own.map(({ vendorId }) => vendorId))]
}

/** Fields that are not in the schema of the rule are parameters of its fault. */
function readFaults(given: wire.FaultRequest): Pick<FaultRule, 'fault' | 'sequence'> {
  const { fault, sequence = null } = given
  const parameters = Object.fromEntries(Object.entries(given).filter(([name]) => !FIELDS.includes(name)))
  if (fault !== undefined) return { fault: { fault, ...parameters }, sequence }
  const [unknown] = Object.keys(parameters)
  if (unknown !== undefined && sequence) {
    throw invalid(`unknown field "${unknown}"; known fields are ${FIELDS.join(', ')}`)
  }
  return { fault: null, sequence }
}

function invalid(message: string): Refusal {
  return new Refusal('invalid', message, { details: [message] })
}
