// Exports the TypeBox schemas and types of the four APIs and of the control API.
export * from './a9s.ts'
export * from './arcgis.ts'
export * from './control.ts'
export * from './disaster-recovery-files.ts'
export * from './drills.ts'
export * from './dscloud.ts'
export * from './report.ts'
