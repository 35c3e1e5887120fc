// Shared by the arcgis tests: requests with parameters, and the documented responses.
import type { Firedrill } from '../../../src/index.ts'
import { type Answer, call } from '../../helpers.ts'

export const ADMIN = '/arcgis/admin'
export const GENERATE = '/arcgis/sharing/rest/generateToken'
export const storePath = (store: string) => `${ADMIN}/system/disasterrecovery/stores/${store}/backups`
export const createPath = (store: string) => `${storePath(store)}/create`

export const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

export type Fields = Record<string, string | number>

export function encode(fields: Fields): string {
  return new URLSearchParams(
    Object.entries(fields).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString()
}

export function post(server: Firedrill, path: string, fields: Fields, headers = {}): Promise<Answer> {
  const body = encode({ f: 'json', ...fields })
  return call(server, { method: 'POST', path, headers: { ...FORM, ...headers }, body })
}

export function get(server: Firedrill, path: string, fields: Fields = {}, headers = {}): Promise<Answer> {
  return call(server, { path: `${path}?${encode({ f: 'json', ...fields })}`, headers })
}

/** Gets a token for one of the demo users. */
export async function tokenOf(server: Firedrill, username = 'siteadmin', expiration = 20_160): Promise<string> {
  const password = `${username.replace(/\d$/, '')}.pass1`
  return (await post(server, GENERATE, { username, password, expiration })).json.token
}

export function errorOf(code: number, message: string, details: string[] | null = null) {
  return { error: { code, message, details } }
}

/** The sample response of the vendor's page Backups. */
export const DOCUMENTED = {
  backups: [
    {
      release: '10.9.1',
      siteName: 'arcgis',
      description: '',
      completeTime: 1634736484933,
      backupStore: 'default',
      retentionDate: 1635945710988,
      encryptKey: 'XxxxxXxXX-XxxXXXXxXXxX..',
      backupType: 'FULL',
      relationalStore: [
        {
          metadata: '{crypt}..',
          geodatabases: [
            {
              gdbName: 'hgdb_wqlxr',
              egdbID: 'ed6980a1d5d34b56880836d4373b0051',
            },
          ],
          systemDatabases: ['arcgis', 'datastoreconfig', 'gwdb', 'metrics'],
          startTime: 1634736146928,
          clusterID: 'wqlxr',
          endTime: 1634736196269,
          status: 'completed',
        },
      ],
      scheduleType: 'MANUAL',
      objectStore: [
        {
          metadata: '{crypt}..',
          buckets: ['arcgis', 'content', '0123456789abcdef'],
          startTime: 1634736196434,
          clusterID: 'tni5n',
          endTime: 1634736467059,
          status: 'completed',
        },
      ],
      namespace: 'arcgis',
      startTime: 1634736144653,
      infrastructures: {
        startTime: 1634736467245,
        endTime: 1634736484880,
        status: 'completed',
      },
      category: 'SYSTEM',
      backupName: 'backup_first',
      status: 'completed',
    },
    {
      release: '10.9.1',
      siteName: 'arcgis',
      description: 'Scheduled Backup',
      completeTime: 1634932910038,
      backupStore: 'default',
      retentionDate: 1636142409652,
      encryptKey: 'XxxxxXxXX-XxxXXXXxXAxX..',
      backupType: 'FULL',
      relationalStore: [
        {
          metadata: '{crypt}..',
          geodatabases: [
            {
              gdbName: 'hgdb_ezt7j',
              egdbID: '3338d971-ec91-440d-a81f-805a0b8cf0e9',
            },
          ],
          systemDatabases: ['arcgis', 'datastoreconfig', 'gwdb', 'metrics'],
          startTime: 1634932844282,
          clusterID: 'ezt7j',
          endTime: 1634932852508,
          status: 'completed',
        },
      ],
      scheduleType: 'SCHEDULED',
      objectStore: [
        {
          metadata: '{crypt}..',
          buckets: ['arcgis', 'content', 'uploads', '0123456789abcdef'],
          startTime: 1634932852684,
          clusterID: 'z3mbl',
          endTime: 1634932902074,
          status: 'completed',
        },
      ],
      namespace: 'arcgis',
      startTime: 1634932842008,
      infrastructures: {
        startTime: 1634932902288,
        endTime: 1634932909962,
        status: 'completed',
      },
      category: 'SYSTEM',
      backupName: 'schedule1-2021-10-22-20-00-09',
      status: 'completed',
    },
  ],
}
