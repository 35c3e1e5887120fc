// Clients for the drills: for each a correct one, and the mistakes that it is there to find. Time is moved, never slept.
import { createHash } from 'node:crypto'
import type { DrillRun, DrillVerdictRequest } from '../src/index.ts'
import { startExchange } from './fault-requests.ts'
import { type Answer, type Call, call } from './helpers.ts'

type Report = Omit<DrillVerdictRequest, 'sandbox'>

/** Does the drill, and says what it tells its user. */
export type Client = (at: Session) => Promise<Report>

export interface Exercise {
  correct: Client
  /** By what is wrong with it: the client, and what the verdict says. */
  wrong: Record<string, [client: Client, words: RegExp]>
}

/** A client's way to the API of a run. */
export class Session {
  readonly run: DrillRun
  readonly #server: { url: string }

  constructor(server: { url: string }, run: DrillRun) {
    this.#server = server
    this.run = run
  }

  send(what: Call): Promise<Answer> {
    return call(this.#server, { ...what, path: `/@${this.run.sandbox}/${what.path}` })
  }

  /** Reports how much of an answer arrived; does not throw when the connection fails. */
  attempt(what: Call) {
    return startExchange(this.#server, { ...what, path: `/@${this.run.sandbox}/${what.path}` }).outcome
  }

  /** Instead of sleeping. */
  async wait(by: number): Promise<void> {
    await this.send({ method: 'POST', path: '__admin/clock/advance', body: { by: `${by}ms` } })
  }

  credential(name: string): string {
    return this.run.credentials[name] as string
  }
}

const success: Report = { outcome: 'success' }
const failure: Report = { outcome: 'failure' }

// arcgis

const form = (fields: Record<string, string>) => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams({ f: 'json', ...fields }).toString(),
})

async function tokenOf(at: Session): Promise<string> {
  const fields = { username: at.credential('username'), password: at.credential('password') }
  return (await at.send({ path: 'arcgis/sharing/rest/generateToken', ...form(fields) })).json.token
}

async function createBackup(at: Session, token: string): Promise<string> {
  const path = 'arcgis/admin/system/disasterrecovery/stores/backupStore/backups/create'
  return (await at.send({ path, ...form({ name: 'drill-backup', passcode: 'drill-passcode', token }) })).json.jobid
}

interface Polling {
  pause?: (poll: number) => number
  refresh?: boolean
  polls?: number
}

const doubling = (poll: number) => Math.min(1000 * 2 ** poll, 30_000)

/** Asks until the job has ended, or so many times. */
function poller({ pause = doubling, refresh = true, polls = 100 }: Polling = {}): Client {
  return async at => {
    let token = await tokenOf(at)
    const id = await createBackup(at, token)
    for (let poll = 0; poll < polls; poll++) {
      const { json } = await at.send({ path: `arcgis/admin/jobs/${id}?f=json&token=${token}` })
      if (json.error?.code === 498 && refresh) token = await tokenOf(at)
      else if (json.error || json.status === 'FAILED') return failure
      else if (json.status === 'COMPLETED') return success
      else await at.wait(pause(poll))
    }
    return failure
  }
}

// a9s

const INSTANCE = 'v1/instances/10000000-0000-4000-8000-00000000000'

function a9s(at: Session, method: string, path: string, body?: object) {
  const type = body ? { 'content-type': 'application/json' } : {}
  const headers: Record<string, string> = { authorization: `Bearer ${at.credential('token')}`, ...type }
  return { method, path: INSTANCE + path, headers, ...(body ? { body: JSON.stringify(body) } : {}) }
}

const prepare = (at: Session) => at.send(a9s(at, 'POST', '1/disaster-recovery/prepare'))
const performing = (at: Session) =>
  a9s(at, 'POST', '2/disaster-recovery/perform', {
    backup_guid: '3a2e59ee-40cb-472a-91d0-502ab259918c',
    encryption_key: at.credential('encryptionKey'),
  })
const perform = (at: Session) => at.send(performing(at))
const restores = (at: Session) => at.send(a9s(at, 'GET', '2/restores'))

async function follow(at: Session, id: number): Promise<Report> {
  for (;;) {
    const { status } = (await at.send(a9s(at, 'GET', `2/restores/${id}`))).json
    if (status === 'done') return success
    if (status === 'failed') return failure
    await at.wait(1000)
  }
}

/** Sends perform again after `between` for as long as it is refused. */
function performer(between: (at: Session) => Promise<unknown>): Client {
  return async at => {
    let answer = await perform(at)
    for (let tries = 0; answer.status === 409 && tries < 60; tries++) {
      await between(at)
      answer = await perform(at)
    }
    return answer.status === 409 ? failure : follow(at, answer.json.restore_id)
  }
}

