// arcgis: the list of its tables, and their migrations.
import { backups } from './state/backups.ts'
import { contentsFromRecord } from './state/contents.ts'
import { stores } from './state/stores.ts'
import { tokens, users } from './state/users.ts'

export * from './state/backups.ts'
export * from './state/stores.ts'
export * from './state/users.ts'

export const tables = [users, tokens, stores, backups] as const

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
]
