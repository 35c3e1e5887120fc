// disaster-recovery-files: who may see which files, and how they come and go. Synchronous; throws from the catalogue.
import { type Static, Type } from '@sinclair/typebox'
import type { DisasterRecoveryFileQuery } from '../../../schemas/disaster-recovery-files.ts'
import type { Scope } from '../../http/scope.ts'
import { parseInstant } from '../../sandbox/clock/clock.ts'
import { DAY_MS } from '../../sandbox/clock/durations.ts'
import type { ScheduleKind } from '../../sandbox/jobs/kinds.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { catalogue } from './errors.ts'
import { expiryOf, fileKinds, idOf, kindNames, nextGeneration } from './kinds.ts'
import * as state from './state.ts'

export const API = 'disaster-recovery-files'

/** How long a new file takes to reach the backup storage; invented. */
const SAVING_MS = 600_000

/** How far back a fresh sandbox's files go: every kind has been generated at least once. */
const HISTORY_DAYS = { daily: 8, weekly: 8, monthly: 31 }

export const GENERATION = 'generation'

const GenerationSubject = Type.Object({ kind: Type.Union(kindNames.map(kind => Type.Literal(kind))) })
type GenerationSubject = Static<typeof GenerationSubject>

/** Generates one kind of file again and again, and with each new one sweeps away those that have expired. */
export const generation: ScheduleKind<GenerationSubject> = {
  subject: GenerationSubject,
  next: ({ kind }, after) => nextGeneration(kind, after),
  run({ store }, { kind }, at) {
    state.sweep(store, kind, at)
    const id = idOf(kind, at)
    // A file of the fixture can be that day's.
    if (state.isGenerated(store, id, kind, at)) return
    const file = { id, kind, generatedAt: at, expiresAt: expiryOf(kind, at), savedAt: at + SAVING_MS }
    state.insertFile(store, { ...file, downloadedAt: null, pinned: false })
  },
}

/** Arms the generation of every kind, from some days before `at` (epoch ms) on. */
export function seed({ jobs }: Sandbox, at: number): void {
  for (const kind of kindNames) {
    const subject: GenerationSubject = { kind }
    const dueAt = nextGeneration(kind, at - HISTORY_DAYS[fileKinds[kind].cadence] * DAY_MS)
    jobs.arm({ api: API, id: kind, kind: GENERATION, subject, dueAt })
  }
}

/** Who calls, and may they read anything here? Throws Unauthorized or NoApiAccess. */
export function authenticate({ sandbox }: Scope, token: string | undefined): state.Key {
  const key = token === undefined ? undefined : state.findKey(sandbox.store, token)
  if (!key) throw catalogue.error('Unauthorized', { headers: { 'www-authenticate': 'Bearer' } })
  if (!key.apiRead) throw catalogue.error('NoApiAccess')
  return key
}

/** Throws NoDownloadAccess. */
export function requireDownloadAccess({ downloadAccess }: state.Key): void {
  if (!downloadAccess) throw catalogue.error('NoDownloadAccess')
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
    throw catalogue.error('InvalidRequest', { message: `The field ${name} is not valid: there is no moment ${text}.` })
  }
  return instant
}

/** Throws FileNotFound: expired is not found, and from the very instant on. */
export function getFile({ sandbox, now }: Pick<Scope, 'sandbox' | 'now'>, id: string): state.RecoveryFile {
  const file = /^[1-9]\d{0,14}$/.test(id) ? state.findFile(sandbox.store, Number(id)) : undefined
  if (!file || file.expiresAt <= now) throw catalogue.error('FileNotFound')
  return file
}

export type StatusFlag = 'Saved' | 'Downloaded'

/** What has happened to a file by `now` (epoch ms). */
export function statusOf({ savedAt, downloadedAt }: state.RecoveryFile, now: number): StatusFlag[] {
  return [
    ...(savedAt !== null && savedAt <= now ? (['Saved'] as const) : []),
    ...(downloadedAt !== null ? (['Downloaded'] as const) : []),
  ]
}

/** A client has got all of the file: the sandbox may have been reset while it was sent. */
export function noteDownload({ sandbox }: Scope, { id }: state.RecoveryFile): void {
  if (sandbox.store.open) state.setDownloaded(sandbox.store, id, sandbox.settle())
}
