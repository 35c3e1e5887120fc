// Explains why a request was answered as it was: the verdict of each stage in its trace, and the nearest operations.
import type { Check, Explanation } from '../../../schemas/control.ts'
import { SANDBOX_HEADER } from '../../http/addressing.ts'
import { redactedText } from '../../http/journal/redaction.ts'
import { nearestOperations } from '../../http/nearest.ts'
import type { Operations } from '../../http/operations.ts'
import type { Entry } from '../../sandbox/journal/entry.ts'
import { type Failure, type Stage, stages, type TracedFault } from '../../sandbox/journal/trace.ts'
import { valuesOf } from '../../sandbox/patterns/requests.ts'
import { transferText } from './downloads.ts'
import { rawExchange, redactionOf, shownExchange } from './exchange.ts'
import { unknownParameters } from './parameters.ts'

export function explain(entry: Entry, operations: Operations, sandbox: string): Explanation {
  const shown = shownExchange(entry)
  const redaction = redactionOf(entry)
  const checks = stages.map((stage): Check => {
    const { outcome, error, detail } = verdictAt(stage, entry, operations, sandbox)
    const shownDetail = redaction.knownValues(redactedText(detail))
    return { check: stage, outcome, detail: error === undefined ? shownDetail : `${error}: ${shownDetail}` }
  })
  const { method, matched } = entry
  return {
    id: entry.id,
    request: `${method} ${shown.sentUrl}`,
    verdict: [summaryOf(entry, checks), entry.transfer && transferText(entry.transfer)].filter(Boolean).join(' '),
    checks,
    unknownParameters: unknownParameters(entry, operations).map(({ name, nearest }) => ({
      name: redaction.knownValues(redactedText(name)),
      nearest,
    })),
    nearest: matched ? [] : nearestOperations(method, shown.path.replace(/\?[\s\S]*$/, ''), operations.values()),
  }
}

interface Verdict extends Pick<Check, 'outcome' | 'detail'> {
  /** The name of the error. It is not redacted: "InvalidToken: …" looks like a secret. */
  error?: string
}

function verdictAt(stage: Stage, entry: Entry, operations: Operations, sandbox: string): Verdict {
  const { trace, matched } = entry
  if (trace.isTakenOver && trace.stage === stage) return { outcome: 'took over', detail: takeOverOf(entry) }
  if (trace.failure?.stage === stage) return { outcome: 'failed', ...describeFailure(trace.failure, entry) }
  if (stage === 'routing' && !matched) return { outcome: 'failed', detail: unmatchedText(entry) }
  if (!hasPassed(stage, entry)) return { outcome: 'not reached', detail: '' }
  return { outcome: 'passed', detail: passedText(stage, entry, operations, sandbox) }
}

/** The last stage has passed once the request is answered without an error. */
function hasPassed(stage: Stage, { trace, answer }: Entry): boolean {
  if (trace.hasPassed(stage)) return true
  if (trace.isTakenOver || trace.failure || trace.stage !== 'rules') return false
  // Operations that need no credentials never enter authentication.
  return stage === 'authentication' || (stage === 'rules' && answer !== undefined)
}

function describeFailure({ stage, name, message, details }: Failure, entry: Entry): Omit<Verdict, 'outcome'> {
  if (stage === 'routing') return { detail: `${message}${inApi(entry)}` }
  return { error: name, detail: [message, ...details.filter(detail => detail !== message)].join(' ') }
}

function unmatchedText(entry: Entry): string {
  return `nothing is served at ${entry.method} ${entry.path.replace(/\?[\s\S]*$/, '')}${inApi(entry)}`
}

function inApi({ api }: Entry): string {
  return api === undefined ? '' : ` (${api})`
}

function takeOverOf({ trace: { stage, forced, fault } }: Entry): string {
  return stage === 'forced' ? `the documented response ${forced} was requested` : takeOverText(fault)
}

function passedText(stage: Stage, entry: Entry, operations: Operations, sandbox: string): string {
  const { fault } = entry.trace
  switch (stage) {
    case 'address':
      return `sandbox ${sandbox}, ${addressedBy(entry, sandbox)}`
    case 'routing':
      return operationText(entry, operations)
    case 'forced':
      return 'no documented response was requested'
    case 'fault':
      return fault ? faultText(fault) : 'no fault fired'
    case 'authentication':
      return entry.trace.hasPassed(stage) ? 'the credentials are valid' : 'no credentials are needed'
    case 'parameters':
      return 'body and parameters are valid'
    case 'rules':
      return 'no rule was violated'
  }
}

function takeOverText(fault: TracedFault | undefined): string {
  return fault?.hold ? faultText(fault) : nameOf(fault)
}

function faultText(fault: TracedFault): string {
  const { hold } = fault
  if (!hold) return `${nameOf(fault)} let the request pass`
  const place = hold.at === 'request' ? 'before the operation' : `in its ${hold.at}`
  return hold.ended === null ? `${nameOf(fault)} holds it ${place}` : `${nameOf(fault)} held it ${place}: ${hold.ended}`
}

function nameOf(fault: TracedFault | undefined): string {
  const plan = fault?.plan ? `, stage ${fault.plan.stage} of plan ${fault.plan.name}` : ''
  return `${fault?.fault} (${fault?.id}${plan})`
}

function addressedBy(entry: Entry, sandbox: string): string {
  const { sentUrl, url, headers } = rawExchange(entry)
  if (sentUrl !== url) return 'named in the path'
  if (valuesOf(headers, SANDBOX_HEADER).length > 0) return `named in the header ${SANDBOX_HEADER}`
  const [host = ''] = valuesOf(headers, 'host')
  if (host.toLowerCase().startsWith(`${sandbox}.localhost`)) return 'named in the host'
  return sandbox === 'default' ? 'because the request names none' : 'to which the credential is bound'
}

function operationText({ operation, api }: Entry, operations: Operations): string {
  const template = operations.get(operation ?? '')
  return template ? `${template.id} of ${template.api}: ${template.method} ${template.url}` : `a page of ${api}`
}

function summaryOf({ answer, ended, trace }: Entry, checks: readonly Check[]): string {
  if (trace.fault?.hold?.ended === null) {
    return `The request is held by the fault ${trace.fault.id}; release it, or disarm the fault.`
  }
  if (!ended) return 'The request is not answered yet.'
  const decisive = checks.findLast(({ outcome }) => outcome === 'failed' || outcome === 'took over')
  if (!answer) {
    return trace.fault
      ? `No response was sent because of the fault ${trace.fault.fault}.`
      : 'The client closed the connection before the response was sent.'
  }
  if (!decisive) return `Answered ${answer.status}: all checks passed.`
  return `Answered ${answer.status}: ${decisive.check} ${decisive.outcome}: ${decisive.detail}`
}
