// Why a request was answered as it was: the checks that it went through, in order, and what it was probably meant for.
import type { Check, Explanation } from '../../../schemas/control.ts'
import { SANDBOX_HEADER } from '../../http/addressing.ts'
import { type Redaction, redactedText } from '../../http/journal/redaction.ts'
import type { Course, Entry } from '../../sandbox/journal/entry.ts'
import { valuesOf } from '../../sandbox/patterns/requests.ts'
import { rawExchange, redactionOf, shownExchange } from './exchange.ts'
import { nearestOperations, type Operation } from './nearest.ts'

type Verdict = Pick<Check, 'outcome' | 'detail'>

/** Each says what came of it, or undefined when the request did not get so far. */
type Step = (entry: Entry, operations: ReadonlyMap<string, Operation>, sandbox: string) => Verdict | undefined

const steps: [check: string, step: Step][] = [
  ['address', (entry, _, sandbox) => passed(`sandbox ${sandbox}, ${addressedBy(entry, sandbox)}`)],
  ['route', routeStep],
  ['forced', ({ course }) => failedAt('forced', course) ?? forcedStep(course)],
  ['fault', ({ course }) => faultStep(course)],
  ['authentication', ({ course }) => failedAt('authentication', course) ?? callerStep(course)],
  ['parameters', ({ course }) => failedAt('parameters', course) ?? rulesReached(course, 'body and parameters fit')],
  ['rules', entry => failedAt('rules', entry.course) ?? ruledStep(entry)],
]

export function explain(entry: Entry, operations: ReadonlyMap<string, Operation>, sandbox: string): Explanation {
  const shown = shownExchange(entry)
  const redaction = redactionOf(rawExchange(entry))
  const checks = checksOf(entry, operations, sandbox, redaction)
  const { method, matched } = entry
  return {
    id: entry.id,
    request: `${method} ${shown.sentUrl}`,
    verdict: verdictOf(entry, checks),
    checks,
    nearest: matched ? [] : nearestOperations(method, shown.path.replace(/\?[\s\S]*$/, ''), operations.values()),
  }
}

function checksOf(
  entry: Entry,
  operations: ReadonlyMap<string, Operation>,
  sandbox: string,
  redaction: Redaction,
): Check[] {
  let isOver = false
  return steps.map(([check, step]) => {
    const verdict = step(entry, operations, sandbox)
    // Some rooms ask who is calling before they say that there is nothing: both are worth knowing.
    if (!verdict || (isOver && verdict.outcome !== 'failed')) return { check, outcome: 'not reached', detail: '' }
    isOver ||= verdict.outcome !== 'passed'
    return { check, outcome: verdict.outcome, detail: redaction.words(redactedText(verdict.detail)) }
  })
}

function passed(detail: string): Verdict {
  return { outcome: 'passed', detail }
}

function addressedBy(entry: Entry, sandbox: string): string {
  const { sentUrl, url, headers } = rawExchange(entry)
  if (sentUrl !== url) return 'by the path'
  if (valuesOf(headers, SANDBOX_HEADER).length > 0) return `by the header ${SANDBOX_HEADER}`
  const [host = ''] = valuesOf(headers, 'host')
  if (host.toLowerCase().startsWith(`${sandbox}.localhost`)) return 'by the host'
  return sandbox === 'default' ? 'as none was named' : 'by the credential bound to it'
}

function routeStep(entry: Entry, operations: ReadonlyMap<string, Operation>): Verdict {
  const { method, path, api, operation, matched, course } = entry
  const url = path.replace(/\?[\s\S]*$/, '')
  if (!matched) {
    const detail = course.failure?.check === 'route' ? course.failure.message : `nothing is served at ${method} ${url}`
    return { outcome: 'failed', detail: `${detail}${api === undefined ? '' : ` (${api})`}` }
  }
  const template = operations.get(operation ?? '')
  return passed(template ? `${template.id} of ${template.api}: ${template.method} ${template.url}` : `a page of ${api}`)
}

function failedAt(check: string, { failure, fault, reachedRules }: Course): Verdict | undefined {
  if (failure?.check !== check || (fault && !fault.operationHappens && !reachedRules)) return undefined
  const details = failure.details.filter(detail => detail !== failure.message)
  return { outcome: 'failed', detail: `${failure.name}: ${[failure.message, ...details].join(' ')}` }
}

function forcedStep({ forced }: Course): Verdict {
  if (forced === undefined) return passed('no documented answer was asked for')
  return { outcome: 'took over', detail: `the documented answer ${forced} was asked for` }
}

function faultStep({ fault, reachedRules }: Course): Verdict {
  if (!fault) return passed('none fired')
  const detail = `${fault.fault} (${fault.id})`
  return fault.operationHappens || reachedRules
    ? passed(`${detail}, which let it pass`)
    : { outcome: 'took over', detail }
}

function callerStep({ failure, reachedRules }: Course): Verdict | undefined {
  return reachedRules || failure?.check === 'parameters' || failure?.check === 'rules'
    ? passed('nothing was wrong with the caller')
    : undefined
}

function rulesReached({ reachedRules }: Course, detail: string): Verdict | undefined {
  return reachedRules ? passed(detail) : undefined
}

function ruledStep({ answer, course }: Entry): Verdict | undefined {
  return answer && rulesReached(course, 'nothing stood in its way')
}

function verdictOf({ answer, ended, course }: Entry, checks: readonly Check[]): string {
  if (!ended) return 'It is still on its way.'
  const decisive = checks.findLast(({ outcome }) => outcome === 'failed' || outcome === 'took over')
  if (!answer)
    return course.fault
      ? `It got no answer, by the fault ${course.fault.fault}.`
      : 'Its client did not wait for the answer.'
  if (!decisive) return `Answered ${answer.status}: all checks passed.`
  return `Answered ${answer.status}: ${decisive.check} ${decisive.outcome}: ${decisive.detail}`
}
