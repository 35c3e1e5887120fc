// The report as one page that needs nothing else: no network, no script.
import { html } from 'ghtml'
import type { Report, ReportDrill } from '../../../../schemas/report.ts'
import { stylesheet } from '../../../http/html.ts'
import { durationWords } from '../../drills/calls.ts'
import { drillSection, verdictBadge } from './html-drill.ts'
import { STYLE } from './style.ts'
import { clientWords, linkOf, resultWords, summaryWords } from './words.ts'
import { xmlText } from './xml.ts'

const style = stylesheet(STYLE)

export function htmlOf(report: Report): string {
  const { drills, verdict } = report
  const title = `${clientWords(report)}: ${verdict}`
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src !${style.source}; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>!${style.css}</style>
</head>
<body>
<header>
<h1>${clientWords(report)} <span class="verdict ${verdict}">${verdict}</span></h1>
<p>${summaryWords(report)}.</p>
!${factsOf(report)}
</header>
<main>
!${drills.length === 0 ? '' : drillTable(drills)}
!${drills.map(drillSection)}
</main>
</body>
</html>
`
  return xmlText(page)
}

function factsOf({ client, firedrill, seed, timeScale, startedAt, endedAt, replay }: Report): string {
  const href = linkOf(client.url)
  const took = endedAt === null ? 'not ended' : durationWords(Date.parse(endedAt) - Date.parse(startedAt))
  return html`<dl>
!${href === undefined ? '' : html`<dt>Client</dt><dd><a href="${href}" rel="noreferrer">${href}</a></dd>`}
<dt>Firedrill</dt><dd>${firedrill.version}</dd>
<dt>Seed</dt><dd><code>${seed}</code></dd>
<dt>Time</dt><dd>${speedWords(timeScale)}</dd>
<dt>Started</dt><dd>${startedAt}, ${took}</dd>
!${replay === undefined ? '' : html`<dt>Repeat with</dt><dd><code>${replay}</code></dd>`}
</dl>`
}

function speedWords(timeScale: number): string {
  if (timeScale === 0) return 'frozen'
  return timeScale === 1 ? 'as fast as real time' : `${timeScale} times as fast as real time`
}

function drillTable(drills: readonly ReportDrill[]): string {
  return html`<div class="scroll"><table>
<thead><tr><th>Verdict</th><th>Drill</th><th>API</th><th>Requirements met</th><th>Calls</th><th>Client</th></tr></thead>
<tbody>
!${drills.map(drillRow)}
</tbody></table></div>`
}

function drillRow(drill: ReportDrill): string {
  const { id, title, api, requirements, calls, result } = drill
  const met = requirements.filter(each => each.verdict === 'passed').length
  return html`<tr><td>!${verdictBadge(drill)}</td>
<td><a href="#${id}">${title}</a><br><small><code>${id}</code></small></td><td>${api}</td>
<td class="count">${met} of ${requirements.length}</td><td class="count">${calls.length}</td><td>${resultWords(result)}</td></tr>
`
}
