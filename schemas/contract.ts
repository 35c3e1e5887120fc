// The names of the APIs and of their operations. Generated from the routes by `npm run generate`; do not edit.

export type ApiName = 'a9s' | 'arcgis' | 'disaster-recovery-files' | 'dscloud'

export type OperationId =
  | 'createBackup'
  | 'downloadApplicationBackup'
  | 'generateToken'
  | 'getDisasterRecoveryFile'
  | 'getJob'
  | 'getJobByPost'
  | 'getRestore'
  | 'listApplicationBackups'
  | 'listBackups'
  | 'listBackupsByPost'
  | 'listDisasterRecoveryFiles'
  | 'listJobs'
  | 'listJobsByPost'
  | 'listRestores'
  | 'performDisasterRecovery'
  | 'prepareDisasterRecovery'
