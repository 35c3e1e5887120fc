// Clients for the drills of downloads that go wrong.
import { download, type Mistake, type Target, type Way } from './downloading.ts'
import { backupsOf } from './dscloud.ts'
import { lists, opens } from './opening.ts'
import { type Attempt, type Client, type DrillClients, failure, type Session, sha256, success } from './session.ts'

/** The successful backup of the list, with its size and checksum. */
async function backupIn(session: Session): Promise<Required<Pick<Target, 'path' | 'sizeBytes' | 'sha1'>> & Target> {
  const backups: { name: string; size: number; key: string | null }[] = (await backupsOf(session)).json.response
  const { name, size, key } = backups.find(each => each.key !== null) as (typeof backups)[number]
  const path = `backups.dscloud.pt/${session.run.inputs.accountId}_${encodeURIComponent(name)}.zip?${key}`
  return { path, sizeBytes: size, sha1: String(key), key: { authorization: session.credential('apiKey') } }
}

/** Downloads the backup of the list; the key of the API is for the list alone. */
function backup(mistake?: Mistake, more: Partial<Target> = {}): Client {
  return async session => {
    const { key, ...target } = await backupIn(session)
    const seen = mistake === 'sends its key everywhere' && key !== undefined ? { key } : {}
    return download(session, { ...target, ...seen, ...more }, mistake)
  }
}

const RECOVERY_FILE = 'backend/api/v1/disasterRecoveryFiles/123'

const recoveryHeaders = (session: Session) => ({
  authorization: `Bearer ${session.credential('apiKey')}`,
  accept: 'application/x-7z-compressed',
})

/** Downloads disaster recovery file 123, whose size is not known beforehand. */
function recoveryFile(mistake?: Mistake, more: Partial<Target> = {}): Client {
  return session => download(session, { path: RECOVERY_FILE, headers: recoveryHeaders(session), ...more }, mistake)
}

const NOT_THE_FILE = /Expected a complete, unchanged copy of the file; found SHA-256 [^.]*\./
const NOT_REPORTED = /Expected the client to report success; it reported failure\./

/** `of` makes the client that downloads what the drill is about. */
function clients(
  wrong: Partial<Record<Mistake, RegExp>>,
  more?: Partial<Target>,
  of: (mistake?: Mistake, more?: Partial<Target>) => Client = backup,
): DrillClients {
  const mistakes = Object.entries(wrong) as [Mistake, RegExp][]
  return {
    correct: of(undefined, more),
    wrong: Object.fromEntries(mistakes.map(([mistake, reason]) => [mistake, { client: of(mistake, more), reason }])),
  }
}

/** The same for disaster recovery file 123. */
const recoveryClients = (wrong: Partial<Record<Mistake, RegExp>>, more?: Partial<Target>) =>
  clients(wrong, more, recoveryFile)

/** The clients, and others that are right in another way. */
function withWays(
  { correct, wrong }: DrillClients,
  of: typeof backup | typeof recoveryFile,
  ...ways: Way[]
): DrillClients {
  return { correct, alsoCorrect: Object.fromEntries(ways.map(way => [way, of(undefined, { way })])), wrong }
}

/** Asks for the size of the file without downloading it. */
function sizer(isAfterRefusal: boolean): Client {
  return async session => {
    const { path } = await backupIn(session)
    const head = await session.attempt({ method: 'HEAD', path })
    if (head.status === 200) return { ...success, size: Number(head.headers['content-length']) }
    if (!isAfterRefusal) return failure
    const { headers } = await session.attempt({ path, headers: { range: 'bytes=0-0' } })
    const [, size] = /^bytes 0-0\/(\d+)$/.exec(headers['content-range'] ?? '') ?? []
    return size === undefined ? failure : { ...success, size: Number(size) }
  }
}

/** Downloads the file in two halves, one after the other; `store` puts each answer at its place. */
function halves(store: (file: Buffer, start: number, answer: Attempt) => Buffer): Client {
  return async session => {
    const { path, sizeBytes } = await backupIn(session)
    let file: Buffer = Buffer.alloc(0)
    for (const start of [0, sizeBytes / 2]) {
      const headers = { range: `bytes=${start}-${start + sizeBytes / 2 - 1}` }
      file = store(file, start, await session.attempt({ path, headers }))
    }
    return { ...success, sha256: sha256(file) }
  }
}

const PART_BYTES = 10_000

/** Downloads disaster recovery file 123 in parts; `isRight` says whether a response is the part that begins at `start`. */
function parts(isRight: (answer: Attempt, start: number, etag: string | undefined) => boolean): Client {
  return async session => {
    const pieces: Buffer[] = []
    let etag: string | undefined
    let sizeBytes = PART_BYTES
    for (let requests = 0; requests < 10 && pieces.length * PART_BYTES < sizeBytes; requests++) {
      if (requests > 0) await session.wait(1000)
      const start = pieces.length * PART_BYTES
      const headers = { ...recoveryHeaders(session), range: `bytes=${start}-${start + PART_BYTES - 1}` }
      const answer = await session.attempt({ path: RECOVERY_FILE, headers })
      etag ??= answer.headers.etag
      if (!isRight(answer, start, etag)) continue
      sizeBytes = Number(/\/(\d+)$/.exec(answer.headers['content-range'] ?? '')?.[1])
      pieces.push(answer.bytes)
    }
    return { ...success, sha256: sha256(Buffer.concat(pieces)) }
  }
}

const startsAt = ({ headers }: Attempt, start: number) =>
  headers['content-range']?.startsWith(`bytes ${start}-`) ?? false

