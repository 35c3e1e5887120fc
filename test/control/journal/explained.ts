// Shared by the tests of explanations: the explanation of a request and the outcomes of its checks.
import type { Explanation } from '../../../schemas/control.ts'
import type { Call } from '../../helpers.ts'
import { ask, latest, type Server, send } from './journaled.ts'

export const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
export const DRF_LIST = '/backend/api/v1/disasterRecoveryFiles/'
export const CREATE = '/arcgis/admin/system/disasterrecovery/stores/backupStore/backups/create?f=json'

export async function explained(server: Server, path: string, what: Partial<Call> = {}): Promise<Explanation> {
  await send(server, path, what)
  return explanationOfLatest(server)
}

export async function explanationOfLatest(server: Server): Promise<Explanation> {
  const { id } = await latest(server)
  return (await ask(server, 'GET', `/requests/${id}/explain`)).json
}

export const outcomes = ({ checks }: Explanation) => checks.map(({ outcome }) => outcome).join()
