// Collects the evidence of a run: its requests as HAR, the stages of each request in virtual time, and the state.
import { gunzipSync, gzipSync } from 'node:zlib'
import type { Drill } from '../../../schemas/drills.ts'
import type { DrillEvidence, TimedTrace } from '../../../schemas/evidence.ts'
import { isoInstant } from '../../sandbox/clock/clock.ts'
import { exportDocument } from '../../sandbox/documents.ts'
import type { Entry } from '../../sandbox/journal/entry.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import type { ControlServer } from '../invoke.ts'
import { explain } from '../journal/explain.ts'
import { harOf } from '../journal/har.ts'
import { redactionFor } from './redaction.ts'

/** The state of the sandbox as far as the drill is about it, without secrets. */
export function stateOf(sandbox: Sandbox, drill: Drill, { apis }: ControlServer): DrillEvidence['before'] {
  const isOfDrill = ({ api }: Record<string, unknown>) => api === drill.api
  const document = exportDocument(
    sandbox,
    apis.filter(({ name }) => name === drill.api),
  )
  const ofDrill = (rows: unknown) => (rows as Record<string, unknown>[]).filter(isOfDrill)
  const { jobs, schedules } = document
  return redactionFor(drill).value({ ...document, jobs: ofDrill(jobs), schedules: ofDrill(schedules) })
}

/** `startedAt`: in virtual time, epoch ms. */
export function traceOf(sandbox: Sandbox, { id }: Drill, startedAt: number, { operations }: ControlServer): TimedTrace {
  const entries = sandbox.journal.entries()
  const call = (entry: Entry, index: number): TimedTrace['calls'][number] => {
    const { request, verdict, checks } = explain(entry, operations, sandbox.name)
    const at = entry.virtualAt
    const times = { afterMs: at - startedAt, waitMs: at - (entries[index - 1]?.virtualAt ?? startedAt) }
    return { id: entry.id, at: isoInstant(at), ...times, request, verdict, checks }
  }
  return { drill: id, sandbox: sandbox.name, startedAt: isoInstant(startedAt), calls: entries.map(call) }
}

export function requestsOf({ journal }: Sandbox): DrillEvidence['har'] {
  return harOf(journal.entries())
}

/** Evidence is kept compressed until it is asked for: that of one run can be several MB of JSON. */
export function packed(evidence: DrillEvidence): Buffer {
  return gzipSync(JSON.stringify(evidence), { level: 1 })
}

export function unpacked(evidence: Buffer): DrillEvidence {
  return JSON.parse(gunzipSync(evidence).toString())
}
