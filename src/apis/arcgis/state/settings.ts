// arcgis: the disaster recovery settings; at most one row.
import { type Static, Type } from '@sinclair/typebox'
import type { Store } from '../../../sandbox/store.ts'
import { defineTable, Instant, Nullable } from '../../../sandbox/tables.ts'
import { StorageVolume } from './stores.ts'

export const settings = defineTable(
  'arcgisSettings',
  'settings',
  Type.Object({
    stagingVolume: Nullable(StorageVolume),
    stagingUpdatedAt: Nullable(Instant()),
    timeoutSeconds: Nullable(Type.Integer({ minimum: 1, description: 'After which backups are cancelled' })),
  }),
)
export type Settings = Static<typeof settings.row>

export const settingsTable = `
  CREATE TABLE arcgisSettings (stagingVolume TEXT, stagingUpdatedAt INTEGER, timeoutSeconds INTEGER) STRICT;`

export function readSettings(store: Store): Settings {
  const raw = store.get<object>('SELECT * FROM arcgisSettings')
  return raw ? settings.decode(raw) : { stagingVolume: null, stagingUpdatedAt: null, timeoutSeconds: null }
}

export function saveSettings(store: Store, row: Settings): void {
  store.run('DELETE FROM arcgisSettings')
  settings.insert(store, row)
}
