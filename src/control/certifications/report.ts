// Makes the report of a certification: its runs with the known failures, and the verdict.
import type * as wire from '../../../schemas/control/certifications.ts'
import {
  type CertificationVerdict,
  REPORT_FORMAT,
  type Report,
  type ReportDrill,
  type ReportRequirement,
  type RunLifecycle,
} from '../../../schemas/report.ts'
import { isoInstant } from '../../sandbox/clock/clock.ts'
import type { Certification } from './store.ts'

export function reportOf(certification: Certification, version: string): Report {
  const { client, seed, timeScale, startedAt, endedAt, knownFailing, runs } = certification
  const drills = runs.map(run => withExpectations(run.report(), knownFailing))
  return {
    format: REPORT_FORMAT,
    client,
    firedrill: { version },
    seed,
    timeScale,
    startedAt: isoInstant(startedAt),
    endedAt: endedAt === undefined ? null : isoInstant(endedAt),
    lifecycle: lifecycleOf(certification),
    verdict: verdictOf(drills),
    summary: countVerdicts(drills),
    drills,
  }
}

export function certificationView(certification: Certification, version: string): wire.Certification {
  const { client, lifecycle, verdict, startedAt, endedAt, summary, drills } = reportOf(certification, version)
  const { id, runs } = certification
  return {
    id,
    client,
    lifecycle,
    verdict,
    startedAt,
    endedAt,
    summary,
    runs: drills.map(({ id: drill, title, api, lifecycle, verdict }, index) => ({
      drill,
      title,
      api,
      lifecycle,
      verdict,
      sandbox: runs[index]?.sandbox ?? null,
    })),
  }
}

function lifecycleOf({ isInterrupted, endedAt, runs }: Certification): RunLifecycle {
  if (isInterrupted) return 'interrupted'
  if (endedAt !== undefined) return 'finished'
  return runs.some(({ isStarted }) => isStarted) ? 'running' : 'waiting'
}

export function withExpectations(drill: ReportDrill, known: ReadonlySet<string>): ReportDrill {
  const requirements = drill.requirements.map(requirement => {
    const expectation = known.has(requirement.id) ? expectationOf(requirement) : undefined
    return expectation === undefined ? requirement : { ...requirement, expectation }
  })
  const expectation = known.has(drill.id) ? expectationOf(drill) : impliedExpectation(drill, requirements)
  return { ...drill, ...(expectation === undefined ? {} : { expectation }), requirements }
}

type Expectation = NonNullable<ReportDrill['expectation']>

/** A warning of a requirement is a failure of a recommended one; a drill with warnings has passed. */
function expectationOf(judged: ReportDrill | ReportRequirement): Expectation | undefined {
  const { verdict } = judged
  if (verdict === 'failed' || (verdict === 'warning' && 'kind' in judged)) return 'known-failing'
  return verdict === 'passed' || verdict === 'warning' ? 'unexpected-pass' : undefined
}

/** Of a drill that is not named itself: everything that fails in it is known to fail, or something passed unexpectedly. */
function impliedExpectation(
  { verdict }: ReportDrill,
  requirements: readonly ReportRequirement[],
): Expectation | undefined {
  const isPassed = verdict === 'passed' || verdict === 'warning'
  if (isPassed && requirements.some(({ expectation }) => expectation === 'unexpected-pass')) return 'unexpected-pass'
  const failed = requirements.filter(each => each.verdict === 'failed')
  const isKnown = verdict === 'failed' && failed.every(({ expectation }) => expectation === 'known-failing')
  return isKnown ? 'known-failing' : undefined
}

function verdictOf(drills: readonly ReportDrill[]): CertificationVerdict {
  const passesUnexpectedly = ({ expectation }: { expectation?: Expectation }) => expectation === 'unexpected-pass'
  const isFailed = (drill: ReportDrill) =>
    passesUnexpectedly(drill) ||
    drill.requirements.some(passesUnexpectedly) ||
    (drill.verdict === 'failed' && drill.expectation !== 'known-failing')
  if (drills.some(isFailed)) return 'failed'
  const isJudged = ({ verdict }: ReportDrill) => verdict === 'passed' || verdict === 'warning' || verdict === 'failed'
  return drills.every(isJudged) ? 'passed' : 'inconclusive'
}

function countVerdicts(drills: readonly ReportDrill[]): Report['summary'] {
  const counts = { passed: 0, failed: 0, warning: 0, inconclusive: 0, skipped: 0, error: 0 }
  for (const { verdict } of drills) counts[verdict] += 1
  return counts
}
