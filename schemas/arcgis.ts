// ArcGIS Enterprise Administrator API: the wire contract, as the vendor documents it.
export * from './arcgis/backups.ts'
export * from './arcgis/common.ts'
export * from './arcgis/items.ts'
export * from './arcgis/jobs.ts'
export * from './arcgis/recovery.ts'
export * from './arcgis/stores.ts'
export * from './arcgis/tasks.ts'
export * from './arcgis/tokens.ts'
