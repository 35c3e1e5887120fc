// arcgis: the list of its tables, and their migrations.
import { backups } from './state/backups.ts'
import { contentsFromRecord, ownSubjects } from './state/contents.ts'
import { items, itemTables } from './state/items.ts'
import { settings, settingsTable } from './state/settings.ts'
import { storeDetails, stores } from './state/stores.ts'
import { runs, tasks, taskTables } from './state/tasks.ts'
import { tokens, tokensWithoutExpiry, users } from './state/users.ts'

export * from './state/backups.ts'
export * from './state/items.ts'
export * from './state/settings.ts'
export * from './state/stores.ts'
export * from './state/tasks.ts'
export * from './state/users.ts'

export const tables = [users, tokens, stores, backups, items, settings, tasks, runs] as const

export const migrations = [
  `CREATE TABLE arcgisUser (username TEXT PRIMARY KEY, password TEXT NOT NULL, role TEXT NOT NULL,
     privileges TEXT NOT NULL) STRICT;
   CREATE TABLE arcgisToken (token TEXT PRIMARY KEY, username TEXT NOT NULL REFERENCES arcgisUser (username),
     expiresAt INTEGER NOT NULL) STRICT;
   CREATE INDEX arcgisTokenExpiry ON arcgisToken (expiresAt);
   CREATE TABLE arcgisStore (name TEXT PRIMARY KEY, isDefault INTEGER NOT NULL, volumeFull INTEGER NOT NULL) STRICT;
   CREATE TABLE arcgisBackup (storeName TEXT NOT NULL REFERENCES arcgisStore (name), name TEXT NOT NULL,
     jobId TEXT UNIQUE, passcodeHash TEXT, pinned INTEGER NOT NULL, record TEXT, UNIQUE (storeName, name)) STRICT;`,
  `CREATE INDEX arcgisBackupRetention ON arcgisBackup (record ->> '$.retentionDate') WHERE pinned = 0`,
  contentsFromRecord,
  storeDetails + settingsTable + taskTables + itemTables + ownSubjects,
  tokensWithoutExpiry,
]
