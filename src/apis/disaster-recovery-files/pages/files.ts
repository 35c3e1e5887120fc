// disaster-recovery-files: the page that lists the files, and the page for an error.
import { html } from 'ghtml'
import type { DisasterRecoveryFile } from '../../../../schemas/disaster-recovery-files.ts'
import type { Page } from '../../../http/html.ts'
import type { Frame } from './frame.ts'
import { alert, layout } from './layout.ts'

const MARKS = {
  downloaded: { name: 'Downloaded', meaning: 'you have already downloaded this file.' },
  saved: {
    name: 'Saved',
    meaning: 'the file has been saved to backup storage but you have not downloaded it yet.',
  },
  new: { name: 'Generated', meaning: 'the file has not been saved to backup storage yet.' },
} as const
type Mark = keyof typeof MARKS

/** Newest first. */
export function filesPage(frame: Frame, files: readonly DisasterRecoveryFile[]): Page {
  const legend = Object.entries(MARKS).map(
    ([mark, { meaning }]) => html`<li>!${markText(mark as Mark)} ${meaning}</li>`,
  )
  const newestFirst = files.toSorted((a, b) => b.generatedDate.localeCompare(a.generatedDate))
  const body = html`<p>Disaster Recovery Files are automatic, encrypted backup archives of your data. To open one you need the
<a href="${frame.basePath}/archive-password">archive password</a>.</p>
<ul>!${legend}</ul>
<table>
<caption>Files: ${files.length}</caption>
<thead><tr><th scope="col">Filename</th><th scope="col">Status</th><th scope="col" class="dates">Generated (UTC)</th><th scope="col">Expires (UTC)</th><th scope="col">Download</th></tr></thead>
<tbody>!${newestFirst.map(file => row(frame, file))}</tbody>
</table>`
  return layout(frame, 'Disaster Recovery Files', body)
}

function row({ basePath }: Frame, { id, filename, status, generatedDate, expiresDate }: DisasterRecoveryFile): string {
  const mark = status.includes('Downloaded') ? 'downloaded' : status.includes('Saved') ? 'saved' : 'new'
  const href = `${basePath}/disaster-recovery-files/${id}`
  return html`<tr><td>${filename}</td><td class="status">!${markText(mark)}</td><td class="dates">!${time(generatedDate)}</td><td>!${time(expiresDate)}</td><td><a href="${href}" aria-label="Download ${filename}">Download</a></td></tr>
`
}

function markText(mark: Mark): string {
  return html`<span class="mark ${mark}">${MARKS[mark].name}</span>`
}

function time(date: string): string {
  return html`<time datetime="${date}">${date.slice(0, 'YYYY-MM-DDTHH:MM'.length).replace('T', ' ')}</time>`
}

export function errorPage(frame: Frame, message: string): Page {
  return layout(frame, 'Error', html`!${alert(message)}<p><a href="${frame.basePath}/">Back to the main page</a></p>`)
}
