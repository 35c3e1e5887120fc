// Shared by the tests of clock and jobs over the control API.
import type { Firedrill } from '../../../src/index.ts'
import { call } from '../../helpers.ts'

export const START = '2026-06-10T12:00:00.000Z'

/** The id of the first restore into demo instance 2, as it is written in a path. */
export const RESTORE_ID = 'restore%2F10000000-0000-4000-8000-000000000002%2F1'

export const send = (server: Firedrill, method: string, path: string, body?: unknown) =>
  call(server, { method, path: `/__admin${path}`, body })

/** Submits a job: a restore into the demo instance with that number. */
export async function perform(server: Firedrill, instance = 2): Promise<void> {
  await call(server, {
    method: 'POST',
    path: `/v1/instances/10000000-0000-4000-8000-00000000000${instance}/disaster-recovery/perform`,
    headers: { authorization: 'bearer demo-token' },
    body: { backup_guid: '3a2e59ee-40cb-472a-91d0-502ab259918c', encryption_key: 'second-encryption-key' },
  })
}
