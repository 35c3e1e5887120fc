// Clients for the drills of a9s about responses that are not as expected.
import { a9s, perform } from './a9s.ts'
import { type Answer, type Client, type DrillClients, failure, type Report, repeat, success } from './session.ts'

const ENDS: Record<string, Report> = { done: success, failed: failure }

/** Starts the restore, and polls it until `endOf` returns a report for a response. */
function follower(endOf: (answer: Answer) => Report | undefined): Client {
  return async session => {
    const { restore_id: id } = (await perform(session)).json
    return repeat(session, 5000, async () => endOf(await session.send(a9s(session, 'GET', `2/restores/${id}`))))
  }
}

const correct = follower(({ status, json }) => (status === 404 ? failure : ENDS[json?.status]))

/** Prepares each instance of the inputs. `pauseMs` returns the wait before the nth retry of all. */
function preparer(pauseMs: (retry: number) => number): Client {
  return async session => {
    let retries = 0
    for (const id of session.run.inputs.instanceIds as string[]) {
      const call = a9s(session, 'POST', `${id.at(-1)}/disaster-recovery/prepare`)
      while ((await session.send(call)).status === 502) await session.wait(pauseMs(retries++))
    }
    return success
  }
}

/** Random times in ms. */
const JITTER_MS = [4200, 17_900, 9100, 26_300, 12_400, 21_000]

interface Backup {
  id: number
  backup_id: string
  status: string
}

/** Reports the newest backup that is done. `isReadable` refuses a backup. */
function finder(isReadable: (backup: Backup) => boolean): Client {
  return async session => {
    const backups: Backup[] = (await session.send(a9s(session, 'GET', '1/backups'))).json
    const newest = backups.filter(isReadable).find(({ status }) => status === 'done')
    return newest ? { ...success, backupId: newest.backup_id } : failure
  }
}

const BACKUP_FIELDS = ['id', 'backup_id', 'size', 'status', 'triggered_at', 'started_at', 'finished_at', 'downloadable']

export const clientsByDrill: Record<string, DrillClients> = {
  'unknown-status': {
    correct,
    wrong: {
      'treats an unknown status as the end': {
        client: follower(({ json }) =>
          ['queued', 'running'].includes(json.status) ? undefined : (ENDS[json.status] ?? failure),
        ),
        reason:
          /it was answered \{"status":"verifying"\}.*Expected the client to report success; it reported failure\./,
      },
    },
  },
  'html-from-proxy': {
    correct,
    wrong: {
      'parses every response as JSON': {
        client: follower(({ text }) => ENDS[JSON.parse(text).status]),
        reason: /Expected the client to report success; it reported no outcome/,
      },
      'takes the error of the proxy for the end': {
        client: follower(({ status, json }) => (status === 200 ? ENDS[json.status] : failure)),
        reason: /Expected the client to report success; it reported failure\./,
      },
    },
  },
  'restore-vanished': {
    correct,
    wrong: {
      'polls on': {
        client: follower(({ json }) => ENDS[json.status]),
        reason: /Expected no call to the same path after getRestore answered NotFound; found getRestore/,
      },
    },
  },
  'jittered-retry': {
    correct: preparer(retry => 30_000 + (JITTER_MS[retry] ?? 0)),
    wrong: {
      'always waits for the same time': {
        client: preparer(() => 30_000),
        reason:
          /^Expected waits after prepareDisasterRecovery answered 502 that differ from path to path: by at least 1s; found 0ms\.$/,
      },
      'does not wait': {
        client: preparer(() => 0),
        reason:
          /Expected waits after prepareDisasterRecovery answered 502: at least 30s, at most 2m; wait 1 of 6 was 0ms/,
      },
    },
  },
  'new-fields': {
    correct: finder(() => true),
    wrong: {
      'refuses backups with further fields': {
        client: finder(backup => Object.keys(backup).every(field => BACKUP_FIELDS.includes(field))),
        reason: /Expected the client to report success; it reported failure\./,
      },
    },
  },
}
