// All that goes over the wire, of every API and of the control API: TypeBox schemas and their types.
export * from './a9s.ts'
export * from './arcgis.ts'
export * from './control.ts'
export * from './disaster-recovery-files.ts'
export * from './drills.ts'
export * from './dscloud.ts'
