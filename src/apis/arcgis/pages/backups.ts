// arcgis: the pages that list the backups of a store and create one.
import { html } from 'ghtml'
import type { ArcgisBackupList, ArcgisJobSubmitted } from '../../../../schemas/arcgis.ts'
import type { Page } from '../../../http/html.ts'
import type { Frame } from '../frame.ts'
import { form, interfaces, layout, linkList, properties } from './layout.ts'

export function backupsPage(frame: Frame, { backups }: ArcgisBackupList): Page {
  const sections = backups.map(
    backup => html`<section><h3>${backup.backupName}</h3>
!${properties(backup)}</section>`,
  )
  const body = html`<b>Backups:</b> ${backups.length}
!${sections}
!${linkList('Supported Operations', [{ name: 'Create Backup', href: `${frame.path}/create` }])}
!${interfaces}`
  return layout(frame, 'Backups', body)
}

export function createPage(frame: Frame): Page {
  const body = form({
    action: frame.path,
    submit: 'Create Backup',
    hidden: { token: frame.session?.token },
    fields: [
      { name: 'name', label: 'Name', required: true },
      { name: 'passcode', label: 'Passcode', type: 'password', required: true, hint: 'At least eight characters' },
      { name: 'description', label: 'Description' },
      {
        name: 'retentionDate',
        label: 'Retention Date',
        type: 'number',
        hint: 'In epoch milliseconds; -1 or empty: the backup never expires',
      },
    ],
    formats: true,
  })
  return layout(frame, 'Create Backup', body)
}

export function submittedPage(frame: Frame, submitted: ArcgisJobSubmitted): Page {
  const job = `${frame.contextPath}/admin/jobs/${submitted.jobid}`
  return layout(frame, 'Create Backup', properties(submitted, { jobsUrl: job, jobid: job }))
}
