// The report as Markdown, short enough for the summary of a CI job.
import type { Report, ReportDrill, ReportRequirement } from '../../../../schemas/report.ts'
import { code, fenced, text } from '../../markdown.ts'
import { clientWords, isNotable, linkOf, resultWords, summaryWords, verdictWords } from './words.ts'

const MARKS = { passed: '✅', failed: '❌', warning: '⚠️', inconclusive: '❔', skipped: '⏭️', error: '💥' } as const

export function markdownOf(report: Report): string {
  const { firedrill, seed, timeScale, verdict, drills, replay } = report
  const facts = `Firedrill ${text(firedrill.version)}, seed ${code(seed)}, time scale ${timeScale}`
  return [
    `## ${text(clientWords(report))}: ${verdict}`,
    `**${summaryWords(report)}**. ${facts}.`,
    ...(drills.length === 0 ? [] : [table(drills)]),
    ...drills.filter(isNotable).map(drillText),
    ...(replay === undefined ? [] : [`Repeat the run:\n\n${fenced(replay, 'sh')}`]),
    '',
  ].join('\n\n')
}

function table(drills: readonly ReportDrill[]): string {
  const rows = drills.map(drill => {
    const met = drill.requirements.filter(({ verdict }) => verdict === 'passed').length
    const cells = [
      `${MARKS[drill.verdict]} ${verdictWords(drill)}`,
      code(drill.id),
      text(drill.title),
      text(drill.api),
      `${met} of ${drill.requirements.length}`,
    ]
    return `| ${cells.join(' | ')} |`
  })
  return ['| verdict | drill | | API | requirements met |', '|---|---|---|---|---|', ...rows].join('\n')
}

function drillText(drill: ReportDrill): string {
  const { id, title, requirements, reason, result, replay } = drill
  return [
    `### ${MARKS[drill.verdict]} ${code(id)} ${text(title)}`,
    `${text(drill.task)}`,
    `The client: ${text(resultWords(result))}.${reason === undefined ? '' : ` ${text(reason)}.`}`,
    ...requirements.filter(isNotable).map(requirementText),
    ...(replay === undefined ? [] : [fenced(replay, 'sh')]),
  ].join('\n\n')
}

function requirementText(requirement: ReportRequirement): string {
  const { id, kind, expected, observed, verdict, provenance } = requirement
  return [
    `- ${MARKS[verdict]} ${code(id)} (${kind}): ${text(requirement.text)}`,
    `  - expected: ${text(expected)}`,
    `  - observed: ${text(observed)}`,
    `  - source: ${sourceLink(provenance)}`,
  ].join('\n')
}

function sourceLink({ source, url }: ReportRequirement['provenance']): string {
  const href = linkOf(url)
  return href === undefined ? text(source) : `[${text(source)}](<${href.replace(/[<>]/g, encodeURIComponent)}>)`
}
