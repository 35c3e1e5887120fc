// Reads from the sandbox of a run what happened in it, for the rules to judge.
import type { Drill, DrillVerdictRequest } from '../../../schemas/drills.ts'
import type { Api } from '../../apis/api.ts'
import { type Archive, digest } from '../../archives/archive.ts'
import { ApiError } from '../../http/errors.ts'
import { isoInstant } from '../../sandbox/clock/clock.ts'
import { exportDocument } from '../../sandbox/documents.ts'
import type { Entry } from '../../sandbox/journal/entry.ts'
import { Refusal } from '../../sandbox/refusal.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { listFaults } from '../faults/faults.ts'
import { instantOf } from '../instants.ts'
import { listJobs } from '../jobs/jobs.ts'
import { leftByClient } from '../state/cleanliness.ts'
import type { Call } from './calls.ts'
import type { RunResult } from './goals.ts'

interface Run {
  drill: Drill
  api: Api
  apis: readonly Api[]
  sandbox: Sandbox
}

/** Throws Refusal when the journal does not hold all of the run. */
export async function resultOf({ drill, api, apis, sandbox }: Run, reported: DrillVerdictRequest): Promise<RunResult> {
  const entries = wholeJournal(sandbox)
  const own = entries.filter(({ api }) => api === drill.api)
  const startedAt = isoInstant(instantOf(drill.clock, 0))
  const result = {
    calls: own.map(callOf),
    // Jobs that were submitted before the start belong to the scenario.
    jobs: listJobs(sandbox).filter(job => job.api === drill.api && job.submittedAt >= startedAt),
    tables: exportDocument(sandbox, apis)[drill.api] as RunResult['tables'],
    faults: listFaults(sandbox),
    // Faults and job rules were armed by the drill, not by its client.
    problems: leftByClient(sandbox, sandbox.settle()),
    reported,
  }
  const wantsFile = drill.goal.some(({ rule }) => rule === 'file')
  return { ...result, file: wantsFile ? await lastFile(own, api, sandbox) : undefined }
}

function wholeJournal({ journal }: Sandbox): Entry[] {
  const entries = journal.entries()
  if ((entries.at(-1)?.sequence ?? 0) === entries.length) return entries
  throw new Refusal('conflict', 'The journal no longer has the beginning of the run; start the drill again')
}

function callOf({ operation = 'an unknown operation', path, virtualAt: at, trace, answer }: Entry): Call {
  return {
    operation,
    path: path.replace(/\?.*/s, ''),
    at,
    status: answer?.status,
    error: trace.failure?.name,
    isChangedByFault: trace.fault !== undefined && trace.fault.fault !== 'delay',
    body: answer && jsonOf(answer.body.bytes()),
  }
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString())
  } catch {
    return undefined
  }
}

/** The file that the client downloaded last, whole or in part, with the SHA-256 of the whole. */
async function lastFile(entries: readonly Entry[], api: Api, sandbox: Sandbox): Promise<RunResult['file']> {
  for (const { path, answer } of entries.toReversed()) {
    if (answer?.status !== 200 && answer?.status !== 206) continue
    const archive = await archiveAt(api, sandbox, path)
    if (!archive || archive.mediaType !== answer.headers['content-type']) continue
    return { name: archive.fileName, sha256: await digest(archive, 'sha256') }
  }
  return undefined
}

/** Undefined when the URL has no archive, or no longer has one. */
async function archiveAt(api: Api, sandbox: Sandbox, url: string): Promise<Archive | undefined> {
  try {
    return await api.archiveAt?.(sandbox, url)
  } catch (error) {
    if (error instanceof ApiError) return undefined
    throw error
  }
}
