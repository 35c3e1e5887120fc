// Clients with planted bugs for the search, beside correct ones for the same tasks.

import { createCall, form } from '../../examples/certify-typescript/clients/arcgis-site.ts'
import {
  type Attempt,
  type Call,
  type Report,
  type Session,
  sha256,
} from '../../examples/certify-typescript/clients/session.ts'
import type { CertificationTask } from '../../schemas/control/certifications.ts'
import type { ReportResult } from '../../schemas/report.ts'
import { ServerSession } from '../drillsession.ts'

export type Planted = (session: Session) => Promise<Report>

/** The client as the search calls it. */
export function clientOf(server: { url: string }, client: Planted) {
  return async (task: CertificationTask): Promise<ReportResult> => {
    const { sha256, outcome, ...answer } = await client(new ServerSession(server, task))
    return {
      claim: outcome === 'success' ? 'success' : 'failure',
      ...(Object.keys(answer).length === 0 ? {} : { answer }),
      ...(sha256 === undefined ? {} : { sha256 }),
    }
  }
}

const success: Report = { outcome: 'success' }
const failure: Report = { outcome: 'failure' }

function isComplete({ status, headers, bytes, error }: Attempt): boolean {
  return error === undefined && status === 200 && Number(headers['content-length'] ?? bytes.length) === bytes.length
}

function jsonOf({ bytes }: Attempt) {
  try {
    return JSON.parse(bytes.toString())
  } catch {
    return undefined
  }
}

/** Repeats the request until `read` returns something, as often as `pauses` has waits for it. */
async function retried<Value>(
  session: Session,
  call: Call,
  read: (answer: Attempt) => Value | undefined,
  pauses: (tries: number, answer: Attempt) => number | undefined,
): Promise<Value | undefined> {
  for (let tries = 0; ; tries++) {
    const answer = await session.attempt(call)
    const value = isComplete(answer) ? read(answer) : undefined
    if (value !== undefined) return value
    const pauseMs = pauses(tries, answer)
    if (pauseMs === undefined) return undefined
    await session.wait(pauseMs)
  }
}

/** Waits as long as Retry-After says, else longer each time; eight times at most. */
const politely = (tries: number, { headers }: Attempt): number | undefined =>
  tries < 8 ? Number(headers['retry-after'] ?? 2 ** tries) * 1000 : undefined

const APP = '7c1f0d9a3b5e4f6882a4c6e8f0b1d3a5'
const listOf = (session: Session): Call => ({
  path: `v3/apps/${APP}/backups`,
  headers: { authorization: session.credential('apiKey') },
})

interface Backup {
  name: string
  key: string
}
const backupsIn = (answer: Attempt): Backup[] | undefined => jsonOf(answer)?.response

function list(pauses: typeof politely): Planted {
  return async session => ((await retried(session, listOf(session), backupsIn, pauses)) ? success : failure)
}

/** Downloads the backup; resumes with a Range as long as the answers are cut. `appends200`: also an answer that is no part, when it resumes. */
function download({ appends200 = false } = {}): Planted {
  return async session => {
    const [backup] = (await retried(session, listOf(session), backupsIn, politely)) ?? []
    if (!backup) return failure
    const path = `backups.dscloud.pt/23457145698959364_${encodeURIComponent(backup.name)}.zip?${backup.key}`
    let file: Buffer = Buffer.alloc(0)
    for (let tries = 0; tries < 8; tries++) {
      const headers: Record<string, string> = file.length > 0 ? { range: `bytes=${file.length}-` } : {}
      const part = await session.attempt({ path, headers })
      const isFile = /zip/.test(part.headers['content-type'] ?? '')
      const isPart = part.status === 206 || (appends200 && file.length > 0 && part.status === 200)
      if (isPart || (part.status === 200 && isFile)) {
        file = isPart ? Buffer.concat([file, part.bytes]) : part.bytes
        if (part.error === undefined && file.length > 0) return { ...success, sha256: sha256(file) }
      }
      await session.wait(1000 * 2 ** tries)
    }
    return failure
  }
}

const INSTANCE = 'v1/instances/10000000-0000-4000-8000-000000000002'

