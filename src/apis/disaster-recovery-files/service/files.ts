// disaster-recovery-files: the rules for files: generation, expiry, status. Synchronous; throws from the catalogue.
import { type Static, Type } from '@sinclair/typebox'
import type { DisasterRecoveryFileQuery } from '../../../../schemas/disaster-recovery-files.ts'
import { literals } from '../../../../schemas/literals.ts'
import type { Scope } from '../../../http/scope.ts'
import { parseInstant } from '../../../sandbox/clock/clock.ts'
import { DAY_MS } from '../../../sandbox/clock/durations.ts'
import type { ScheduleKind } from '../../../sandbox/jobs/kinds.ts'
import type { Sandbox } from '../../../sandbox/sandbox.ts'
import { StoreError } from '../../../sandbox/store-error.ts'
import { catalogue } from '../errors.ts'
import { expiryOf, fileKinds, idOf, kindNames, nextGeneration } from '../file-kinds.ts'
import { API } from '../options.ts'
import * as state from '../state.ts'

/** Time until a new file is in backup storage; invented. */
const SAVING_MS = 600_000

/** How far back the files of a new sandbox go: far enough that each kind has been generated at least once. */
const HISTORY_DAYS = { daily: 8, weekly: 8, monthly: 31 }

export const GENERATION = 'generation'

const GenerationSubject = Type.Object({ kind: literals(kindNames) })
type GenerationSubject = Static<typeof GenerationSubject>

/** Generates one kind of file on schedule, and each time deletes the expired files of that kind. */
export const generation: ScheduleKind<GenerationSubject> = {
  subject: GenerationSubject,
  next: ({ kind }, after) => nextGeneration(kind, after),
  run({ store }, { kind }, at) {
    state.deleteExpired(store, kind, at)
    const id = idOf(kind, at)
    // The fixture may already contain the file of that day.
    if (state.isGenerated(store, id, kind, at)) return
    const file = { id, kind, generatedAt: at, expiresAt: expiryOf(kind, at), savedAt: at + SAVING_MS }
    state.insertFile(store, { ...file, downloadedAt: null, pinned: false, sizeBytes: null })
  },
}

/** Schedules the generation of every kind, starting some days before `at` (epoch ms). */
export function seed({ jobs }: Sandbox, at: number): void {
  for (const kind of kindNames) {
    const subject: GenerationSubject = { kind }
    const dueAt = nextGeneration(kind, at - HISTORY_DAYS[fileKinds[kind].cadence] * DAY_MS)
    jobs.arm({ api: API, id: kind, kind: GENERATION, subject, dueAt })
  }
}

/** Files that have not expired, by ascending id. Throws InvalidRequest. */
export function listFiles({ sandbox, now }: Scope, query: DisasterRecoveryFileQuery): state.RecoveryFile[] {
  const { limit, offset, idAfter, createdSince, updatedSince } = query
  return state.listFiles(sandbox.store, {
    now,
    limit,
    offset,
    idAfter,
    createdSince: sinceOf('createdSince', createdSince),
    updatedSince: sinceOf('updatedSince', updatedSince),
  })
}

function sinceOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const instant = parseInstant(text, 0)
  if (instant === undefined) {
    throw catalogue.error('InvalidRequest', {
      message: `The field ${name} is not valid: "${text}" is not a date or time that exists.`,
    })
  }
  return instant
}

/** Throws FileNotFound, also for a file that expires at this instant or earlier. */
export function getFile({ sandbox, now }: Pick<Scope, 'sandbox' | 'now'>, id: string): state.RecoveryFile {
  const file = /^[1-9]\d{0,14}$/.test(id) ? state.findFile(sandbox.store, Number(id)) : undefined
  if (!file || file.expiresAt <= now) throw catalogue.error('FileNotFound')
  return file
}

export type StatusFlag = 'Saved' | 'Downloaded'

/** The status flags of a file at `now` (epoch ms). */
export function statusOf({ savedAt, downloadedAt }: state.RecoveryFile, now: number): StatusFlag[] {
  return [
    ...(savedAt !== null && savedAt <= now ? (['Saved'] as const) : []),
    ...(downloadedAt !== null ? (['Downloaded'] as const) : []),
  ]
}

/** The bytes from `start` (inclusive) to `end` (exclusive). */
export type Part = Pick<state.SentPart, 'start' | 'end'>

/** The maximum number of separate parts that are stored for a file; further ones are not recorded. */
const MAX_SENT_PARTS = 1000

/**
 * Records that a part of the file was sent. The file has been downloaded when all of its bytes have been sent, in one part or
 * in several. The sandbox may have been closed during the transfer.
 */
export function noteSent({ sandbox }: Scope, { id }: state.RecoveryFile, part: Part, sizeBytes: number): void {
  if (!sandbox.store.open || part.start >= part.end) return
  try {
    addPart(sandbox, id, part, sizeBytes)
  } catch (error) {
    // The response has ended. The next request reports that the data file cannot be written.
    if (!(error instanceof StoreError)) throw error
  }
}

function addPart(sandbox: Sandbox, fileId: number, part: Part, sizeBytes: number): void {
  const { store } = sandbox
  const now = sandbox.settle()
  // Settling may have deleted the file, which expired during the transfer.
  if (!state.findFile(store, fileId)) return
  const isWhole = part.start === 0 && part.end >= sizeBytes
  if (!isWhole && state.countSentParts(store, fileId) >= MAX_SENT_PARTS) return
  store.transaction(() => {
    const { start, end } = state.addSentPart(store, { fileId, ...part })
    if (start > 0 || end < sizeBytes) return
    state.setDownloaded(store, fileId, now)
    state.deleteSentParts(store, fileId)
  })
}
