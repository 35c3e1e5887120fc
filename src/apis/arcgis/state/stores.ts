// arcgis: the backup stores.
import { type Static, Type } from '@sinclair/typebox'
import type { Store } from '../../../sandbox/store.ts'
import { defineTable } from '../../../sandbox/tables.ts'

export const stores = defineTable(
  'arcgisStore',
  'stores',
  Type.Object({
    name: Type.String({ minLength: 1 }),
    isDefault: Type.Boolean({ default: false }),
    volumeFull: Type.Boolean({ default: false, description: 'Backups into it fail' }),
  }),
)
export type BackupStore = Static<typeof stores.row>

export function findStore(store: Store, name: string): BackupStore | undefined {
  const raw = store.get<object>('SELECT * FROM arcgisStore WHERE name = ?', name)
  return raw && stores.decode(raw)
}

export function listFullStores(store: Store): BackupStore[] {
  return store.all<object>('SELECT * FROM arcgisStore WHERE volumeFull = 1 ORDER BY rowid').map(stores.decode)
}
