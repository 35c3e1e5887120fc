// Implements the control operations on certifications: hands out tasks, judges results, and makes the report.
import type * as wire from '../../../schemas/control/certifications.ts'
import type { Report, ReportDrill } from '../../../schemas/report.ts'
import { hostNow } from '../../sandbox/clock/clock.ts'
import { FACTORS, isFactor } from '../../sandbox/limits.ts'
import { Refusal } from '../../sandbox/refusal.ts'
import { DEFAULT_SANDBOX } from '../../sandbox/registry.ts'
import { checkJournal } from '../drills/drills.ts'
import { type Context, type ControlServer, type Implementation, implement } from '../invoke.ts'
import * as rows from './operations.ts'
import { certificationView, reportOf, withExpectations } from './report.ts'
import { Run, type RunOptions } from './run.ts'
import { selectedDrills } from './selection.ts'
import type { Certification } from './store.ts'

export const certificationImplementations: readonly Implementation[] = [
  implement(rows.listCertifications, server =>
    server.certifications.list().map(({ id }) => certificationView(current(server, id), server.version)),
  ),
  implement(rows.createCertification, (server, { body }) => {
    const certification = create(server, body)
    return certificationView(certification, server.version)
  }),
  implement(rows.readCertification, (server, { path }) => certificationView(current(server, path.id), server.version)),
  implement(rows.deleteCertification, (server, { path }) => remove(server, current(server, path.id))),
  implement(rows.nextTask, (context, { path }) => nextTask(context, current(context, path.id))),
  implement(rows.submitResult, (server, { path, body }) => submit(server, current(server, path.id), body)),
  implement(rows.interruptCertification, (server, { path }) => {
    const certification = current(server, path.id)
    interrupt(server, certification)
    return certificationView(certification, server.version)
  }),
  implement(rows.readReport, (server, { path }) => reportOf(current(server, path.id), server.version)),
  // The forms are loaded when they are asked for, because few servers make reports.
  implement(rows.readReportPage, async (server, { path }) => {
    const report = reportOf(current(server, path.id), server.version)
    return (await import('./report/html.ts')).htmlOf(withoutFiles(report))
  }),
  implement(rows.readReportJunit, async (server, { path }) => {
    const report = reportOf(current(server, path.id), server.version)
    return (await import('./report/junit.ts')).junitOf(report)
  }),
  implement(rows.readReportMarkdown, async (server, { path }) => {
    const report = reportOf(current(server, path.id), server.version)
    return (await import('./report/markdown.ts')).markdownOf(report)
  }),
  implement(rows.readEvidence, (server, { path, query }) => runOf(current(server, path.id), query.drill).evidence()),
]

/** Over HTTP there are no files beside the page. */
function withoutFiles(report: Report): Report {
  return { ...report, drills: report.drills.map(({ evidence: _, ...drill }) => drill) }
}

function create(server: ControlServer, request: wire.CertificationRequest): Certification {
  const { client = { name: 'client' }, seed = server.registry.seed, timeScale = 1, knownFailing = [] } = request
  checkJournal(server.registry.get(DEFAULT_SANDBOX))
  if (timeScale > 0 && !isFactor(timeScale))
    throw new Refusal('invalid', `timeScale must be 0 or at least ${FACTORS.min}`)
  const runs = selectedDrills(server, request).map(drill => new Run(drill))
  return server.certifications.add(server.registry, {
    client,
    seed,
    timeScale,
    knownFailing: new Set(knownFailing),
    runs,
  })
}

/** The certification, after ending the runs whose sandboxes no longer exist. Throws Refusal. */
function current(server: ControlServer, id: string): Certification {
  const certification = server.certifications.find(id)
  for (const run of certification.runs) run.endIfGone(server)
  noteEnd(certification)
  return certification
}

function noteEnd(certification: Certification): void {
  if (certification.runs.every(({ hasEnded }) => hasEnded)) certification.endedAt ??= hostNow()
}

function nextTask(context: Context, certification: Certification): wire.NextTask {
  if (certification.isInterrupted) {
    throw new Refusal('conflict', `certification "${certification.id}" was interrupted; create another one`)
  }
  const remaining = () => certification.runs.filter(({ isStarted }) => !isStarted).length
  for (const run of certification.runs) {
    if (run.isStarted) continue
    const options = optionsOf(certification, run)
    if (run.start(context, options)) return { task: run.taskFor(context, options), remaining: remaining() }
  }
  noteEnd(certification)
  return { task: null, remaining: 0 }
}

function optionsOf({ id, seed, timeScale }: Certification, { drill }: Run): RunOptions {
  return { sandbox: `${id}-${drill.id}`, seed, timeScale }
}

async function submit(
  server: ControlServer,
  certification: Certification,
  { drill, ...result }: wire.CertificationResult,
): Promise<ReportDrill> {
  const report = await runOf(certification, drill).finish(server, result)
  noteEnd(certification)
  return withExpectations(report, certification.knownFailing)
}

function interrupt(server: ControlServer, certification: Certification): void {
  if (certification.endedAt !== undefined) return
  for (const run of certification.runs) run.interrupt(server)
  certification.isInterrupted = true
  certification.endedAt = hostNow()
}

function remove(server: ControlServer, certification: Certification): void {
  interrupt(server, certification)
  server.certifications.remove(certification.id)
  // A client that still runs creates the sandbox of its run again.
  for (const run of certification.runs) {
    const { sandbox } = optionsOf(certification, run)
    if (server.registry.find(sandbox)) server.registry.drop(sandbox)
  }
}

/** Throws Refusal. */
function runOf({ id, runs }: Certification, drill: string): Run {
  const run = runs.find(each => each.drill.id === drill)
  if (run) return run
  throw new Refusal('missing', `certification "${id}" has no drill "${drill}"`)
}