async function restoresEnded(at: Session): Promise<void> {
  while ((await restores(at)).json.some(({ status }: { status: string }) => status === 'running')) await at.wait(5000)
}

// dscloud

const APP = '7c1f0d9a3b5e4f6882a4c6e8f0b1d3a5'

function backupsOf(at: Session, app = APP) {
  return at.send({ path: `v3/apps/${app}/backups`, headers: { authorization: at.credential('apiKey') } })
}

/** Lists until it may, waiting in between, but not without end. */
function lister(pauseMs: (answer: Answer) => number | undefined, app = APP): Client {
  return async at => {
    for (let tries = 0; tries < 5; tries++) {
      const answer = await backupsOf(at, app)
      if (answer.status === 200) return success
      const ms = pauseMs(answer)
      if (ms === undefined) return failure
      await at.wait(ms)
    }
    return failure
  }
}

/** Downloads in two goes: `rest` says where the second one begins, and `join` what becomes of the two parts. */
function downloader(rest: (got: number) => number | undefined, join: (parts: Buffer[]) => Buffer): Client {
  return async at => {
    const [{ name, key }] = (await backupsOf(at)).json.response
    const path = `backups.dscloud.pt/23457145698959364_${encodeURIComponent(name)}.zip?${key}`
    const first = await at.attempt({ path })
    const from = rest(first.bytes.length)
    const second = await at.attempt({ path, ...(from === undefined ? {} : { headers: { range: `bytes=${from}-` } }) })
    return { ...success, sha256: sha256(join([first.bytes, second.bytes])) }
  }
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

// disaster-recovery-files

const FILES = 'backend/api/v1/disasterRecoveryFiles/'

function fetchFile(at: Session, id: string | number) {
  const headers = { authorization: `Bearer ${at.credential('apiKey')}`, accept: 'application/x-7z-compressed' }
  return at.send({ path: FILES + id, headers })
}

/** Looks for another file of that kind once the wanted one is gone. */
function fetcher(kind: string): Client {
  return async at => {
    let answer = await fetchFile(at, 123)
    if (answer.status === 404) {
      const files = (await at.send({ path: FILES, headers: { authorization: `Bearer ${at.credential('apiKey')}` } }))
        .json
      const newest = files.findLast(({ filename }: { filename: string }) => filename.startsWith(kind))
      answer = await fetchFile(at, newest.id)
    }
    return { ...success, sha256: sha256(answer.bytes) }
  }
}

export const exercises: Record<string, Exercise> = {
  'poll-until-done': {
    correct: poller(),
    wrong: {
      'takes the submission for the end': [
        async at => {
          await createBackup(at, await tokenOf(at))
          return success
        },
        /Expected the last call of getJob or getJobByPost to be answered \{"status":"COMPLETED"\}; found no call\./,
      ],
      'asks without a pause': [
        poller({ pause: () => 100, polls: 700 }),
        /Expected waits between calls of getJob or getJobByPost: at least 1s/,
      ],
      'never asks less often': [
        poller({ pause: () => 2000 }),
        /growing by a factor of 1\.25 up to 10s; wait 2 of \d+ was 2s, after a wait of 2s\./,
      ],
    },
  },
  'refresh-token': {
    correct: poller(),
    wrong: {
      'takes the error for the end': [
        poller({ refresh: false }),
        /found no generateToken answered ok after getJob or getJobByPost answered InvalidToken/,
      ],
      'begins anew': [
        async at => {
          await poller({ refresh: false })(at)
          await createBackup(at, await tokenOf(at))
          return success
        },
        /Expected exactly 1 call of createBackup; found 2\./,
      ],
    },
  },
  'stuck-job': {
    correct: poller({ pause: () => 30_000, polls: 21 }),
    wrong: {
      'waits for most of an hour': [
        poller({ pause: () => 60_000, polls: 50 }),
        /Expected at least 5m, at most 15m from the first call of getJob or getJobByPost to the last; found 49m\./,
      ],
      'is out of patience at once': [poller({ polls: 3 }), /at least 5m, at most 15m from .* to the last; found 3s\./],
    },
  },
  'retry-502': {
    correct: async at => {
      if ((await prepare(at)).status === 502) await at.wait(1000)
      return (await prepare(at)).status < 300 ? success : failure
    },
    wrong: {
      'gives up at once': [
        async at => ((await prepare(at)).status < 300 ? success : failure),
        /Expected exactly 2 calls of prepareDisasterRecovery; found 1\./,
      ],
      'does not wait': [
        async at => {
          while ((await prepare(at)).status === 502);
          return success
        },
        /Expected waits after prepareDisasterRecovery answered 502: at least 500ms, at most 60s; wait 1 of 1 was 0ms\./,
      ],
    },
  },
  'wrong-key': {
    correct: async at => follow(at, (await perform(at)).json.restore_id),
    wrong: {
      'takes 202 for success': [
        async at => ((await perform(at)).status === 202 ? success : failure),
        /answered \{"status":"failed"\}; found no call.*Expected the client to report failure; it reported success/,
      ],
      'does not see it to its end': [
        async at => {
          await at.send(a9s(at, 'GET', `2/restores/${(await perform(at)).json.restore_id}`))
          return failure
        },
        /it was answered \{"status":"queued"\}.*Expected the last job of performDisasterRecovery to be failed; found running/,
      ],
    },
  },
  'restore-in-progress': {
    correct: performer(restoresEnded),
    wrong: {
      hammers: [performer(at => at.wait(1000)), /Expected at most 3 calls of performDisasterRecovery; found 3\d\./],
      'gives up': [
        async at => ((await perform(at)).status === 409 ? failure : success),
        /answered ok after performDisasterRecovery answered RestoreInProgress\. Expected the last job of \w+ to be completed; found none/,
      ],
    },
  },
  'lost-answer': {
    correct: async at => {
      const { error } = await at.attempt(performing(at))
      const [restore] = (await restores(at)).json
      return error === undefined || !restore ? failure : follow(at, restore.id)
    },
    wrong: {
      'repeats it blindly': [
        async at => {
          await at.attempt(performing(at))
          return performer(each => each.wait(1000))(at)
        },
        /Expected exactly 1 call of performDisasterRecovery; found \d+\./,
      ],
      'reports failure': [
        async at => ((await at.attempt(performing(at))).error ? failure : success),
        /Expected the client to report success; it reported failure\./,
      ],
    },
  },
  'no-retry-403': {
    correct: lister(() => undefined, 'f0000000000000000000000000000001'),
    wrong: {
      'tries again': [
        lister(() => 60_000, 'f0000000000000000000000000000001'),
        /Expected no call after listApplicationBackups answered 403; found listApplicationBackups, listApplicationBackups/,
      ],
    },
  },
  'retry-after': {
    correct: lister(({ headers }) => Number(headers['retry-after']) * 1000),
    wrong: {
      'waits a time of its own': [
        lister(() => 1000),
        /Expected waits after listApplicationBackups answered 429: at least 5s, at most 60s; wait 1 of 2 was 1s\./,
      ],
      'gives up': [
        lister(() => undefined),
        /Expected fault 1 on listApplicationBackups to fire as often as it is armed for; it fired once\./,
      ],
    },
  },
  'resume-download': {
    correct: downloader(
      got => got,
      parts => Buffer.concat(parts),
    ),
    wrong: {
      'begins again': [
        downloader(
          () => undefined,
          ([, second]) => second as Buffer,
        ),
        /Expected at least 1 call of downloadApplicationBackup answered 206; found 0\./,
      ],
      'loses bytes': [
        downloader(
          got => got + 1,
          parts => Buffer.concat(parts),
        ),
        /Expected a complete, unchanged copy of the file; found SHA-256 [0-9a-f]{64}, not [0-9a-f]{64}\./,
      ],
      'takes a part for the whole': [
        downloader(
          got => got,
          ([first]) => first as Buffer,
        ),
        /Expected a complete, unchanged copy of the file/,
      ],
    },
  },
  'file-expired': {
    correct: fetcher('database-backup'),
    wrong: {
      'asks again and again': [
        async at => {
          for (let tries = 0; tries < 3; tries++) {
            if ((await fetchFile(at, 123)).status === 404) await at.wait(60_000)
          }
          return failure
        },
        /Expected no call to the same path after getDisasterRecoveryFile answered FileNotFound; found getDisasterRecoveryFile, get/,
      ],
      'reads the details alone': [
        async at => {
          await fetchFile(at, 123)
          const headers = { authorization: `Bearer ${at.credential('apiKey')}` }
          const files = (await at.send({ path: FILES, headers })).json
          const { bytes } = await at.send({ path: FILES + files[0].id, headers })
          return { ...success, sha256: sha256(bytes) }
        },
        /Expected a complete, unchanged copy of database-backup-2026-06-17\.7z; found no download of a file that still exists/,
      ],
      'takes another file': [
        fetcher('invoices-daily'),
        /Expected a complete, unchanged copy of database-backup-2026-06-17\.7z; found a download of invoices-daily-/,
      ],
    },
  },
}
