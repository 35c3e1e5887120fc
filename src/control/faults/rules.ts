// Fault rules as they are written, checked against what is served: what could never fire is refused, with what could.
import type { TObject } from '@sinclair/typebox'
import { Value, ValueErrorType } from '@sinclair/typebox/value'
import * as wire from '../../../schemas/control.ts'
import { describeProblem } from '../../http/problems.ts'
import { ANY_OPERATION } from '../../sandbox/faults/armed.ts'
import { type Fault, forms, NO_FAULT, type Sequence, sequenceForms } from '../../sandbox/faults/kinds.ts'
import { readMatch } from '../../sandbox/faults/matches.ts'
import type { FaultRule, NewFaultRule } from '../../sandbox/faults/tables.ts'
import { Refusal } from '../../sandbox/refusal.ts'
import type { ControlServer } from '../invoke.ts'

type Served = Pick<ControlServer, 'apis' | 'operations'>
type Form = TObject & { properties: { fault: { const: string } } }
type Target = { api: string | undefined; operation: string }
type Written = { fault: string; [parameter: string]: unknown }

const FIELDS = Object.keys(wire.FaultRequest.properties)

/** Throws Refusal. */
export function readRule(rule: wire.FaultRequest, served: Served): NewFaultRule {
  const { match, times = null, nth = null, sequence, probability = null } = rule
  if ([times, nth, sequence ?? null].filter(each => each !== null).length > 1) {
    throw new Refusal('invalid', 'times, nth and sequence exclude each other')
  }
  const { api, operation } = readTarget(rule, served)
  return {
    api: api ?? null,
    operation,
    match: match === undefined ? null : readMatch(match),
    ...readFaults(rule, api, served),
    times,
    nth,
    probability,
  }
}

/** The vendor's operation that is meant, or all of them; and the name of its API, undefined when all are meant. */
function readTarget({ api, operation }: wire.FaultRequest, { apis, operations }: Served): Target {
  if (api !== undefined && !apis.some(({ name }) => name === api)) {
    throw new Refusal('invalid', `there is no api "${api}"; there are ${apis.map(({ name }) => name).join(', ')}`)
  }
  if (operation === ANY_OPERATION) return { api, operation }
  const known = operations.get(operation)
  if (known && (api === undefined || api === known.api)) return { api: known.api, operation: known.vendorId }
  const ids = vendorOperations(operations, api)
  const place = api === undefined ? '' : ` in ${api}`
  throw new Refusal(
    'invalid',
    `there is no operation "${operation}"${place}; there are ${ids.join(', ')}, and * for all`,
  )
}

/** By the vendor's names; of all APIs when none is named. */
export function vendorOperations(operations: Served['operations'], api: string | undefined): string[] {
  const own = [...operations.values()].filter(each => api === undefined || each.api === api)
  return [...new Set(own.map(({ vendorId }) => vendorId))]
}

function readFaults(
  rule: wire.FaultRequest,
  api: string | undefined,
  served: Served,
): Pick<FaultRule, 'fault' | 'sequence'> {
  const { fault, sequence } = rule
  if ((fault === undefined) === (sequence === undefined)) {
    throw new Refusal('invalid', 'a rule has either a fault or a sequence of faults')
  }
  const parameters = Object.fromEntries(Object.entries(rule).filter(([name]) => !FIELDS.includes(name)))
  if (fault !== undefined)
    return { fault: readFault({ fault, ...parameters }, forms, api, served) as Fault, sequence: null }
  const [stray] = Object.keys(parameters)
  if (stray !== undefined) throw new Refusal('invalid', `a rule has no field "${stray}"; it has ${FIELDS.join(', ')}`)
  const steps = (sequence ?? []).map(step => readFault(step, sequenceForms, api, served))
  if (steps.every(step => step.fault === NO_FAULT))
    throw new Refusal('invalid', 'a sequence needs a fault at least once')
  return { fault: null, sequence: steps as Sequence }
}

function readFault(written: Written, known: readonly Form[], api: string | undefined, { apis }: Served): Written {
  const kinds = known.filter(({ properties }) => properties.fault.const === written.fault)
  if (kinds.length === 0) {
    const names = new Set(known.map(({ properties }) => properties.fault.const))
    throw new Refusal('invalid', `there is no fault "${written.fault}"; there are ${[...names].join(', ')}`)
  }
  checkParameters(written, kinds)
  if (written.fault !== 'error') return written
  const catalogue = apis.find(({ name }) => name === api)?.errorFormat.catalogue
  if (!catalogue)
    throw new Refusal('invalid', 'fault error for all operations needs an api: each has errors of its own')
  if (Object.hasOwn(catalogue.rows, written.name as string)) return written
  const names = Object.keys(catalogue.rows).join(', ')
  throw new Refusal('invalid', `there is no error "${written.name}" in ${api}; there are ${names}`)
}

/** Of a kind with several forms the one that comes closest says what is wrong. */
function checkParameters(written: Written, kinds: readonly Form[]): void {
  const problems = kinds.map(form => [...Value.Errors(form, written)]).sort((a, b) => a.length - b.length)
  const first = problems[0]?.[0]
  if (!first) return
  const problem =
    first.type === ValueErrorType.ObjectAdditionalProperties
      ? `unknown parameter "${first.path.slice(1)}"`
      : describeProblem(first, 'fault')
  const parameters = `fault ${written.fault} takes ${kinds.map(parametersText).join('; or ')}`
  const message = `${problem}; ${parameters}; a rule has ${FIELDS.join(', ')}`
  throw new Refusal('invalid', message, { details: [message] })
}

function parametersText({ properties, required = [] }: Form): string {
  const parameters = Object.entries(properties).filter(([name]) => name !== 'fault')
  const texts = parameters.map(([name, schema]) => {
    if (schema.const !== undefined) return `${name} "${schema.const}"`
    return required.includes(name) ? name : `${name}?`
  })
  return texts.join(', ') || 'no parameters'
}