/** Downloads disaster recovery file 123 until `isGood` accepts it. */
function tester(isGood: (archive: Buffer, password: string) => boolean | Promise<boolean>): Client {
  return async session => {
    for (let tries = 0; tries < 10; tries++) {
      if (tries > 0) await session.wait(1000)
      const { bytes } = await session.attempt({ path: RECOVERY_FILE, headers: recoveryHeaders(session) })
      if (await isGood(bytes, session.credential('archivePassword'))) return { ...success, sha256: sha256(bytes) }
    }
    return failure
  }
}

const REST_BYTES = 65_536

/** Downloads the last bytes of the backup; `offset` calculates their positions. */
function restOnly(offset: (position: number) => number): Client {
  return async session => {
    const { path, sizeBytes } = await backupIn(session)
    const range = `bytes=${offset(sizeBytes - REST_BYTES)}-${offset(sizeBytes - 1)}`
    const { headers, bytes } = await session.attempt({ path, headers: { range } })
    const [, start] = /^bytes (\d+)-/.exec(headers['content-range'] ?? '') ?? []
    return { ...success, start: Number(start), restSha256: sha256(bytes) }
  }
}

export const clientsByDrill: Record<string, DrillClients> = {
  'range-ignored': recoveryClients({ 'appends a whole file': NOT_THE_FILE }),
  'range-shifted': withWays(clients({ 'appends any part': NOT_THE_FILE }), backup, 'starts again'),
  'wrong-content-range': clients({
    'appends any part': /Expected fault 2 on downloadApplicationBackup to fire 5 times/,
  }),
  'part-of-wrong-length': withWays(
    clients({ 'appends any part': NOT_THE_FILE }),
    backup,
    'starts again',
    'takes what fits',
  ),
  'multipart-part': withWays(
    recoveryClients({ 'appends any part': NOT_THE_FILE }),
    recoveryFile,
    'starts again',
    'parses multipart',
  ),
  'range-after-end': clients({ 'takes 416 for the end': NOT_THE_FILE, 'takes 416 for an error': NOT_REPORTED }),
  'complete-part': recoveryClients({ 'takes 416 for an error': NOT_REPORTED }),
  'encoded-part': withWays(
    recoveryClients({ 'decodes nothing': /Expected fault 2 on getDisasterRecoveryFile to fire 3 times/ }),
    recoveryFile,
    'starts again',
  ),
  'changed-while-downloading': clients({ 'mixes versions': NOT_THE_FILE }),
  'redirected-resume': clients({
    'does not follow redirects': NOT_REPORTED,
    'sends its key everywhere': /Expected exactly 0 calls of downloadApplicationBackup with .*; found/,
  }),
  'redirect-loop': clients({ 'follows redirects for ever': /Expected at most 10 calls .*; found 30\./ }),
  'limited-resume': recoveryClients({
    'ignores Retry-After': /Expected waits after getDisasterRecoveryFile answered 429/,
  }),
  'other-bytes': withWays(
    clients({ 'mixes versions': NOT_THE_FILE, 'gives up at a 404': NOT_REPORTED }),
    backup,
    'starts again',
  ),
  'cut-anywhere': recoveryClients({
    'does not resume': /Expected at least 1 call of getDisasterRecoveryFile answered 206; found 0\./,
    'gives up when a connection ends': NOT_REPORTED,
  }),
  'no-progress': withWays(
    clients({ 'tries for ever': /Expected at most 10 calls .*; found 30\./ }),
    backup,
    'starts again',
  ),
  'download-without-length': clients({ 'trusts the end of the connection': NOT_THE_FILE }),
  'stalled-download': recoveryClients({ 'gives up when a connection ends': NOT_REPORTED }, { idleMs: 250 }),
  'head-refused': {
    correct: sizer(true),
    wrong: {
      'gives up when HEAD is refused': {
        client: sizer(false),
        reason: /Expected the client to report \{"size":262144\}/,
      },
    },
  },
  'wrong-accept-ranges': {
    correct: halves((file, start, { status, bytes }) =>
      status === 200 ? bytes : Buffer.concat([file.subarray(0, start), bytes]),
    ),
    wrong: {
      'appends a whole file': {
        client: halves((file, _start, { bytes }) => Buffer.concat([file, bytes])),
        reason: NOT_THE_FILE,
      },
    },
  },
  'damaged-archive': clients({ 'does not compare checksums': NOT_THE_FILE }),
  'huge-total': withWays(
    clients({ 'believes the total size': NOT_REPORTED }),
    backup,
    'starts again',
    'takes what fits',
  ),
  'weak-validators': recoveryClients({ 'mixes versions': NOT_THE_FILE }),
  'refused-condition': recoveryClients(
    { 'gives up at a 412': NOT_REPORTED, 'mixes versions': NOT_THE_FILE },
    { condition: 'if-match' },
  ),
  'deviating-part': {
    correct: parts((answer, start, etag) => startsAt(answer, start) && answer.headers.etag === etag),
    wrong: {
      'does not read Content-Range': {
        client: parts((answer, _start, etag) => answer.headers.etag === etag),
        reason: NOT_THE_FILE,
      },
      'does not compare ETags': { client: parts(startsAt), reason: NOT_THE_FILE },
    },
  },
  'untested-archive': {
    correct: tester(opens),
    wrong: {
      'keeps what was downloaded': { client: tester(() => true), reason: NOT_THE_FILE },
      'only lists the entries': { client: tester(lists), reason: NOT_THE_FILE },
    },
  },
  'large-offsets': {
    correct: restOnly(position => position),
    wrong: {
      'calculates with 32 bits': {
        client: restOnly(position => position | 0),
        reason: /Expected the client to report \{"start":4294967396,.*\}; it reported \{"start":100,/,
      },
    },
  },
}
