// Describes a judged drill for a terminal: one line, and what is needed to understand a failure.
import type { ReportDrill } from '../../schemas/report.ts'
import { isNotable, resultWords, verdictWords } from '../control/certifications/report/words.ts'

/** The last lines of a client's output are the ones that say why it failed. */
const MAX_OUTPUT_LINES = 15
const VERDICT_WIDTH = 20

export function drillText(drill: ReportDrill): string {
  const { id, title, durationMs } = drill
  const took = durationMs === null ? '' : ` (${(durationMs / 1000).toFixed(1)} s)`
  const line = `${verdictWords(drill).padEnd(VERDICT_WIDTH)}${id}: ${title}${took}`
  return printable([line, ...(isNotable(drill) ? details(drill).map(each => `    ${each}`) : [])].join('\n'))
}

function details({ requirements, verdict, reason, result, replay, expectation }: ReportDrill): string[] {
  const judged = requirements
    .filter(isNotable)
    // The reason has said what these say.
    .filter(each => reason === undefined || each.verdict !== verdict)
    .map(each => `${verdictWords(each)} ${each.id}: expected ${each.expected}; ${each.observed}`)
  return [
    ...(expectation === 'unexpected-pass' ? ['Remove what passed from the list of known failures'] : []),
    ...(reason === undefined ? [] : [reason]),
    ...judged,
    `client: ${resultWords(result)}`,
    ...(result?.timedOut ? ['A client that sleeps needs a faster clock, as with --time-scale 20'] : []),
    ...outputLines(result?.output ?? '').map(line => `| ${line}`),
    ...(replay === undefined ? [] : [`repeat: ${replay}`]),
  ]
}

function outputLines(output: string): string[] {
  const lines = output.trimEnd().split('\n')
  if (lines.length > MAX_OUTPUT_LINES) return ['…', ...lines.slice(-MAX_OUTPUT_LINES)]
  return lines.filter((line, index) => line !== '' || index > 0)
}

/** Control characters in the output of a client would change what the terminal shows. */
function printable(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, '\ufffd')
}
