// Defines the control operations on certifications.
import { Type } from '@sinclair/typebox'
import * as wire from '../../../schemas/control/certifications.ts'
import { DrillEvidence } from '../../../schemas/evidence.ts'
import { Report, ReportDrill } from '../../../schemas/report.ts'
import { operation } from '../operation.ts'

const CertificationPath = Type.Object({ id: Type.String() })

/** The output of a client is handed in as well. */
const MAX_RESULT_BYTES = 4 * 1024 * 1024

export const listCertifications = operation({
  id: 'listCertifications',
  capability: 'certifications',
  method: 'GET',
  path: '/certifications',
  scope: 'server',
  embedded: 'certifications.list',
  summary: 'List the certifications',
  outcome: 'In the order in which they were created',
  out: wire.CertificationList,
})

export const createCertification = operation({
  id: 'createCertification',
  capability: 'certifications',
  method: 'POST',
  path: '/certifications',
  scope: 'server',
  embedded: 'certifications.create',
  summary: 'Create a certification: the runs of some or all drills by one client',
  description:
    'It starts no client: a program asks for the tasks one by one or several at a time, runs the client for each, and hands in ' +
    'the results. Certifications are kept in memory until they are deleted or the server stops; resetting a sandbox does not ' +
    'change them.',
  in: { body: wire.CertificationRequest },
  outcome: 'The certification',
  out: wire.Certification,
  status: 201,
  errors: ['conflict', 'limit'],
})

export const readCertification = operation({
  id: 'readCertification',
  capability: 'certifications',
  method: 'GET',
  path: '/certifications/:id',
  scope: 'server',
  embedded: 'certifications.get',
  summary: 'Read a certification: the state of its runs and the verdict so far',
  in: { path: CertificationPath },
  outcome: 'The certification',
  out: wire.Certification,
})

export const deleteCertification = operation({
  id: 'deleteCertification',
  capability: 'certifications',
  method: 'DELETE',
  path: '/certifications/:id',
  scope: 'server',
  embedded: 'certifications.delete',
  summary: 'Delete a certification and the sandboxes of its runs',
  in: { path: CertificationPath },
  outcome: 'Deleted',
})

export const nextTask = operation({
  id: 'nextTask',
  capability: 'certifications',
  method: 'POST',
  path: '/certifications/:id/tasks',
  scope: 'server',
  embedded: 'certifications.next',
  summary: 'Start the next run in a sandbox of its own, and get its task',
  description:
    "The sandbox's clock runs `timeScale` times as fast as this machine's. Instead of sleeping, a client can move it with " +
    '`POST {clockUrl}`. A drill that cannot be started gets the verdict `error`, and the next one is started.',
  in: { path: CertificationPath },
  outcome: 'The task, or null if none is left',
  out: wire.NextTask,
  errors: ['conflict', 'limit'],
})

export const submitResult = operation({
  id: 'submitResult',
  capability: 'certifications',
  method: 'POST',
  path: '/certifications/:id/results',
  scope: 'server',
  embedded: 'certifications.submit',
  summary: 'Hand in the result of a client, and get the judged run',
  description: "The run's sandbox is deleted; the requests and the state in it are kept as evidence.",
  in: { path: CertificationPath, body: wire.CertificationResult },
  outcome: 'The judged run',
  out: ReportDrill,
  errors: ['conflict'],
  async: true,
  bodyLimitBytes: MAX_RESULT_BYTES,
})

export const interruptCertification = operation({
  id: 'interruptCertification',
  capability: 'certifications',
  method: 'POST',
  path: '/certifications/:id/interrupt',
  scope: 'server',
  embedded: 'certifications.interrupt',
  summary: 'Stop a certification: running drills are interrupted, and the others are not run',
  in: { path: CertificationPath },
  outcome: 'The certification',
  out: wire.Certification,
})

export const readReport = operation({
  id: 'readReport',
  capability: 'certifications',
  method: 'GET',
  path: '/certifications/:id/report',
  scope: 'server',
  embedded: 'certifications.report',
  summary: 'Read the report of a certification, which is complete when all runs have ended',
  in: { path: CertificationPath },
  outcome: 'The report',
  out: Report,
})

export const readReportPage = operation({
  id: 'readReportPage',
  capability: 'certifications',
  method: 'GET',
  path: '/certifications/:id/report.html',
  scope: 'server',
  embedded: 'certifications.page',
  summary: 'Read the report as a page, with the calls of each run as a diagram',
  in: { path: CertificationPath },
  outcome: 'The page, which needs no network and no scripts',
  out: Type.String(),
  media: 'text/html',
  // The page itself allows only its own style.
  securityPolicy:
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  async: true,
})

export const readReportJunit = operation({
  id: 'readReportJunit',
  capability: 'certifications',
  method: 'GET',
  path: '/certifications/:id/report.xml',
  scope: 'server',
  embedded: 'certifications.junit',
  summary: 'Read the report as JUnit XML: a drill is a suite, a requirement a test case',
  in: { path: CertificationPath },
  outcome: 'The report',
  out: Type.String(),
  media: 'application/xml',
  async: true,
})

export const readReportMarkdown = operation({
  id: 'readReportMarkdown',
  capability: 'certifications',
  method: 'GET',
  path: '/certifications/:id/report.md',
  scope: 'server',
  embedded: 'certifications.markdown',
  summary: 'Read the report as Markdown, for the summary of a CI job',
  in: { path: CertificationPath },
  outcome: 'The report',
  out: Type.String(),
  media: 'text/markdown',
  async: true,
})

export const readEvidence = operation({
  id: 'readEvidence',
  capability: 'certifications',
  method: 'GET',
  path: '/certifications/:id/evidence',
  scope: 'server',
  embedded: 'certifications.evidence',
  summary: 'Read what proves the verdict of a run that has ended: its requests, and the state before and after',
  in: { path: CertificationPath, query: Type.Object({ drill: Type.String({ description: 'The id of the drill' }) }) },
  outcome: 'The evidence, without secrets',
  out: DrillEvidence,
  errors: ['conflict'],
})
