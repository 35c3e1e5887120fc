// arcgis: the pages that list jobs and show one.
import { html } from 'ghtml'
import type { ArcgisJob, ArcgisJobList } from '../../../../schemas/arcgis.ts'
import type { Page } from '../../../http/html.ts'
import type { Frame } from '../frame.ts'
import { interfaces, layout, linkList, properties } from './layout.ts'

export function jobsPage(frame: Frame, { jobs }: ArcgisJobList): Page {
  const links = jobs.map(id => ({ name: id, href: `${frame.contextPath}/admin/jobs/${id}` }))
  return layout(frame, 'Jobs', html`!${linkList('Jobs', links)}!${interfaces}`)
}

export function jobPage(frame: Frame, job: ArcgisJob): Page {
  return layout(frame, `Job: ${job.jobid}`, html`!${properties(job)}!${interfaces}`)
}
