// arcgis: the items of the organization, which backups capture and restores bring back.
import { type Static, Type } from '@sinclair/typebox'
import type { Store } from '../../../sandbox/store.ts'
import { defineTable, Instant } from '../../../sandbox/tables.ts'

export const items = defineTable(
  'arcgisItem',
  'items',
  Type.Object({
    id: Type.String({ pattern: '^[0-9a-f]{32}$' }),
    owner: Type.String(),
    title: Type.String(),
    type: Type.String(),
    description: Type.String({ default: '' }),
    tags: Type.Array(Type.String(), { default: [] }),
    createdAt: Instant(),
    modifiedAt: Instant(),
  }),
)
export type Item = Static<typeof items.row>

export const itemTables = `
  CREATE TABLE arcgisItem (id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, type TEXT NOT NULL,
    description TEXT NOT NULL, tags TEXT NOT NULL, createdAt INTEGER NOT NULL, modifiedAt INTEGER NOT NULL) STRICT;
  ALTER TABLE arcgisBackup ADD COLUMN items TEXT;`

export function findItem(store: Store, id: string): Item | undefined {
  const raw = store.get<object>('SELECT * FROM arcgisItem WHERE id = ?', id)
  return raw && items.decode(raw)
}

/** In order of creation. */
export function listItems(store: Store): Item[] {
  return store.all<object>('SELECT * FROM arcgisItem ORDER BY rowid').map(items.decode)
}

export function insertItem(store: Store, item: Item): void {
  items.insert(store, item)
}

export function updateItem(store: Store, { id, title, type, description, tags, modifiedAt }: Item): void {
  const sql = 'UPDATE arcgisItem SET title = ?, type = ?, description = ?, tags = ?, modifiedAt = ? WHERE id = ?'
  store.run(sql, title, type, description, JSON.stringify(tags), modifiedAt, id)
}

export function deleteItem(store: Store, id: string): void {
  store.run('DELETE FROM arcgisItem WHERE id = ?', id)
}

/** Afterwards there are these items and no others. */
export function replaceItems(store: Store, all: readonly Item[]): void {
  store.run('DELETE FROM arcgisItem')
  for (const item of all) items.insert(store, item)
}
