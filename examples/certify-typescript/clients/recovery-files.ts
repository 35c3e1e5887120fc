// Clients for the drills of disaster recovery files about lists, keys and downloads.
import {
  type Answer,
  type Client,
  type DrillClients,
  failure,
  type Report,
  type Session,
  sha256,
  success,
} from './session.ts'

const FILES = 'backend/api/v1/disasterRecoveryFiles/'
const ARCHIVE = 'application/x-7z-compressed'

interface File {
  id: string
  filename: string
  status: string[]
}

/** Requests the list with the key of that name. */
const list = (session: Session, { key = 'apiKey', query = '' } = {}) =>
  session.send({ path: FILES + query, headers: { authorization: `Bearer ${session.credential(key)}` } })

const archiveCall = (session: Session, id: string, { key = 'apiKey', ...headers }: Record<string, string> = {}) => ({
  path: FILES + id,
  headers: { authorization: `Bearer ${session.credential(key)}`, accept: ARCHIVE, ...headers },
})

const newest = (files: File[]) => files.findLast(({ filename }) => filename.startsWith('database-backup-'))

const saved = (bytes: Buffer): Report => ({ ...success, sha256: sha256(bytes) })

async function saveNewest(session: Session, files: File[], key?: string): Promise<Report> {
  const file = newest(files)
  if (!file) return failure
  return saved((await session.send(archiveCall(session, file.id, key === undefined ? {} : { key }))).bytes)
}

/**
 * Saves the newest backup. Requests the list up to five times: after a wait of `pauseMs` in ms, until it returns undefined for
 * a response.
 */
function lister(
  pauseMs: (answer: Answer) => number | undefined,
  filesIn = ({ text }: Answer) => JSON.parse(text),
): Client {
  return async session => {
    for (let tries = 0; tries < 5; tries++) {
      const answer = await list(session)
      const ms = pauseMs(answer)
      if (ms === undefined) return answer.status === 200 ? saveNewest(session, filesIn(answer)) : failure
      await session.wait(ms)
    }
    return failure
  }
}

const isJson = ({ headers }: Answer) => /json/.test(headers['content-type'] ?? '')

/** `secondsOf` reads Retry-After. */
const afterLimit = (secondsOf: (text: string) => number) => (answer: Answer) =>
  answer.status === 429 ? secondsOf(answer.headers['retry-after'] ?? '') * 1000 : undefined

/** At least a second, and at most a minute. */
const boundedSeconds = (text: string) => Math.min(Math.max(Number(text) || 1, 1), 60)

/** Saves the newest file whose flags `isReadable` accepts. */
function flagReader(isReadable: (flags: string[]) => boolean): Client {
  return lister(
    () => undefined,
    ({ json }) => json.filter(({ status }: File) => isReadable(status)),
  )
}

/** Saves file 123, and requests it again, up to three times, while `isSaved` refuses it. */
function saver(isSaved: (answer: Answer) => boolean): Client {
  return async session => {
    for (let tries = 0; tries < 3; tries++) {
      const answer = await session.send(archiveCall(session, '123'))
      if (isSaved(answer)) return saved(answer.bytes)
      await session.wait(1000)
    }
    return failure
  }
}

const SIGNATURE = Buffer.from('377abcaf271c', 'hex')

/** Begins to download file 123. After a minute asks for the rest, and continues as `next` says. */
function resumer(next: (session: Session, part: Buffer, rest: Answer) => Promise<Report> | Report): Client {
  return async session => {
    const { bytes: part } = await session.attempt(archiveCall(session, '123'))
    await session.wait(60_000)
    return next(session, part, await session.send(archiveCall(session, '123', { range: `bytes=${part.length}-` })))
  }
}

interface Paging {
  /** The query of the next page. */
  next: (seen: File[]) => string
  isLast: (page: File[]) => boolean
}

/** Counts the files of all pages. */
async function count(session: Session, { next, isLast }: Paging): Promise<Report> {
  const seen: File[] = []
  for (;;) {
    const query = `?limit=${session.run.inputs.pageSize}&${next(seen)}`
    const page: File[] = (await list(session, { query })).json
    seen.push(...page)
    if (isLast(page)) return { ...success, files: new Set(seen.map(({ id }) => id)).size }
    await session.wait(20_000)
  }
}

const pager =
  (paging: Paging): Client =>
  session =>
    count(session, paging)

const afterLast = (seen: File[]) => `idAfter=${seen.at(-1)?.id ?? 0}`
const isEmpty = (page: File[]) => page.length === 0

