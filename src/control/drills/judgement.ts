// Judges a run of a drill: a verdict for each requirement, and from these the verdict of the run. Pure.
import type { Drill, Requirement } from '../../../schemas/drills.ts'
import type { ReportRequirement, RunVerdict } from '../../../schemas/report.ts'
import type { Finding } from './callrules.ts'
import { judge, type RunResult } from './rules.ts'

export interface Judgement {
  verdict: RunVerdict
  /** Why the verdict is not passed, in sentences. */
  reasons: string[]
  /** Why it is inconclusive, an error or skipped. */
  reason?: string
  requirements: ReportRequirement[]
}

/** The requirement that every drill has beside its own. */
export interface ExtraRequirement {
  requirement: Omit<Requirement, 'rule'>
  finding: Finding
}

/** Its entries are those that show most: a client can send thousands of requests. */
const MAX_EVIDENCE = 20

export function judgeRun({ requirements }: Drill, run: RunResult, extra: readonly ExtraRequirement[] = []): Judgement {
  const own = requirements.map(({ rule, ...requirement }) =>
    run.calls.length === 0
      ? judged(requirement, { ...judge(rule, run), verdict: 'inconclusive' })
      : judged(requirement, judge(rule, run)),
  )
  const all = [...extra.map(({ requirement, finding }) => judged(requirement, finding)), ...own]
  const silence = run.calls.length === 0 ? ['The client sent no request to the API.'] : []
  const reasons = [...silence, ...sentences(all.filter(({ verdict }) => verdict !== 'passed'))]
  const verdict = verdictOf(all)
  if (verdict !== 'inconclusive') return { verdict, reasons, requirements: all }
  const unknown = sentences(all.filter(each => each.verdict === 'inconclusive'))
  return { verdict, reasons, reason: silence[0] ?? unknown.join(' '), requirements: all }
}

function sentences(requirements: readonly ReportRequirement[]): string[] {
  return requirements.map(({ expected, observed }) => `Expected ${expected}; ${observed}.`)
}

/** What could not be judged, because of something that is not the client's fault. */
export function unjudged(
  { requirements }: Drill,
  verdict: 'error' | 'inconclusive' | 'skipped',
  reason: string,
): Judgement {
  return {
    verdict,
    reasons: [reason],
    reason,
    requirements: requirements.map(({ rule: _, ...requirement }) => ({
      ...requirement,
      verdict,
      expected: requirement.text,
      observed: reason,
      evidence: [],
    })),
  }
}

function judged(
  requirement: Omit<Requirement, 'rule'>,
  { verdict, expected, observed, evidence }: Finding,
): ReportRequirement {
  return {
    ...requirement,
    verdict: verdict === 'failed' && requirement.kind !== 'required' ? 'warning' : verdict,
    expected,
    observed,
    evidence: [...new Set(evidence.map(({ id }) => id))].slice(0, MAX_EVIDENCE),
  }
}

/** The most serious verdict of those that count. */
const BY_SEVERITY = ['error', 'inconclusive', 'failed', 'warning'] as const

function verdictOf(requirements: readonly ReportRequirement[]): RunVerdict {
  const counted = requirements.filter(({ kind }) => kind !== 'check').map(({ verdict }) => verdict)
  return BY_SEVERITY.find(verdict => counted.includes(verdict)) ?? 'passed'
}
