// The report as JUnit XML: a drill is a suite, and a requirement is a test case.
import type { Report, ReportDrill, ReportRequirement } from '../../../../schemas/report.ts'
import { callWords, provenanceWords } from './words.ts'
import { xml, xmlText } from './xml.ts'

interface TestCase {
  name: string
  outcome?: { element: 'failure' | 'error' | 'skipped'; type: string; message: string; text: string }
}

/** Valid for the schema of Ant's JUnit task, which is the strictest of those in use. */
export function junitOf(report: Report): string {
  const suites = report.drills.map((drill, index) => suiteOf(drill, index, report))
  return `<?xml version="1.0" encoding="UTF-8"?>\n${xml`<testsuites>
!${suites.join('\n')}
</testsuites>
`}`
}

function suiteOf(drill: ReportDrill, index: number, { client, firedrill, seed, startedAt }: Report): string {
  const cases = casesOf(drill)
  const countOf = (element: string) => cases.filter(({ outcome }) => outcome?.element === element).length
  const properties = Object.entries({
    client: client.name,
    'client.version': client.version,
    'client.url': client.url,
    'firedrill.version': firedrill.version,
    'drill.version': String(drill.version),
    'drill.title': drill.title,
    'drill.verdict': drill.verdict,
    seed,
    replay: drill.replay,
  }).flatMap(([name, value]) =>
    value === undefined ? [] : [xml`<property name="${name}" value="${xmlText(value)}"/>`],
  )
  const attributes = xml`id="${index}" package="firedrill.${drill.api}" name="${drill.id}" hostname="localhost"`
  const counts = xml`tests="${cases.length}" failures="${countOf('failure')}" errors="${countOf('error')}" skipped="${countOf('skipped')}"`
  const times = xml`time="${secondsOf(drill.durationMs)}" timestamp="${startedAt.slice(0, 19)}"`
  return xml`<testsuite !${attributes} !${counts} !${times}>
<properties>
!${properties.join('\n')}
</properties>
!${cases.map(each => caseElement(each, drill)).join('\n')}
<system-out>${xmlText(drill.calls.map(callWords).join('\n'))}</system-out>
<system-err>${xmlText(drill.result?.output ?? '')}</system-err>
</testsuite>`
}

/** What the verdict of the drill says is said by one test case at least, even when the drill has no requirement. */
function casesOf(drill: ReportDrill): TestCase[] {
  const cases = drill.requirements.map(each => caseOf(each, drill))
  const text = drill.reason ?? `The verdict is ${drill.verdict}`
  const { outcome } = outcomeOf(drill, text, text)
  if (!outcome || cases.some(each => each.outcome?.element === outcome.element)) return cases
  return [...cases, { name: `${drill.id}/verdict`, outcome }]
}

function caseOf(requirement: ReportRequirement, drill: ReportDrill): TestCase {
  const { id, text, expected, observed, provenance, evidence } = requirement
  const lines = [
    text,
    `Expected: ${expected}`,
    `Observed: ${observed}`,
    `Source: ${provenanceWords(provenance)}`,
    ...(evidence.length === 0 ? [] : [`Journal entries: ${evidence.join(', ')}`]),
    ...(drill.replay === undefined ? [] : [`Replay: ${drill.replay}`]),
  ]
  const { expectation = drill.expectation === 'known-failing' ? drill.expectation : undefined } = requirement
  const judged = { verdict: requirement.verdict, ...(expectation === undefined ? {} : { expectation }) }
  return { name: id, ...outcomeOf(judged, `Expected ${expected}; ${observed}`, lines.join('\n')) }
}

/** A warning passes: JUnit has no word for it. */
function outcomeOf(
  { verdict, expectation }: Pick<ReportRequirement | ReportDrill, 'verdict' | 'expectation'>,
  message: string,
  text: string,
): Pick<TestCase, 'outcome'> {
  if (expectation === 'unexpected-pass') {
    const unexpected = 'Passed, although the list of known failures names it'
    return { outcome: { element: 'failure', type: expectation, message: unexpected, text } }
  }
  if (expectation === 'known-failing' && verdict === 'failed') {
    return { outcome: { element: 'skipped', type: expectation, message: `Known to fail: ${message}`, text } }
  }
  if (verdict === 'passed' || verdict === 'warning') return {}
  const element = verdict === 'failed' ? 'failure' : verdict === 'skipped' ? 'skipped' : 'error'
  return { outcome: { element, type: verdict, message, text } }
}

function caseElement({ name, outcome }: TestCase, { id, api }: ReportDrill): string {
  const attributes = xml`name="${xmlText(name)}" classname="firedrill.${api}.${id}" time="0"`
  if (!outcome) return `<testcase ${attributes}/>`
  const { element, type, message, text } = outcome
  const details = xml`type="${type}" message="${xmlText(message)}"`
  return `<testcase ${attributes}>\n<${element} ${details}>${xml`${xmlText(text)}`}</${element}>\n</testcase>`
}

function secondsOf(durationMs: number | null): string {
  return ((durationMs ?? 0) / 1000).toFixed(3)
}
