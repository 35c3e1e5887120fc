// arcgis: the vendor's sample responses, as examples for openapi.yaml.
import fixture from '../../../../fixtures/arcgis.json' with { type: 'json' }
import { PORTAL_ID, PORTAL_NAME, portalUser, SHARING_VERSION } from '../service/portal.ts'
import { backups, type FinishedBackup } from '../state.ts'
import { backupBody } from './backup-body.ts'

/** The fixture has no instants relative to the start of a sandbox, so the start has no effect. */
const START = 0

export const BACKUPS = {
  backups: backups.parse(fixture.backups, START).map(backup => backupBody(backup as FinishedBackup)),
}

export const SUBMITTED_JOB = {
  jobsUrl: 'https://organization.domain.com/context/admin/jobs/j7d22f855-2c9f-4934-94e4-93c5e85cd271',
  jobid: 'j7d22f855-2c9f-4934-94e4-93c5e85cd271',
  status: 'SUBMITTED',
}

export const JOBS = {
  jobs: [
    'j47c0c626-7188-4053-be06-ae93de987b01',
    'j63360063-b74e-46e8-8292-0126d6e08546',
    'j2bcbcd49-83a4-4cc1-a034-40e4a266e96d',
  ],
}

export const JOB = {
  updatedtime: 1635961542589,
  jobid: 'j2bcbcd49-83a4-4cc1-a034-40e4a266e96d',
  endtime: 0,
  starttime: 1635961542583,
  operationURI: '/context/admin/services/FireWatchWeather.MapServer/edit',
  status: 'EXECUTING',
  username: 'serviceAdmin',
}

export const TOKEN = { token: 'MYTOKEN', expires: 1494541135122, ssl: false }

const CONTEXT = 'https://organization.example.com/context'

export const SERVER_INFO = {
  owningSystemUrl: CONTEXT,
  authInfo: { tokenServicesUrl: `${CONTEXT}/sharing/rest/generateToken`, isTokenBasedSecurity: true },
}

const USER = portalUser({ username: 'siteadmin', role: 'administrator' })

export const USER_SELF = { ...USER, groups: [] }

export const PORTAL_SELF = {
  id: PORTAL_ID,
  name: PORTAL_NAME,
  portalName: PORTAL_NAME,
  portalHostname: 'organization.example.com/context',
  portalMode: 'singletenant',
  isPortal: true,
  access: 'private',
  allSSL: true,
  currentVersion: SHARING_VERSION,
  authorizedCrossOriginDomains: [],
  user: USER,
}
