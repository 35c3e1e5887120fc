// Clients for the drills of ArcGIS backups.
import { createBackup, tokenOf } from './arcgis-site.ts'
import { type Client, type DrillClients, failure, success } from './session.ts'

interface Polling {
  /** In ms, after each poll; polls are counted from 0. */
  pauseMs?: (poll: number) => number
  /** Whether an expired token is replaced. */
  refreshes?: boolean
  maxPolls?: number
}

const doubling = (poll: number) => Math.min(1000 * 2 ** poll, 30_000)

/** Polls until the job has ended. */
function poller({ pauseMs = doubling, refreshes = true, maxPolls = 100 }: Polling = {}): Client {
  return async session => {
    let token = await tokenOf(session)
    const id = await createBackup(session, token)
    for (let poll = 0; poll < maxPolls; poll++) {
      const { json } = await session.send({ path: `arcgis/admin/jobs/${id}?f=json&token=${token}` })
      if (json.error?.code === 498 && refreshes) token = await tokenOf(session)
      else if (json.error || json.status === 'FAILED') return failure
      else if (json.status === 'COMPLETED') return success
      else await session.wait(pauseMs(poll))
    }
    return failure
  }
}

export const clientsByDrill: Record<string, DrillClients> = {
  'poll-until-done': {
    correct: poller(),
    wrong: {
      'treats the submission as success': {
        client: async session => {
          await createBackup(session, await tokenOf(session))
          return success
        },
        reason:
          /Expected the last call of getJob or getJobByPost to be answered \{"status":"COMPLETED"\}; found no call\./,
      },
      'polls without a pause': {
        client: poller({ pauseMs: () => 100, maxPolls: 100 }),
        reason: /Expected waits between calls of getJob or getJobByPost: at least 1s/,
      },
      'never polls less often': {
        client: poller({ pauseMs: () => 2000 }),
        reason: /growing by a factor of 1\.25 up to 10s; wait 2 of \d+ was 2s, after a wait of 2s\./,
      },
    },
  },
  'refresh-token': {
    correct: poller(),
    wrong: {
      'gives up when the token has expired': {
        client: poller({ refreshes: false }),
        reason: /found no generateToken answered ok after getJob or getJobByPost answered InvalidToken/,
      },
      'submits the job again': {
        client: async session => {
          await poller({ refreshes: false })(session)
          await createBackup(session, await tokenOf(session))
          return success
        },
        reason: /Expected exactly 1 call of createBackup; found 2\./,
      },
    },
  },
  'stuck-job': {
    correct: poller({ pauseMs: () => 30_000, maxPolls: 21 }),
    wrong: {
      'polls for most of an hour': {
        client: poller({ pauseMs: () => 60_000, maxPolls: 50 }),
        reason:
          /Expected at least 5m, at most 15m from the first call of getJob or getJobByPost to the last; found 49m\./,
      },
      'gives up after three polls': {
        client: poller({ maxPolls: 3 }),
        reason: /at least 5m, at most 15m from .* to the last; found 3s\./,
      },
    },
  },
}
