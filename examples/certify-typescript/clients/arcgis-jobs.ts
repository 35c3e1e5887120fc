// Clients for the drills of ArcGIS about the ends of jobs.
import {
  createBackup,
  createCall,
  type EndOf,
  follower,
  form,
  get,
  type Job,
  RECOVERY,
  tokenOf,
} from './arcgis-site.ts'
import { type Client, type DrillClients, failure, type Report, repeat, type Session, success } from './session.ts'

const ENDS: Record<string, Report> = {
  COMPLETED: success,
  FAILED: failure,
  CANCELLED: failure,
  'TIMED OUT': failure,
}

const endOf = ({ error, status, messages = [] }: Job): Report | undefined => {
  if (error) return failure
  const end = ENDS[status ?? '']
  return end && messages[0] !== undefined ? { ...end, message: messages[0] } : end
}
const correct = follower(endOf)

const endWithBackup: EndOf = async (job, { session, token }) => {
  const end = endOf(job)
  if (end !== success) return end
  const { backups } = (await get(session, `${RECOVERY}/stores/backupStore/backups`, token)).json
  return backups.some(({ backupName }: { backupName: string }) => backupName === 'drill-backup') ? success : failure
}

/** Loses the response to its request, and continues as `next` says. */
function loser(next: (session: Session, token: string) => Promise<Report>): Client {
  return async session => {
    const token = await tokenOf(session)
    const { error } = await session.attempt(createCall(token))
    return error === undefined ? failure : next(session, token)
  }
}

const stateOf = async (session: Session, token: string) => (await get(session, `${RECOVERY}/status`, token)).json.status

/** Polls by the method that `methodAfter` returns for the latest response. */
function methodChanger(methodAfter: (latest: Job) => 'GET' | 'POST'): Client {
  return async session => {
    const token = await tokenOf(session)
    const path = `arcgis/admin/jobs/${await createBackup(session, token)}`
    let latest: Job = {}
    return repeat(session, 10_000, async () => {
      const usesGet = methodAfter(latest) === 'GET'
      latest = (usesGet ? await get(session, path, token) : await session.send({ path, ...form({ token }) })).json
      return latest.error?.code === 405 ? undefined : endOf(latest)
    })
  }
}

export const clientsByDrill: Record<string, DrillClients> = {
  'lost-create': {
    correct: loser((session, token) =>
      repeat(session, 10_000, async () => {
        const { backupName, state } = await stateOf(session, token)
        if (backupName !== 'drill-backup') return failure
        return state === 'success' ? success : undefined
      }),
    ),
    wrong: {
      'creates a second backup': {
        client: loser(async (session, token) => {
          await session.send(createCall(token, { name: 'drill-backup-2' }))
          return repeat(session, 10_000, async () =>
            (await stateOf(session, token)).state === 'success' ? success : undefined,
          )
        }),
        reason: /^Expected exactly 1 call of createBackup; found 2\.$/,
      },
      'gives up': {
        client: loser(async () => failure),
        reason: /found no getDisasterRecoveryStatus or .* after createBackup/,
      },
    },
  },
  'job-cancelled': {
    correct,
    wrong: {
      'does not know CANCELLED': {
        client: follower(({ status }) => (status === 'CANCELLED' ? undefined : ENDS[status ?? ''])),
        reason:
          /^Expected no call to the same path after getJob or getJobByPost answered \{"status":"CANCELLED"\}; found getJob/,
      },
      'takes every end for success': {
        client: follower(job => endOf(job) && success),
        reason: /^Expected the client to report failure; it reported success\.$/,
      },
    },
  },
  'job-without-result': {
    correct,
    wrong: {
      'reads the stages of the result': {
        client: follower(({ status, result }) =>
          status === 'COMPLETED' && (result as NonNullable<typeof result>).stages.length > 0 ? success : undefined,
        ),
        reason: /^Expected the client to report success; it reported no outcome\.$/,
      },
    },
  },
  'completed-without-backup': {
    correct: follower(endWithBackup),
    wrong: {
      'does not look for the backup': {
        client: correct,
        reason: /Expected the client to report failure; it reported success\.$/,
      },
    },
  },
  'job-vanished': {
    correct,
    wrong: {
      'looks only for a status': {
        client: follower(({ status }) => ENDS[status ?? '']),
        reason: /Expected no call to the same path after getJob or getJobByPost answered UnknownJob; found getJob/,
      },
    },
  },
  'poll-by-post': {
    correct: methodChanger(({ error, status }) => (error || status ? 'POST' : 'GET')),
    wrong: {
      'knows only GET': {
        client: methodChanger(() => 'GET'),
        reason: /Expected at most 1 call of getJob; found \d\d\./,
      },
    },
  },
  'full-store': {
    correct: follower(endOf, 'fullStore'),
    wrong: {
      'takes every end for success': {
        client: follower(job => endOf(job) && { ...endOf(job), ...success }, 'fullStore'),
        reason: /^Expected the client to report failure; it reported success\.$/,
      },
    },
  },
}
