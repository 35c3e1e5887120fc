// Schemas of the a9s Public API V1, by subject in a9s/.
export * from './a9s/backups.ts'
export * from './a9s/instances.ts'
export * from './a9s/recovery.ts'
export * from './a9s/restores.ts'