export const clientsByDrill: Record<string, DrillClients> = {
  'unknown-status-flag': {
    correct: flagReader(() => true),
    wrong: {
      'refuses unknown flags': {
        client: flagReader(flags => flags.every(flag => ['Saved', 'Downloaded'].includes(flag))),
        reason: /Expected the client to report success; it reported failure\.$/,
      },
    },
  },
  'no-files': {
    correct: lister(() => undefined),
    wrong: {
      'takes the last element of the list': {
        client: async session => {
          const files: File[] = (await list(session)).json
          const { bytes } = await session.send(archiveCall(session, (newest(files) as File).id))
          return saved(bytes)
        },
        reason: /^Expected the client to report failure; it reported no outcome\.$/,
      },
    },
  },
  'login-page': {
    correct: lister(answer => (isJson(answer) ? undefined : 1000)),
    wrong: {
      'parses every response as JSON': {
        client: lister(() => undefined),
        reason: /Expected the client to report success; it reported no outcome\.$/,
      },
      'takes it for an empty list': {
        client: lister(
          () => undefined,
          ({ json }) => json ?? [],
        ),
        reason: /Expected the client to report success; it reported failure\.$/,
      },
    },
  },
  'html-archive': {
    correct: saver(({ bytes }) => bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE)),
    wrong: {
      'trusts the content type': {
        client: saver(({ headers }) => headers['content-type'] === ARCHIVE),
        reason: /^Expected a complete, unchanged copy of database-backup-2026-06-09\.7z; found SHA-256 [^.]*\.$/,
      },
    },
  },
  'replaced-api-key': {
    correct: async session => {
      let answer = await list(session)
      const key = answer.status === 401 ? 'newApiKey' : 'apiKey'
      if (answer.status === 401) answer = await list(session, { key })
      return answer.status === 200 ? saveNewest(session, answer.json, key) : failure
    },
    wrong: {
      'repeats the request with the same key': {
        client: lister(({ status }) => (status === 401 ? 1000 : undefined)),
        reason:
          /Expected exactly 1 call of listDisasterRecoveryFiles or getDisasterRecoveryFile answered Unauthorized; found 5\./,
      },
      'gives up': {
        client: lister(() => undefined),
        reason: /Expected the client to report success; it reported failure\.$/,
      },
    },
  },
  'retry-after-zero': {
    correct: lister(afterLimit(boundedSeconds)),
    wrong: {
      'does not pause': {
        client: lister(afterLimit(Number)),
        reason: /^Expected waits after listDisasterRecoveryFiles answered 429: at least 1s; wait 1 of 3 was 0ms\.$/,
      },
    },
  },
  'retry-after-invalid': {
    correct: lister(afterLimit(boundedSeconds)),
    wrong: {
      'does not pause': {
        client: lister(afterLimit(text => Number(text) || 0)),
        reason: /^Expected waits after listDisasterRecoveryFiles answered 429: .*; wait 1 of 2 was 0ms\.$/,
      },
      'waits for an hour': {
        client: lister(afterLimit(() => 3600)),
        reason: /^Expected waits after listDisasterRecoveryFiles answered 429: .* at most 60s; wait 1 of 2 was 60m\.$/,
      },
    },
  },
  'expired-while-downloading': {
    correct: resumer(async (session, part, rest) => {
      if (rest.status === 206) return saved(Buffer.concat([part, rest.bytes]))
      return saveNewest(session, (await list(session)).json)
    }),
    wrong: {
      'appends the error to the part': {
        client: resumer((_session, part, rest) => saved(Buffer.concat([part, rest.bytes]))),
        reason: /found no listDisasterRecoveryFiles answered ok after getDisasterRecoveryFile answered FileNotFound/,
      },
      'asks for the expired file again': {
        client: resumer(async session => {
          await session.wait(60_000)
          await session.send(archiveCall(session, '123'))
          return saveNewest(session, (await list(session)).json)
        }),
        reason:
          /^Expected no call to the same path after getDisasterRecoveryFile answered FileNotFound; found [^.]*\.$/,
      },
    },
  },
  'archive-not-details': {
    correct: saver(() => true),
    wrong: {
      'sends no Accept': {
        client: async session => {
          const { path, headers } = archiveCall(session, '123')
          return saved((await session.send({ path, headers: { authorization: headers.authorization } })).bytes)
        },
        reason: /Expected a complete, unchanged copy of database-backup-2026-06-09\.7z; found no download/,
      },
    },
  },
  'no-download-access': {
    correct: lister(() => undefined),
    wrong: {
      'tries again': {
        client: lister(({ status }) => (status === 403 ? 60_000 : undefined)),
        reason:
          /^Expected no call after listDisasterRecoveryFiles answered NoDownloadAccess; found listDisasterRecoveryFiles/,
      },
    },
  },
  'page-until-empty': {
    correct: pager({ next: afterLast, isLast: isEmpty }),
    wrong: {
      'pages with offset': {
        client: pager({ next: seen => `offset=${seen.length}`, isLast: isEmpty }),
        reason: /Expected the client to report \{"files":43\}; it reported \{"files":42\}\.$/,
      },
      'takes a short page for the last one': {
        client: pager({ next: afterLast, isLast: page => page.length < 5 }),
        reason: /^Expected the last call of listDisasterRecoveryFiles to be answered \[\]; it was answered [^.]*\.$/,
      },
    },
  },
  'page-while-added': {
    correct: pager({ next: afterLast, isLast: isEmpty }),
    wrong: {
      'counts the pages in advance': {
        client: async session => {
          let pages = Math.ceil((await list(session)).json.length / 7)
          await session.wait(20_000)
          return count(session, { next: afterLast, isLast: () => --pages === 0 })
        },
        reason: /Expected the client to report \{"files":29\}; it reported \{"files":28\}\.$/,
      },
    },
  },
}
