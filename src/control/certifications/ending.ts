// The requirement that every drill of a certification has: the client ends by itself, and says how its task went.
import type { Drill } from '../../../schemas/drills.ts'
import type { ReportResult } from '../../../schemas/report.ts'
import { passedIf } from '../drills/callrules.ts'
import { durationWords } from '../drills/calls.ts'
import { CLIENT_ENDS } from '../drills/files.ts'
import type { ExtraRequirement } from '../drills/judgement.ts'
import { durationOf } from '../instants.ts'

const DEFAULT_TIME_LIMIT = '30s'

/** How long the client may run, in this machine's time. */
export function timeLimitOf({ timeLimit = DEFAULT_TIME_LIMIT }: Drill): number {
  return durationOf(timeLimit)
}

export function clientEnds(drill: Drill, result: ReportResult): ExtraRequirement {
  const problem = problemOf(drill, result)
  return {
    requirement: {
      id: `${drill.id}/${CLIENT_ENDS}`,
      version: 1,
      kind: 'required',
      text: 'End within the time limit, and claim success (exit code 0) or report failure (exit code 1).',
      provenance: { kind: 'inferred', source: 'A client that hangs or crashes tells its user nothing.' },
    },
    finding: {
      expected: `the client to end within ${durationWords(timeLimitOf(drill))} and to say how its task went`,
      verdict: passedIf(problem === undefined),
      observed: problem ?? (result.claim === 'success' ? 'it claimed success' : 'it reported failure'),
      evidence: [],
    },
  }
}

function problemOf(
  drill: Drill,
  { claim, exitCode, signal, timedOut, problem, answer }: ReportResult,
): string | undefined {
  if (timedOut) return `it was stopped after ${durationWords(timeLimitOf(drill))}`
  if (problem !== undefined) return problem.replace(/\.$/, '')
  if (claim === 'none') {
    if (signal !== undefined) return `it was ended by ${signal}`
    return exitCode === undefined ? 'it claimed nothing' : `it ended with exit code ${exitCode}`
  }
  const said = answer?.outcome
  if (said === undefined || said === claim) return undefined
  return `it claimed ${claim}, but the outcome in its answer is ${JSON.stringify(said)}`
}
