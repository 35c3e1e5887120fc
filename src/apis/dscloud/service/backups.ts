// dscloud: the rules of listing and downloading the backups of apps. Throws from the catalogue.
import type { Archive } from '../../../archives/archive.ts'
import type { ApiError } from '../../../http/errors.ts'
import type { Scope } from '../../../http/scope.ts'
import type { Sandbox } from '../../../sandbox/sandbox.ts'
import { keyOf } from '../archive/key.ts'
import { archiveOf } from '../archive.ts'
import { catalogue } from '../errors.ts'
import { API } from '../options.ts'
import * as state from '../state.ts'
import { accountOf, planOf, requireApp } from './apps.ts'

/**
 * The app. The plan is checked before the app, because it applies to the whole route. Throws UPGRADE_REQUIRED and APP_NOT_FOUND.
 */
export function requireAppWithBackups(scope: Scope, appId: string): state.App {
  if (!planOf(scope.sandbox, accountOf(scope)).backups) throw catalogue.error('UPGRADE_REQUIRED')
  return requireApp(scope, appId)
}

/**
 * The backups of an app, oldest first, each with its key: a promise if a key has to be computed. The store is read before anything is awaited, so that all rows are from
 * the same moment.
 */
export function listBackups(scope: Scope, appId: string): state.Backup[] | Promise<state.Backup[]> {
  const app = requireAppWithBackups(scope, appId)
  const backups = state.listBackups(scope.sandbox.store, appId).map(backup => polled(scope, backup))
  return backups.some(lacksKey) ? Promise.all(backups.map(backup => withKey(scope.sandbox, app, backup))) : backups
}

function lacksKey({ successful, key }: state.Backup): boolean {
  return successful && key === null
}

async function withKey(sandbox: Sandbox, app: state.App, backup: state.Backup): Promise<state.Backup> {
  return lacksKey(backup) ? { ...backup, key: await keyOf(sandbox, app, backup) } : backup
}

/** With progression `polls:N` each list counts as a poll of the backups that are being made. */
function polled({ sandbox: { jobs, store }, now }: Scope, backup: state.Backup): state.Backup {
  const job = backup.successful || backup.jobId === null ? undefined : jobs.find(API, backup.jobId)
  if (!job || jobs.poll(job, now) === job) return backup
  jobs.settle(now)
  return state.findBackup(store, job.id) ?? backup
}

const FILE = /^([^_]+)_(.+)\.zip$/s

/** The zip of the backup with that key. Throws BACKUP_NOT_FOUND, BACKUP_DATA_NOT_FOUND or WRONG_KEY. */
export async function openBackup(
  { sandbox, trace }: Pick<Scope, 'sandbox'> & Partial<Pick<Scope, 'trace'>>,
  file: string,
  key: string | undefined,
): Promise<Archive> {
  const [, accountId = '', name = ''] = FILE.exec(file) ?? []
  const backups = state.listBackupsNamed(sandbox.store, accountId, name)
  if (backups.length === 0) throw catalogue.error('BACKUP_NOT_FOUND')
  const candidates = backups
    .filter(({ successful }) => successful)
    .map(backup => [appOf(sandbox, backup), backup] as const)
  if (candidates.length === 0) throw catalogue.error('BACKUP_DATA_NOT_FOUND')
  trace?.enter('authentication')
  for (const [app, backup] of candidates) {
    if ((await keyOf(sandbox, app, backup)) === key) {
      trace?.enter('rules')
      return archiveOf(sandbox, app, backup)
    }
  }
  throw catalogue.error('WRONG_KEY')
}

function appOf({ store }: Sandbox, { appId }: state.Backup): state.App {
  const app = state.findApp(store, appId)
  if (!app) throw new RangeError(`no app ${appId}`)
  return app
}

/** The error for a failed precondition or an unsatisfiable range. */
export function refuseDownload(status: 412 | 416): ApiError {
  return catalogue.error(status === 412 ? 'PRECONDITION_FAILED' : 'RANGE_NOT_SATISFIABLE')
}
