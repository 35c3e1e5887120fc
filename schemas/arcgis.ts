// ArcGIS Enterprise Administrator API: the wire contract, as the vendor documents it.
export * from './arcgis/backups.ts'
export * from './arcgis/common.ts'
export * from './arcgis/jobs.ts'
export * from './arcgis/tokens.ts'
