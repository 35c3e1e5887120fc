// The data that Firedrill and the baseline both serve: Firedrill exports it, the baseline writes it to its own tables.

/** Instants are in ISO 8601. */
export interface Data {
  state: {
    jobs: JobData[]
    schedules: { dueAt: string }[]
    'disaster-recovery-files': {
      users: { username: string; apiKey: string | null; apiRead: boolean }[]
      sessions: { token: string; username: string; expiresAt: string }[]
      files: FileData[]
    }
    a9s: { tokens: { token: string }[]; instances: InstanceData[]; backups: BackupData[]; restores: RestoreData[] }
    dscloud: { plans: PlanData[]; accounts: AccountData[]; apps: AppData[]; backups: AppBackupData[] }
    arcgis: { users: { username: string; password: string; privileges: string[] }[] }
  }
  /** What Firedrill answers where its state has less than the answer. */
  answers: {
    files: { id: string; filename: string }[]
    stores: { name: string }[]
    backups: { backupName: string }[]
    tasks: { id: string }[]
    items: { id: string; title: string }[]
  }
  /** The style sheets of the HTML pages. */
  styles: { files: string; stores: string }
}

export interface JobData {
  api: string
  id: string
  kind: string
  subject: { username?: string; operationUri?: string }
  submittedAt: string
  phases: { name: string; endAt: string }[]
  ending: { state: string; reason?: string }
}
export interface FileData {
  id: number
  generatedAt: string
  expiresAt: string
  savedAt: string | null
  downloadedAt: string | null
}
export interface InstanceData {
  id: string
  backupGuid: string
  deleted: boolean
  foreign: boolean
  minEncryptionKeyLength: number
  retentionDays: number
  minBackupCount: number
  excludeFromAutoBackup: boolean
  name: string
  state: string
  createdAt: string
  updatedAt: string | null
  serviceId: string
  planId: string
  tenant: { id: string; name: string }
  subtenant: { id: string; name: string }
  urls: string[]
  availableUpdates: string[]
  dataSet: string
  rowCount: number
  rowCountAt: string | null
  rowsPerHour: number
}
export interface BackupData {
  instanceId: string
  id: number
  status: string
  rowCount: number
  triggeredAt: string
  startedAt: string
  finishedAt: string
}
export interface RestoreData {
  instanceId: string
  id: number
  backupId: number
  restoredFrom: string
  jobId: string
}
export interface PlanData {
  name: string
  memoryMb: number
}
export interface AccountData {
  apiKey: string
  accountId: string
  plan: string
  name: string
  email: string
}
export interface AppData {
  id: string
  accountId: string
  name: string
  cluster: string
  memoryMb: number
  language: string
  domain: string | null
  customDomain: string | null
}
export interface AppBackupData {
  appId: string
  name: string
  successful: boolean
  sizeBytes: number
  key: string
  createdAt: string
  modifiedAt: string
  utcOffsetMinutes: number
}

export function isoSeconds(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`
}

export function isoMs(instant: number): string {
  return new Date(instant).toISOString()
}

export function instantOrNull(text: string | null): number | null {
  return text === null ? null : Date.parse(text)
}
