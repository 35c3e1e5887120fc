// a9s: the overview of an instance, what it holds, and its backup configuration. Synchronous; throws errors of the catalogue.
import type { Scope } from '../../../http/scope.ts'
import * as state from '../state.ts'
import { requireUsableInstance } from './access.ts'
import { requireKeyLength } from './keys.ts'

const HOUR_MS = 3_600_000

/** The first `rowCount` rows of a data set. */
export type Data = Pick<state.Instance, 'dataSet' | 'rowCount'>

/** What the instance holds at `at` (epoch ms). */
export function dataAt(instance: state.BackedUpInstance, at: number): Data {
  const { dataSet, rowCount, rowCountAt, rowsPerHour, createdAt } = instance
  const elapsedMs = Math.max(at - (rowCountAt ?? createdAt), 0)
  return { dataSet, rowCount: rowCount + Math.floor((elapsedMs / HOUR_MS) * rowsPerHour) }
}

export interface Overview {
  instance: ReturnType<typeof state.readInstance>
  data: Data
}

export function readOverview(scope: Scope, id: string): Overview {
  const { id: knownId } = requireUsableInstance(scope, id)
  const instance = state.readInstance(scope.sandbox.store, knownId)
  return { instance, data: dataAt(instance, scope.now) }
}

export function readBackupConfig(
  scope: Scope,
  id: string,
): state.Retention & Pick<state.InstanceAccess, 'minEncryptionKeyLength'> {
  const { id: knownId, minEncryptionKeyLength } = requireUsableInstance(scope, id)
  return { ...state.readRetention(scope.sandbox.store, knownId), minEncryptionKeyLength }
}

export interface BackupConfigChange {
  encryptionKey?: string | undefined
  excludeFromAutoBackup?: boolean | undefined
}

/** A given key replaces that of the instance for later backups. */
export function changeBackupConfig(scope: Scope, id: string, change: BackupConfigChange): void {
  const { store } = scope.sandbox
  const instance = requireUsableInstance(scope, id)
  const { encryptionKey, excludeFromAutoBackup } = change
  if (encryptionKey !== undefined) requireKeyLength(instance, encryptionKey)
  store.transaction(() => {
    if (encryptionKey !== undefined) state.setEncryptionKey(store, instance.id, encryptionKey)
    if (excludeFromAutoBackup !== undefined) state.setExcludeFromAutoBackup(store, instance.id, excludeFromAutoBackup)
  })
}