/** Starts a restore, and follows it. `repeats`: starts it again when the answer is lost, instead of looking for it. */
function restore(repeats: boolean): Planted {
  return async session => {
    const headers = { authorization: `Bearer ${session.credential('token')}` }
    const body = JSON.stringify({
      backup_guid: '3a2e59ee-40cb-472a-91d0-502ab259918c',
      encryption_key: session.credential('encryptionKey'),
    })
    const perform = {
      method: 'POST',
      path: `${INSTANCE}/disaster-recovery/perform`,
      headers: { ...headers, 'content-type': 'application/json' },
      body,
    }
    const restores = { path: `${INSTANCE}/restores`, headers }
    for (let tries = 0; tries < 5; tries++) {
      const answer = await session.attempt(perform)
      const id = jsonOf(answer)?.restore_id ?? (repeats ? undefined : await idOfLast(session, restores))
      if (id !== undefined) return follow(session, { path: `${INSTANCE}/restores/${id}`, headers })
      await session.wait(60_000 * 2 ** tries)
    }
    return failure
  }
}

async function idOfLast(session: Session, restores: Call): Promise<number | undefined> {
  const list = await retried(session, restores, answer => jsonOf(answer) as { id: number }[] | undefined, politely)
  return list?.at(-1)?.id
}

async function follow(session: Session, poll: Call): Promise<Report> {
  for (let polls = 0; polls < 40; polls++) {
    const answer = await session.attempt(poll)
    const status = isComplete(answer) ? jsonOf(answer)?.status : undefined
    if (status === 'done') return success
    if (status === 'failed') return failure
    await session.wait(Math.min(1000 * 2 ** polls, 120_000))
  }
  return failure
}

/** Creates a backup, and polls its job. `trustsHtml`: takes an answer that is not JSON for success if its status is 200. */
function backup(trustsHtml: boolean): Planted {
  return async session => {
    const account = { username: session.credential('username'), password: session.credential('password') }
    const signIn = { path: 'arcgis/sharing/rest/generateToken', ...form(account) }
    const token = await retried(session, signIn, answer => jsonOf(answer)?.token as string | undefined, politely)
    if (token === undefined) return failure
    const created = await session.attempt(createCall(token))
    const id = jsonOf(created)?.jobid
    if (trustsHtml && created.status === 200 && !jsonOf(created)) return success
    if (id === undefined) return failure
    for (let polls = 0; polls < 40; polls++) {
      const status = jsonOf(await session.attempt({ path: `arcgis/admin/jobs/${id}?f=json&token=${token}` }))?.status
      if (status === 'COMPLETED') return success
      if (status === 'FAILED') return failure
      await session.wait(Math.min(1000 * 2 ** polls, 120_000))
    }
    return failure
  }
}

interface PlantedBug {
  task: string
  bug: string
  correct: Planted
  wrong: Planted
  /** Less than the default keeps the test fast. */
  maxCalls?: number
  reason: RegExp
  step: RegExp
}

/** For each task a correct client, and one with a bug. */
export const PLANTED: PlantedBug[] = [
  {
    task: 'retry-after',
    maxCalls: 20,
    bug: 'ignores Retry-After',
    correct: list(politely),
    wrong: list(tries => (tries < 25 ? 100 : undefined)),
    reason: /Expected at most 20 calls of every operation together; found \d+/,
    step: /every request is |Request/,
  },
  {
    task: 'lost-answer',
    bug: 'repeats a creation after its answer was lost',
    correct: restore(false),
    wrong: restore(true),
    reason: /Expected at most 1 job to be submitted; found [23]/,
    step: /of performDisasterRecovery is (?:carried out|answered with)/,
  },
  {
    task: 'poll-until-done',
    bug: 'takes an HTML page with status 200 for success',
    correct: backup(false),
    wrong: backup(true),
    reason: /if the client claims success; found/,
    step: /createBackup is answered/,
  },
  {
    task: 'resume-download',
    bug: 'appends a whole answer to a part',
    correct: download(),
    wrong: download({ appends200: true }),
    reason: /unchanged copy of the file, if the client claims success; found /,
    step: /is cut in the middle/,
  },
  {
    task: 'retry-after',
    maxCalls: 20,
    bug: 'never gives up',
    correct: list(politely),
    wrong: list((_tries, { headers }) => Math.max(480, Number(headers['retry-after'] ?? 0)) * 1000),
    reason: /Expected at most 20 calls of every operation together; found \d+/,
    step: /for 3h, every request is /,
  },
]
