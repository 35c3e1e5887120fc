// One drill in the page of the report: its task, requirements, diagram, faults and evidence.
import { html } from 'ghtml'
import type { ReportDrill, ReportRequirement } from '../../../../schemas/report.ts'
import { callAnchor, diagramOf, isDrawn } from './diagram.ts'
import { isNotable, linkOf, resultWords, verdictWords } from './words.ts'

/** Ids of calls that are named for one requirement; the JSON document has all. */
const MAX_EVIDENCE = 12

export function drillSection(drill: ReportDrill): string {
  const { id, version, title, api, verdict, task, teaches, reason, result, replay } = drill
  return html`<details class="drill" id="${id}" !${isNotable(drill) ? 'open' : ''}>
<summary><h2>!${verdictBadge(drill)} ${title}</h2><small>${api}, <code>${id}</code> version ${version}</small></summary>
!${reason === undefined ? '' : html`<p class="${verdict}"><b>${reason}.</b></p>`}
<p class="task">${task}</p>
<dl>
<dt>Detects</dt><dd>${teaches}</dd>
<dt>Client</dt><dd>${resultWords(result)}</dd>
!${clockFacts(drill)}
!${faultFacts(drill)}
!${evidenceFacts(drill)}
!${replay === undefined ? '' : html`<dt>Repeat with</dt><dd><code>${replay}</code></dd>`}
</dl>
!${requirementTable(drill)}
<h3>Calls in virtual time</h3>
<div class="diagram">!${diagramOf(drill)}</div>
!${result?.answer === undefined ? '' : html`<h3>What the client wrote to its result file</h3><pre>${JSON.stringify(result.answer, null, 2)}</pre>`}
!${result?.output === undefined ? '' : html`<h3>What the client printed</h3><pre>${result.output}</pre>`}
</details>`
}

export function verdictBadge(judged: Pick<ReportDrill, 'verdict' | 'expectation'>): string {
  const { verdict, expectation } = judged
  const kind = expectation === undefined ? verdict : expectation === 'unexpected-pass' ? 'warning' : 'skipped'
  return html`<span class="verdict ${kind}">${verdictWords(judged)}</span>`
}

function clockFacts({ clock }: ReportDrill): string {
  return clock === null ? '' : html`<dt>Virtual time</dt><dd>${clock.from} to ${clock.to}</dd>`
}

function faultFacts({ faults }: ReportDrill): string {
  if (faults.length === 0) return ''
  const words = faults.map(
    ({ fault, operation, hits }) => `${fault} on ${operation}, fired ${hits} ${hits === 1 ? 'time' : 'times'}`,
  )
  return html`<dt>Faults</dt><dd>!${words.map(each => html`${each}<br>`)}</dd>`
}

function evidenceFacts({ evidence }: ReportDrill): string {
  if (!evidence) return ''
  const links = Object.entries(evidence).map(([name, file]) => html`<a href="${encodeURI(file)}">${name}</a> `)
  return html`<dt>Evidence</dt><dd>!${links}</dd>`
}

function requirementTable(drill: ReportDrill): string {
  const { requirements } = drill
  if (requirements.length === 0) return ''
  return html`<div class="scroll"><table>
<thead><tr><th>Verdict</th><th>Requirement</th><th>Expected and observed</th><th>Calls</th></tr></thead>
<tbody>
!${requirements.map(each => requirementRow(each, drill))}
</tbody></table></div>`
}

function requirementRow(requirement: ReportRequirement, drill: ReportDrill): string {
  const { id, version, kind, text, provenance, expected, observed } = requirement
  return html`<tr><td>!${verdictBadge(requirement)}<br><small>${kind}</small></td>
<td><p>${text}</p><small><code>${id}</code> version ${version}<br>!${sourceOf(provenance)}</small></td>
<td><p><small>expected</small> ${expected}</p><p><small>observed</small> ${observed}</p></td>
<td>!${evidenceLinks(requirement, drill)}</td></tr>
`
}

function sourceOf({ kind, source, url }: ReportRequirement['provenance']): string {
  const href = linkOf(url)
  const link = href === undefined ? html`${source}` : html`<a href="${href}" rel="noreferrer">${source}</a>`
  return html`${{ rfc: 'RFC', vendor: 'vendor', bug: 'bug', inferred: 'inferred' }[kind]}: !${link}`
}

/** The numbers of the calls that prove the verdict, linked to the diagram if it shows them. */
function evidenceLinks({ evidence }: ReportRequirement, { id, calls }: ReportDrill): string {
  const numbers = evidence.map(entry => calls.findIndex(call => call.id === entry) + 1).filter(number => number > 0)
  const links = numbers
    .slice(0, MAX_EVIDENCE)
    .map(number =>
      isDrawn(number, calls) ? html`<a href="#${callAnchor(id, number)}">${number}</a> ` : html`${number} `,
    )
  const omitted = numbers.length - links.length
  return html`!${links}${omitted > 0 ? `and ${omitted} more` : ''}`
}
