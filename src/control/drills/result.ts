// Reads from the sandbox of a run what happened in it, for the rules to judge.
import type { Drill, Rule } from '../../../schemas/drills.ts'
import type { Api } from '../../apis/api.ts'
import { type Archive, digest } from '../../archives/archive.ts'
import { ApiError } from '../../http/errors.ts'
import { isoInstant } from '../../sandbox/clock/clock.ts'
import { exportDocument } from '../../sandbox/documents.ts'
import { limitOf } from '../../sandbox/faults/faults.ts'
import { spansOf } from '../../sandbox/faults/plans.ts'
import type { Entry } from '../../sandbox/journal/entry.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { instantOf } from '../instants.ts'
import { listJobs } from '../jobs/jobs.ts'
import { leftByClient } from '../state/cleanliness.ts'
import type { Call } from './calls.ts'
import type { Reported, RunResult } from './rules.ts'

interface Run {
  drill: Drill
  api: Api
  apis: readonly Api[]
  sandbox: Sandbox
}

/** The requests to the drill's API; undefined when the journal no longer holds all of the run. */
export function entriesOfRun({ drill, sandbox: { journal } }: Pick<Run, 'drill' | 'sandbox'>): Entry[] | undefined {
  const entries = journal.entries()
  return entries.length === journal.received ? entries.filter(({ api }) => api === drill.api) : undefined
}

/** `entries`: of the run. */
export async function resultOf(
  { drill, api, apis, sandbox }: Run,
  entries: readonly Entry[],
  reported: Reported,
): Promise<RunResult> {
  const startedAt = isoInstant(instantOf(drill.clock, 0))
  const result = {
    timeScale: sandbox.clock.setting.rate,
    calls: entries.map(callOf),
    // Jobs that were submitted before the start belong to the scenario.
    jobs: listJobs(sandbox).filter(job => job.api === drill.api && job.submittedAt >= startedAt),
    tables: exportDocument(sandbox, apis)[drill.api] as RunResult['tables'],
    faults: sandbox.faults.list().map(rule => ({ ...rule, limit: limitOf(rule) })),
    stages: sandbox.faults.plans.list().flatMap(spansOf),
    // Faults and job rules were armed by the drill, not by its client.
    problems: leftByClient(sandbox, sandbox.settle()),
    reported,
  }
  const wantsFile = drill.requirements.some(({ rule }) => wantsFileFor(rule))
  return { ...result, file: wantsFile ? await lastFile(entries, api, sandbox) : undefined }
}

/** Faults that only make the client wait for its response. */
const UNCHANGED = new Set(['delay', 'hold', 'stall', 'dribble'])

function callOf(entry: Entry): Call {
  const { id, operation = 'an unknown operation', path, virtualAt: at, trace, answer } = entry
  return {
    id,
    operation,
    path: path.replace(/\?.*/s, ''),
    at,
    status: answer?.status,
    error: trace.failure?.name,
    fault: trace.fault?.id,
    isChangedByFault: trace.fault !== undefined && !UNCHANGED.has(trace.fault.fault),
    body: answer && jsonOf(answer.body.bytes()),
    matches: pattern => pattern.matches(entry),
  }
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString())
  } catch {
    return undefined
  }
}

function wantsFileFor(rule: Rule): boolean {
  return rule.rule === 'if-success' ? rule.rules.some(wantsFileFor) : rule.rule === 'file'
}

/** The file that the client downloaded last, whole or in part, with the SHA-256 of the whole. */
async function lastFile(entries: readonly Entry[], api: Api, sandbox: Sandbox): Promise<RunResult['file']> {
  for (const { id, path, answer } of entries.toReversed()) {
    if (answer?.status !== 200 && answer?.status !== 206) continue
    const archive = await archiveAt(api, sandbox, path)
    if (!archive || archive.mediaType !== answer.headers['content-type']) continue
    return { name: archive.fileName, sha256: await digest(archive, 'sha256'), call: { id } }
  }
  return undefined
}

/** Undefined when the URL has no archive, or no longer has one. */
async function archiveAt(api: Api, sandbox: Sandbox, url: string): Promise<Archive | undefined> {
  try {
    return (await api.fileAt?.(sandbox, url))?.archive
  } catch (error) {
    if (error instanceof ApiError) return undefined
    throw error
  }
}
