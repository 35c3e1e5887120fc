// What the forms of the report share: calls, sources and counts in words.
import type { Report, ReportCall, ReportDrill, ReportRequirement } from '../../../../schemas/report.ts'

/** `2026-06-10T12:00:01.000Z POST /v1/… 502 BadGateway (fault error)`. */
export function callWords({ at, method, path, status, error, fault }: ReportCall): string {
  return [at, method, path, ...answerWords({ status, error }), ...(fault === null ? [] : [`(fault ${fault})`])].join(
    ' ',
  )
}

export function answerWords({ status, error }: Pick<ReportCall, 'status' | 'error'>): string[] {
  return [status === null ? 'no response' : String(status), ...(error === null ? [] : [error])]
}

export function provenanceWords({ kind, source, url }: ReportRequirement['provenance']): string {
  const text = `${kind === 'inferred' ? 'inferred: ' : ''}${source}`
  return url === undefined ? text : `${text}, ${url}`
}

/** Only addresses that a browser may open. */
export function linkOf(url: string | undefined): string | undefined {
  return url !== undefined && /^https?:\/\//i.test(url) && URL.canParse(url) ? new URL(url).href : undefined
}

/** `11 drills: 9 passed, 1 failed, 1 failed as known`. */
export function summaryWords({ drills }: Pick<Report, 'drills'>): string {
  const number = `${drills.length} ${drills.length === 1 ? 'drill' : 'drills'}`
  const verdicts = drills.map(verdictWords)
  const counts = [...new Set(verdicts)]
    .sort()
    .map(words => `${verdicts.filter(each => each === words).length} ${words}`)
  return counts.length === 0 ? number : `${number}: ${counts.join(', ')}`
}

/** How the client ended, as in `exit code 1: it reported failure`. */
export function resultWords(result: ReportDrill['result']): string {
  if (result === null) return 'no result'
  const { claim, exitCode, signal, timedOut, problem } = result
  const ending = signal === undefined ? (exitCode === undefined ? [] : [`exit code ${exitCode}`]) : [signal]
  const claimed = { success: 'it claimed success', failure: 'it reported failure', none: 'it claimed nothing' }[claim]
  return [
    ...(timedOut ? ['stopped at the time limit'] : []),
    ...ending,
    claimed,
    ...(problem === undefined ? [] : [problem]),
  ].join(', ')
}

export function verdictWords({ verdict, expectation }: Pick<ReportDrill, 'verdict' | 'expectation'>): string {
  if (expectation === undefined) return verdict
  return expectation === 'unexpected-pass' ? 'passed unexpectedly' : `${verdict} as known`
}

/** Whether a reader has to look at it. */
export function isNotable({ verdict, expectation }: Pick<ReportDrill, 'verdict' | 'expectation'>): boolean {
  if (expectation !== undefined) return expectation === 'unexpected-pass'
  return verdict !== 'passed' && verdict !== 'skipped'
}

export function clientWords({ client }: Pick<Report, 'client'>): string {
  return client.version === undefined ? client.name : `${client.name} ${client.version}`
}
