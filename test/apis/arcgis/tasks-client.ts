// arcgis: what the tests of scheduled tasks share: a client that creates tasks and lists what they made.
import type { Test } from 'tap'
import type { Firedrill } from '../../../src/index.ts'
import { boot } from '../../helpers.ts'
import { ADMIN, type Fields, get, post, storePath, tokenOf } from './client.ts'

export const TASKS = `${ADMIN}/system/tasks`
export const DAY_MS = 86_400_000
export const CLEANER = 'backupRetentionCleaner'
export const HOURLY = { minute: '0', hour: '*', dayOfMonth: '*', month: '*', dayOfWeek: '?' }
export const METADATA = { recurring: true, startTime: '04:00', retention: { type: 'day', value: 14 } }

export interface Listed {
  backupName: string
  retentionDate: number
}

export async function start(t: Test, options = {}) {
  const server = await boot(t, options)
  return { server, ...(await clientOf(server)) }
}

export async function clientOf(server: Firedrill) {
  const token = await tokenOf(server)
  const read = async (path: string) => (await get(server, path, { token })).json
  const send = async (path: string, fields: Fields = {}) => (await post(server, path, { token, ...fields })).json
  const create = async (changes: object = {}, fields: Fields = {}) => {
    const parameters = { name: 'nightly', passcode: 'night-passcode', storeName: 'backupsDefault', ...changes }
    const common = { type: 'CreateBackup', parameters: JSON.stringify(parameters), ...HOURLY }
    return send(`${TASKS}/createTask`, { ...common, ...fields })
  }
  const backups = async (): Promise<Listed[]> => (await read(storePath('backupsDefault'))).backups
  const names = async () => (await backups()).map(({ backupName }) => backupName)
  const runs = async (id: string) => (await read(`${TASKS}/${id}/runs`)).result
  return { token, read, send, create, backups, names, runs }
}
