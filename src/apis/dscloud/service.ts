// DS Cloud: the rules of listing and downloading application backups. Throws from the catalogue.
import type { Archive } from '../../archives/archive.ts'
import type { ApiError } from '../../http/errors.ts'
import type { Scope } from '../../http/scope.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { archiveOf, keyOf } from './archive.ts'
import { catalogue } from './errors.ts'
import * as state from './state.ts'

export const API = 'dscloud'

const PLANS_WITH_BACKUPS: ReadonlySet<string> = new Set(['Silver', 'Titanium', 'Essential'])

/** The account that the API key belongs to: the scope's `principal`. Throws ACCESS_DENIED. */
export function authenticate({ sandbox }: Scope, apiKey: string | undefined): state.Account {
  const account = apiKey === undefined ? undefined : state.findAccount(sandbox.store, apiKey)
  if (!account) throw catalogue.error('ACCESS_DENIED')
  return account
}

/**
 * The backups of an app, oldest first, each with its key. The plan is checked before the app, because it applies to the whole
 * route. The store is read before anything is awaited, so that all rows are from the same moment.
 */
export async function listBackups({ sandbox, principal }: Scope, appId: string): Promise<state.Backup[]> {
  const { accountId, plan } = principal as state.Account
  if (!PLANS_WITH_BACKUPS.has(plan)) throw catalogue.error('UPGRADE_REQUIRED')
  const app = state.findApp(sandbox.store, appId)
  if (app?.accountId !== accountId) throw catalogue.error('APP_NOT_FOUND')
  const backups = state.listBackups(sandbox.store, appId)
  return Promise.all(
    backups.map(async backup => (backup.successful ? { ...backup, key: await keyOf(sandbox, app, backup) } : backup)),
  )
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
