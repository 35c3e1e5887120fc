// Clients for the drills of downloads whose task is not just to download a file.
import { backupIn, NOT_REPORTED, NOT_THE_FILE, RECOVERY_FILE, recoveryHeaders } from './download-targets.ts'
import { lists, opens } from './opening.ts'
import {
  type Attempt,
  type Call,
  type Client,
  type DrillClients,
  failure,
  type Session,
  sha256,
  success,
} from './session.ts'

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
      sizeBytes = totalSize(answer)
      pieces.push(answer.bytes)
    }
    return { ...success, sha256: sha256(Buffer.concat(pieces)) }
  }
}

/** Asks HEAD for the size of disaster recovery file 123, and downloads it in parts; `sizeOf` says how large it is. */
function sizedParts(sizeOf: (head: Attempt, part: Attempt) => number): Client {
  return async session => {
    const headers = recoveryHeaders(session)
    const head = await session.attempt({ method: 'HEAD', path: RECOVERY_FILE, headers })
    let file: Buffer = Buffer.alloc(0)
    let sizeBytes = PART_BYTES
    while (file.length < sizeBytes) {
      const range = `bytes=${file.length}-${file.length + PART_BYTES - 1}`
      const part = await session.attempt({ path: RECOVERY_FILE, headers: { ...headers, range } })
      sizeBytes = sizeOf(head, part)
      file = Buffer.concat([file, part.bytes])
    }
    return { ...success, sha256: sha256(file) }
  }
}

const statedSize = ({ headers }: Attempt) => Number(headers['content-length'])
const totalSize = ({ headers }: Attempt) => Number(/\/(\d+)$/.exec(headers['content-range'] ?? '')?.[1])

/** Downloads a file while time passes; ends the download after `limitMs`. */
function timed(of: (session: Session) => Promise<Call> | Call, limitMs = 3_600_000): Client {
  return async session => {
    const arrival = session.attempt(await of(session))
    for (let ms = 0; ms < limitMs; ms += 5000) {
      const passing = session.wait(5000)
      const answer = await Promise.race([arrival, passing.then(() => undefined)])
      await passing
      if (answer) return answer.error === undefined ? { ...success, sha256: sha256(answer.bytes) } : failure
    }
    return failure
  }
}

/** A correct client has no limit for the whole download. */
function timedClients(of: (session: Session) => Promise<Call> | Call): DrillClients {
  const client = timed(of, 10_000)
  return { correct: timed(of), wrong: { 'ends the download after ten seconds': { client, reason: NOT_REPORTED } } }
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
  'slow-download': timedClients(session => ({ path: RECOVERY_FILE, headers: recoveryHeaders(session) })),
  'paused-download': timedClients(backupIn),
  'head-differs': {
    correct: sizedParts((_head, part) => totalSize(part)),
    wrong: { 'believes HEAD': { client: sizedParts(statedSize), reason: NOT_THE_FILE } },
  },
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
