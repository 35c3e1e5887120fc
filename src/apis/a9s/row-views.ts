// a9s: the file of a backup, for people who look at the tables.
import type { RowView } from '../api.ts'
import { fileOf } from './archive.ts'
import * as service from './service.ts'
import { type Backup, findInstance } from './state.ts'

const backups: RowView<Backup> = {
  fileOf(sandbox, backup) {
    const instance = backup.status === 'done' ? findInstance(sandbox.store, backup.instanceId) : undefined
    return instance && (() => fileOf(sandbox, backup, service.storageIdOf(instance, backup)))
  },
}

export const rowViews = { backups }
