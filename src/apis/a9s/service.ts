// a9s: its rules, by subject in service/.
export * from './service/access.ts'
export { findStoredBackup, storageIdOf } from './service/backup-lookup.ts'
export * from './service/backups.ts'
export * from './service/instances.ts'
export * from './service/prepare.ts'
export * from './service/restores.ts'
