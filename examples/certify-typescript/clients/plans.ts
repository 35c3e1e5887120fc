// Clients for the drills whose faults change over time: an outage, a rolling restart, a slow night.
import { createBackup, tokenOf } from './arcgis-site.ts'
import { type Client, type DrillClients, failure, type Session, success } from './session.ts'

/** What the body of a response says; undefined when it is not JSON, or none arrived. */
async function jsonAt(session: Session, path: string, headers: Record<string, string> = {}) {
  const { status, bytes, error } = await session.attempt({ path, headers })
  if (error !== undefined || status !== 200) return undefined
  return JSON.parse(bytes.toString()) as { status?: string }
}

/** Polls with longer and longer waits until the status is `done`; gives up after so many errors in a row. */
async function follow(
  session: Session,
  poll: () => ReturnType<typeof jsonAt>,
  done: string,
  { maxErrors, maxPauseMs }: { maxErrors: number; maxPauseMs: number },
) {
  let errors = 0
  for (let polls = 0; polls < 100; polls++) {
    const job = await poll()
    if (job?.status === done) return success
    errors = job ? 0 : errors + 1
    if (errors > maxErrors) return failure
    await session.wait(Math.min(5000 * 1.5 ** polls, maxPauseMs))
  }
  return failure
}

function backup(maxErrors: number): Client {
  return async session => {
    const token = await tokenOf(session)
    const id = await createBackup(session, token)
    const path = `arcgis/admin/jobs/${id}?f=json&token=${token}`
    return follow(session, () => jsonAt(session, path), 'COMPLETED', { maxErrors, maxPauseMs: 60_000 })
  }
}

async function restoreOnce(session: Session): Promise<{ path: string; headers: Record<string, string> }> {
  const { instance, backup } = session.run.inputs
  const headers = { authorization: `Bearer ${session.credential('token')}` }
  const path = `v1/instances/${instance}`
  const body = { backup_guid: backup, encryption_key: session.credential('encryptionKey') }
  const { json } = await session.send({ method: 'POST', path: `${path}/disaster-recovery/perform`, headers, body })
  return { path: `${path}/restores/${json.restore_id}`, headers }
}

function restore(maxErrors: number): Client {
  return async session => {
    const { path, headers } = await restoreOnce(session)
    return follow(session, () => jsonAt(session, path, headers), 'done', { maxErrors, maxPauseMs: 5000 })
  }
}

const QUARTER_HOUR_MS = 15 * 60_000

/** Lists the files every quarter of an hour, for ten hours. `pauseMs`: after a list that failed; undefined to give up. */
function night(pauseMs: (retryAfter: string | undefined) => number | undefined): Client {
  return async session => {
    const path = `${session.run.inputs.path}`
    for (let lists = 0; lists <= 40; lists++) {
      if (lists > 0) await session.wait(QUARTER_HOUR_MS)
      for (;;) {
        const { status, headers } = await session.send({
          path,
          headers: { authorization: `Bearer ${session.credential('apiKey')}` },
        })
        if (status === 200) break
        const ms = pauseMs(headers['retry-after'])
        if (ms === undefined) return failure
        await session.wait(ms)
      }
    }
    return success
  }
}

export const clientsByDrill: Record<string, DrillClients> = {
  'survive-outage': {
    correct: backup(50),
    wrong: {
      'gives up after three errors': {
        client: backup(3),
        reason: /there was no call after\..*answered \{"status":"COMPLETED"\}; it was answered/,
      },
    },
  },
  'rolling-restart': {
    correct: restore(20),
    wrong: {
      'takes a lost connection for the failure of the restore': {
        client: restore(0),
        reason: /Expected the last call of getRestore to be answered \{"status":"done"\}/,
      },
      'starts the restore again': {
        client: async session => {
          await restore(0)(session)
          return restore(20)(session)
        },
        reason: /Expected exactly 1 call of performDisasterRecovery; found 2\./,
      },
    },
  },
  'slow-night': {
    correct: night(retryAfter => Number(retryAfter ?? 30) * 1000),
    wrong: {
      'ignores Retry-After': {
        client: night(() => 2000),
        reason: /Expected waits after listDisasterRecoveryFiles answered 429: at least 30s; wait \d+ of \d+ was 2s/,
      },
      'gives up at the first error': {
        client: night(() => undefined),
        reason: /there was no call after/,
      },
    },
  },
}
