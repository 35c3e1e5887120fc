// The operations that are measured, as the requests that a client sends.

export interface Request {
  path: string
  method?: 'GET' | 'POST' | 'DELETE'
  headers?: Record<string, string>
  /** `{n}` stands for a number that no other request of the same server has. */
  body?: string
}

export interface Operation {
  name: string
  /** Only JSON has a goal. */
  media: 'JSON' | 'HTML'
  /** Whether each request adds rows. */
  adds: boolean
  /** Sent in turn. */
  requests: Request[]
}

const JSON_BODY = { 'content-type': 'application/json' }
const FORM_BODY = { 'content-type': 'application/x-www-form-urlencoded' }
const PASSWORD = 'username=siteadmin&password=siteadmin.pass1&client=requestip&f=json'

const FILES = '/backend/api/v1/disasterRecoveryFiles/'
const FILES_KEY = { authorization: 'Bearer YOUR_API_KEY' }
const A9S_TOKEN = { authorization: 'bearer demo-token' }
const INSTANCE = '/v1/instances/10000000-0000-4000-8000-000000000001'
const DSCLOUD_KEY = { authorization: '23457145698959364-demo' }
const APP = '/v3/apps/64d0c750212742ca8704fb458c9771af'
const ARCGIS = '/arcgis/admin'
const STORES = `${ARCGIS}/system/disasterrecovery/stores`
const SHARING = '/arcgis/sharing/rest'
const TASK = 'backupRetentionCleaner'
const ITEM = '4f5c1f0f1c0e4e0d9b2a7c3d5e6f7081'
/** What reads list is not what creates add to, so that the reads stay the same. */
const OTHER_INSTANCE = '/v1/instances/10000000-0000-4000-8000-000000000002'
const OTHER_APP = '/v3/apps/7c1f0d9a3b5e4f6882a4c6e8f0b1d3a5'
const OTHER_STORE = `${STORES}/backupsDefault`

export const LIST_FILES: Request = { path: FILES, headers: FILES_KEY }
export const RESTORE_BACKUP: Request = { path: `${INSTANCE}/backups/2/restore`, method: 'POST', headers: A9S_TOKEN }
export const FINISH_RESTORE: Request = {
  path: `/__admin/jobs/${encodeURIComponent('restore/10000000-0000-4000-8000-000000000001/1')}/finish`,
  method: 'POST',
}
export const GENERATE_TOKEN: Request = {
  path: `${SHARING}/generateToken`,
  method: 'POST',
  headers: FORM_BODY,
  body: PASSWORD,
}
export const SIGN_IN: Request = {
  path: '/billing-platform/sign-in',
  method: 'POST',
  headers: FORM_BODY,
  body: 'username=primary&password=primary.pass1',
}
export const FILES_PAGE = '/billing-platform/disaster-recovery-files'
export const LIST_STORES = STORES
export const LIST_BACKUPS = `${STORES}/backupStore/backups`
export const LIST_TASKS = `${ARCGIS}/system/tasks`
export const GET_ITEM = `${SHARING}/content/items/${ITEM}`

/** What a client gets by signing in. */
export interface Credentials {
  /** Of the billing platform's pages. */
  cookie: string
  /** Of ArcGIS. */
  token: string
  /** A job of ArcGIS. */
  jobId: string
}

/** Reads first: creates make lists longer. */
export function operationsWith({ cookie, token, jobId }: Credentials): Operation[] {
  const json = (name: string, ...requests: Request[]): Operation => ({ name, media: 'JSON', adds: false, requests })
  const create = (name: string, request: Request): Operation => ({
    name,
    media: 'JSON',
    adds: true,
    requests: [request],
  })
  const html = (name: string, request: Request): Operation => ({
    name,
    media: 'HTML',
    adds: false,
    requests: [request],
  })
  const arcgis = (path: string, query = ''): Request => ({ path: `${path}?f=json&token=${token}${query}` })
  const a9s = (path: string): Request => ({ path: INSTANCE + path, headers: A9S_TOKEN })
  const dscloud = (path: string): Request => ({ path, headers: DSCLOUD_KEY })
  return [
    json('files: listDisasterRecoveryFiles', LIST_FILES),
    html('files: viewDisasterRecoveryFiles', { path: FILES_PAGE, headers: { cookie } }),
    json('a9s: getInstance', a9s('')),
    json('a9s: getBackupConfig', a9s('/backup-configs')),
    json('a9s: listInstanceBackups', a9s('/backups')),
    json('a9s: getInstanceBackup', a9s('/backups/2')),
    json('a9s: listRestores', a9s('/restores')),
    json('a9s: getRestore', a9s('/restores/1')),
    json('dscloud: getUser', dscloud('/v3/users/me')),
    json('dscloud: getApplication', dscloud(APP)),
    json('dscloud: listApplicationBackups', dscloud(`${APP}/backups`)),
    json('arcgis: listBackupStores', arcgis(STORES)),
    json('arcgis: getBackupStore', arcgis(`${STORES}/backupStore`)),
    json('arcgis: listBackups', arcgis(LIST_BACKUPS)),
    json('arcgis: getBackup', arcgis(`${LIST_BACKUPS}/backup_first`)),
    json('arcgis: listJobs', arcgis(`${ARCGIS}/jobs`)),
    json('arcgis: getJob', arcgis(`${ARCGIS}/jobs/${jobId}`)),
    json('arcgis: listTasks', arcgis(LIST_TASKS)),
    json('arcgis: getTask', arcgis(`${LIST_TASKS}/${TASK}`)),
    json('arcgis: searchItems', arcgis(`${SHARING}/search`, '&q=parcels')),
    json('arcgis: getItem', arcgis(GET_ITEM)),
    html('arcgis: listBackupStores as a page', { path: `${STORES}?f=html&token=${token}` }),
    json('control: health', { path: '/__admin/health' }),
    json('control: readClock', { path: '/__admin/clock' }),
    json('control: listAllJobs', { path: '/__admin/jobs' }),
    json('control: advanceClock', {
      path: '/__admin/clock/advance',
      method: 'POST',
      headers: JSON_BODY,
      body: '{"by":"1ms"}',
    }),
    json(
      'control: armFault, clearFaults',
      {
        path: '/__admin/faults',
        method: 'POST',
        headers: JSON_BODY,
        body: '{"operation":"listDisasterRecoveryFiles","fault":"delay","ms":1,"times":1}',
      },
      { path: '/__admin/faults', method: 'DELETE' },
    ),
    json('a9s: prepareDisasterRecovery', {
      path: `${INSTANCE}/disaster-recovery/prepare`,
      method: 'POST',
      headers: { ...A9S_TOKEN, ...JSON_BODY },
      body: '{"encryption_key":"a-new-encryption-key"}',
    }),
    create('a9s: createInstanceBackup', { path: `${OTHER_INSTANCE}/backups`, method: 'POST', headers: A9S_TOKEN }),
    create('dscloud: createApplicationBackup', { path: `${OTHER_APP}/backups`, method: 'POST', headers: DSCLOUD_KEY }),
    create('arcgis: generateToken', GENERATE_TOKEN),
    create('arcgis: createBackup', {
      path: `${OTHER_STORE}/backups/create`,
      method: 'POST',
      headers: FORM_BODY,
      body: `name=backup-{n}&passcode=passcode&f=json&token=${token}`,
    }),
  ]
}
