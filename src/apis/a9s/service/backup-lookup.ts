// a9s: finds backups by their number within an instance and by their id in the storage.
import type { Scope } from '../../../http/scope.ts'
import type { Store } from '../../../sandbox/store.ts'
import { catalogue } from '../errors.ts'
import * as state from '../state.ts'

/** The backup of the instance with that number. Throws NotFound with the message. */
export function requireBackup({ sandbox }: Scope, instanceId: string, backupId: string, message: string): state.Backup {
  const id = /^\d{1,15}$/.test(backupId) ? Number(backupId) : 0
  const backup = state.findBackup(sandbox.store, instanceId, id)
  if (!backup) throw catalogue.error('NotFound', { message })
  return backup
}

/** `<guid>-<epoch ms>` */
export function storageIdOf({ backupGuid }: Pick<state.Instance, 'backupGuid'>, backup: state.Backup): string {
  return `${backupGuid}-${backup.storedAt ?? backup.triggeredAt}`
}

const STORAGE_ID = /^(.+)-(\d{10,16})$/

/** The restorable backup with that id in the storage. */
export function findStoredBackup(store: Store, storageId: string): state.Backup | undefined {
  const [, guid, storedAt] = STORAGE_ID.exec(storageId) ?? []
  return guid === undefined ? undefined : state.findBackupOf(store, guid, Number(storedAt))
}

/** `<guid>` means the latest restorable backup of that GUID, `<guid>-<epoch ms>` one backup. Throws NotFound. */
export function requireRestorableBackup({ sandbox: { store } }: Scope, backupGuid: string): state.Backup {
  const backup = state.findLatestBackup(store, backupGuid) ?? findStoredBackup(store, backupGuid)
  if (!backup) throw catalogue.error('NotFound', { message: `The backup ${backupGuid} was not found.` })
  return backup
}
