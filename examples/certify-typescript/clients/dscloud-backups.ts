// Clients for the drills of application backups about limits, lists and the creation of a backup.
import { APP, backupsCall, backupsOf, lister } from './dscloud.ts'
import {
  type Answer,
  type Client,
  type DrillClients,
  failure,
  repeat,
  type Session,
  sha256,
  success,
} from './session.ts'

interface Backup {
  name: string
  key: string | null
  created_at: string
  is_successful: boolean
}

const MINUTE_MS = 60_000

/** The time until Retry-After, by the clock whose time `nowOf` returns. Without Retry-After, `otherwiseMs`. */
function retryAfter(nowOf: (answer: Answer) => number, otherwiseMs: number) {
  return (answer: Answer) => {
    const at = answer.headers['retry-after']
    return at === undefined ? otherwiseMs : Math.max(0, Date.parse(at) - nowOf(answer))
  }
}

const serverTime = ({ headers }: Answer) => Date.parse(headers.date ?? '')

/** Downloads the backup that `choose` returns; `encode` makes its name a part of a URL. */
function downloader(choose: (backups: Backup[]) => Backup | undefined, encode = encodeURIComponent): Client {
  return async session => {
    const backup = choose((await backupsOf(session)).json.response)
    if (!backup) return failure
    const path = `backups.dscloud.pt/23457145698959364_${encode(backup.name)}.zip?${backup.key}`
    const { status, bytes } = await session.send({ path })
    return status === 200 ? { ...success, sha256: sha256(bytes) } : failure
  }
}

const newestSuccessful = (backups: Backup[]) => backups.findLast(({ is_successful: isSuccessful }) => isSuccessful)

const createCall = (session: Session) => ({
  method: 'POST',
  path: `v3/apps/${APP}/backups`,
  headers: { authorization: session.credential('apiKey') },
})

/** Waits until the newest backup is successful. */
const untilFinished = (session: Session) =>
  repeat(session, 2000, async () =>
    (await backupsOf(session)).json.response.at(-1)?.is_successful === true ? success : undefined,
  )

/** Downloads a new backup, once `ready` has ended. */
function creator(ready: (session: Session) => Promise<unknown>): Client {
  return async session => {
    const { url } = (await session.send(createCall(session))).json.response
    await ready(session)
    const path = url.slice(url.indexOf('backups.dscloud.pt'))
    const { status, bytes } = await session.send({ path })
    return status === 200 ? { ...success, sha256: sha256(bytes) } : failure
  }
}

interface Received {
  status: number
  text: string
}

/** Reports the number of backups. Repeats the request, up to three times, while `read` returns nothing for a response. */
function counter(read: (received: Received) => Backup[] | undefined): Client {
  return async session => {
    for (let tries = 0; tries < 3; tries++) {
      const { status = 0, bytes } = await session.attempt(backupsCall(session))
      const backups = read({ status, text: bytes.toString() })
      if (backups) return { ...success, backups: backups.length }
      await session.wait(1000)
    }
    return failure
  }
}

/** Undefined for a body that is not JSON, or that reports an error. */
function backupsIn(text: string): Backup[] | undefined {
  try {
    const { status, response } = JSON.parse(text)
    return status === 'success' ? response : undefined
  } catch {
    return undefined
  }
}

export const clientsByDrill: Record<string, DrillClients> = {
  'retry-after-date': {
    correct: lister(retryAfter(serverTime, 1000)),
    wrong: {
      'reads the date as a number': {
        client: lister(({ headers }) => (Number.parseInt(headers['retry-after'] ?? '', 10) || 0) * 1000),
        reason:
          /^Expected waits after listApplicationBackups answered 429: at least 30s, at most 60s; wait 1 of 2 was 0ms\.$/,
      },
      'uses its own clock': {
        client: lister(retryAfter(() => Date.UTC(2030, 0, 1), 1000)),
        reason: /^Expected waits after listApplicationBackups answered 429: .* wait 1 of 2 was 0ms\.$/,
      },
    },
  },
  'wait-thirty-minutes': {
    correct: lister(retryAfter(serverTime, 30 * MINUTE_MS)),
    wrong: {
      'uses a pause of its own': {
        client: lister(retryAfter(serverTime, MINUTE_MS)),
        reason:
          /^Expected waits after listApplicationBackups answered 429: at least 30m, at most 60m; wait 1 of 1 was 60s\.$/,
      },
    },
  },
  'newest-successful': {
    correct: downloader(newestSuccessful),
    wrong: {
      'takes the last backup': {
        client: downloader(backups => backups.at(-1)),
        reason: /Expected the client to report success; it reported failure\./,
      },
    },
  },
  'encoded-file-name': {
    correct: downloader(newestSuccessful),
    wrong: {
      'encodes blanks as +': {
        client: downloader(newestSuccessful, name => encodeURIComponent(name).replaceAll('%20', '+')),
        reason: /Expected a complete, unchanged copy of 23457145698959364_Backup at 2026-06-08 11:00:00\.zip/,
      },
    },
  },
  'lost-create-response': {
    correct: async session => {
      await session.attempt(createCall(session))
      return untilFinished(session)
    },
    wrong: {
      'sends the request again': {
        client: async session => {
          await session.attempt(createCall(session))
          await session.send(createCall(session))
          return untilFinished(session)
        },
        reason: /^Expected exactly 1 call of createApplicationBackup; found 2\.$/,
      },
    },
  },
  'backup-not-ready': {
    correct: creator(untilFinished),
    wrong: {
      'requests the file at once': {
        client: creator(async () => undefined),
        reason: /Expected exactly 0 calls of downloadApplicationBackup answered BACKUP_DATA_NOT_FOUND; found 1\./,
      },
    },
  },
  'status-error-with-200': {
    correct: counter(({ text }) => backupsIn(text)),
    wrong: {
      'looks at the HTTP status': {
        client: counter(({ status, text }) => (status === 200 ? (JSON.parse(text).response ?? []) : undefined)),
        reason: /^Expected the client to report \{"backups":2\}; it reported \{"backups":0\}\.$/,
      },
    },
  },
  'truncated-list': {
    correct: counter(({ text }) => backupsIn(text)),
    wrong: {
      'parses whatever arrives': {
        client: counter(({ text }) => JSON.parse(text).response),
        reason: /Expected the client to report success; it reported no outcome\./,
      },
      'takes it for an empty list': {
        client: counter(({ text }) => backupsIn(text) ?? []),
        reason: /\{"backups":2\}/,
      },
    },
  },
}
