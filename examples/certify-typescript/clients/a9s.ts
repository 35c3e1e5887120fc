// Clients for the drills of a9s restores.
import { type Client, type DrillClients, failure, type Report, type Session, success } from './session.ts'

const INSTANCE = 'v1/instances/10000000-0000-4000-8000-00000000000'

export function a9s(session: Session, method: string, path: string, body?: object) {
  const type = body ? { 'content-type': 'application/json' } : {}
  const headers: Record<string, string> = { authorization: `Bearer ${session.credential('token')}`, ...type }
  return { method, path: INSTANCE + path, headers, ...(body ? { body: JSON.stringify(body) } : {}) }
}

const prepare = (session: Session) => session.send(a9s(session, 'POST', '1/disaster-recovery/prepare'))
const performCall = (
  session: Session,
  guid = '3a2e59ee-40cb-472a-91d0-502ab259918c',
  key = session.credential('encryptionKey'),
) => a9s(session, 'POST', '2/disaster-recovery/perform', { backup_guid: guid, encryption_key: key })
export const perform = (session: Session, guid?: string, key?: string) => session.send(performCall(session, guid, key))
export const restores = (session: Session) => session.send(a9s(session, 'GET', '2/restores'))

/** Polls a restore of the instance 2, or of another. */
export async function follow(session: Session, id: number, instance = 2): Promise<Report> {
  for (;;) {
    const { status } = (await session.send(a9s(session, 'GET', `${instance}/restores/${id}`))).json
    if (status === 'done') return success
    if (status === 'failed') return failure
    await session.wait(1000)
  }
}

/** Repeats perform while it is refused, at most 60 times. `between` waits before each repetition. */
function performer(between: (session: Session) => Promise<unknown>): Client {
  return async session => {
    let answer = await perform(session)
    for (let tries = 0; answer.status === 409 && tries < 60; tries++) {
      await between(session)
      answer = await perform(session)
    }
    return answer.status === 409 ? failure : follow(session, answer.json.restore_id)
  }
}

async function waitForRestores(session: Session): Promise<void> {
  while ((await restores(session)).json.some(({ status }: { status: string }) => status === 'running'))
    await session.wait(5000)
}

export const clientsByDrill: Record<string, DrillClients> = {
  'retry-502': {
    correct: async session => {
      if ((await prepare(session)).status === 502) await session.wait(1000)
      return (await prepare(session)).status < 300 ? success : failure
    },
    wrong: {
      'gives up at the first error': {
        client: async session => ((await prepare(session)).status < 300 ? success : failure),
        reason: /Expected exactly 2 calls of prepareDisasterRecovery; found 1\./,
      },
      'retries without a pause': {
        client: async session => {
          while ((await prepare(session)).status === 502);
          return success
        },
        reason:
          /Expected waits after prepareDisasterRecovery answered 502: at least 500ms, at most 60s; wait 1 of 1 was 0ms\./,
      },
    },
  },
  'wrong-key': {
    correct: async session => follow(session, (await perform(session)).json.restore_id),
    wrong: {
      'treats 202 as success': {
        client: async session => ((await perform(session)).status === 202 ? success : failure),
        reason:
          /answered \{"status":"failed"\}; found no call.*Expected the client to report failure; it reported success/,
      },
      'reports before the restore has ended': {
        client: async session => {
          await session.send(a9s(session, 'GET', `2/restores/${(await perform(session)).json.restore_id}`))
          return failure
        },
        reason:
          /it was answered \{"status":"queued"\}.*Expected the last job of performDisasterRecovery to be failed; found running/,
      },
    },
  },
  'restore-in-progress': {
    correct: performer(waitForRestores),
    wrong: {
      'retries every second': {
        client: performer(session => session.wait(1000)),
        reason: /Expected at most 3 calls of performDisasterRecovery; found \d\d\./,
      },
      'gives up': {
        client: async session => ((await perform(session)).status === 409 ? failure : success),
        reason:
          /answered ok after performDisasterRecovery answered RestoreInProgress\. Expected the last job of \w+ to be completed; found none/,
      },
    },
  },
  'lost-answer': {
    correct: async session => {
      const { error } = await session.attempt(performCall(session))
      const [restore] = (await restores(session)).json
      return error === undefined || !restore ? failure : follow(session, restore.id)
    },
    wrong: {
      'repeats the request without looking for the restore': {
        client: async session => {
          await session.attempt(performCall(session))
          return performer(waiting => waiting.wait(1000))(session)
        },
        reason: /Expected exactly 1 call of performDisasterRecovery; found \d+\./,
      },
      'reports failure': {
        client: async session => ((await session.attempt(performCall(session))).error ? failure : success),
        reason: /Expected the client to report success; it reported failure\./,
      },
    },
  },
}
