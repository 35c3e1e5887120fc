// a9s: its tables and the only SQL on them, by subject in state/.
export * from './state/backups.ts'
export * from './state/instances.ts'
export * from './state/restores.ts'
export { type Backup, type Instance, migrations, type Restore, tables } from './state/tables.ts'
