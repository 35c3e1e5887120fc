// Shared by the tests of the journal: requests to the APIs, and the journal through the control API.
import type * as wire from '../../../schemas/control.ts'
import { type Answer, type Call, call } from '../../helpers.ts'

export interface Server {
  url: string
}

export const INSTANCE = '/v1/instances/10000000-0000-4000-8000-000000000001'
export const PREPARE = `${INSTANCE}/disaster-recovery/prepare`
export const BEARER = { authorization: 'Bearer demo-token' }

export const prepare = (server: Server, more: Partial<Call> = {}) =>
  call(server, {
    method: 'POST',
    path: PREPARE,
    headers: BEARER,
    body: { encryption_key: 'second-encryption-key' },
    ...more,
  })

/** Sends any request, also to unknown paths. */
export const send = (server: Server, path: string, more: Partial<Call> = {}) =>
  call(server, { path, contract: false, ...more })

/** Calls the control API; the response must fit its contract. */
export const ask = (server: Server, method: string, path: string, body?: unknown): Promise<Answer> =>
  call(server, { method, path: `/__admin${path}`, body })

export async function log(server: Server, query = ''): Promise<wire.RequestLog> {
  return (await ask(server, 'GET', `/requests${query}`)).json
}

/** The latest request. */
export async function latest(server: Server): Promise<wire.ServeEvent> {
  return (await log(server, '?limit=1')).requests[0] as wire.ServeEvent
}

/** Resolves when pending events have been handled, such as data that has been sent. */
export function turn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}
