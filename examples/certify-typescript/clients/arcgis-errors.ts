// Clients for the drills of ArcGIS about tokens and errors.
import { createBackup, createCall, form, get, RECOVERY, signIn, tokenOf } from './arcgis-site.ts'
import {
  type Answer,
  type Client,
  type DrillClients,
  failure,
  type Report,
  repeat,
  type Session,
  success,
} from './session.ts'

interface Token {
  value: string
  /** Epoch ms, by the clock of the server. */
  expires: number
}

const serverTime = ({ headers }: Answer) => Date.parse(headers.date ?? '')

/** Polls the job every 30 seconds. Before each request gets a new token if `isDue` says so, and also when one is refused. */
function renewer(fields: Record<string, string>, isDue: (token: Token, latest: Answer) => boolean): Client {
  return async session => {
    let latest = await signIn(session, fields)
    let token: Token = { value: latest.json.token, expires: latest.json.expires }
    const renew = async () => {
      latest = await signIn(session, fields)
      token = { value: latest.json.token, expires: latest.json.expires }
    }
    if (isDue(token, latest)) await renew()
    const id = await createBackup(session, token.value)
    return repeat(session, 30_000, async () => {
      if (isDue(token, latest)) await renew()
      latest = await get(session, `arcgis/admin/jobs/${id}`, token.value)
      if (latest.json.error) await renew()
      return latest.json.status === 'COMPLETED' ? success : undefined
    })
  }
}

/** Expires within 90 seconds, by the clock of the server. */
const expiresSoon = ({ expires }: Token, latest: Answer) => expires - serverTime(latest) < 90_000

/** Polls with a new token after the errors that `isExpired` names. */
function refresher(isExpired: (code: number) => boolean): Client {
  return async session => {
    let token = await tokenOf(session)
    const id = await createBackup(session, token)
    return repeat(session, 10_000, async () => {
      const { error, status } = (await get(session, `arcgis/admin/jobs/${id}`, token)).json
      if (error && isExpired(error.code)) token = await tokenOf(session)
      return status === 'COMPLETED' ? success : undefined
    })
  }
}

const BACKUP = `${RECOVERY}/stores/backupStore/backups/backup_first`

/** Asks for the restore, and continues as `next` says. */
function restorer(next: (answer: Answer, session: Session, token: string) => Promise<Report> | Report): Client {
  return async session => {
    const token = await tokenOf(session)
    const fields = form({ passcode: session.credential('passcode'), token })
    return next(await session.send({ path: `${BACKUP}/restore`, ...fields }), session, token)
  }
}

export const clientsByDrill: Record<string, DrillClients> = {
  'early-refresh': {
    correct: renewer({ expiration: '2' }, expiresSoon),
    wrong: {
      'uses a token until it is refused': {
        client: renewer({ expiration: '2' }, () => false),
        reason:
          /^Expected exactly 0 calls of createBackup or getJob or getJobByPost answered InvalidToken; found \d\.$/,
      },
      'gets a token for each request': {
        client: renewer({ expiration: '2' }, () => true),
        reason: /^Expected at most 12 calls of generateToken; found \d\d\.$/,
      },
    },
  },
  'clock-skew': {
    correct: renewer({}, expiresSoon),
    wrong: {
      'uses its own clock': {
        client: renewer({}, ({ expires }) => expires < Date.now()),
        reason: /^Expected at most 2 calls of generateToken; found \d\.$/,
      },
    },
  },
  'token-errors': {
    correct: refresher(code => code === 498),
    wrong: {
      'signs in again after each error': {
        client: refresher(() => true),
        reason: /^Expected at most 2 calls of generateToken; found 3\.$/,
      },
    },
  },
  'error-with-200': {
    correct: async session => {
      const token = await tokenOf(session)
      let answer = await session.send(createCall(token))
      if (answer.json.error) {
        await session.wait(1000)
        answer = await session.send(createCall(token))
      }
      const { jobid } = answer.json
      return repeat(session, 10_000, async () =>
        (await get(session, `arcgis/admin/jobs/${jobid}`, token)).json.status === 'COMPLETED' ? success : undefined,
      )
    },
    wrong: {
      'looks at the HTTP status': {
        client: async session => {
          const { status } = await session.send(createCall(await tokenOf(session)))
          return status === 200 ? success : failure
        },
        reason: /found no call.*Expected exactly 1 backup matching .*; found 0\./,
      },
    },
  },
  'wrong-passcode': {
    correct: restorer(({ json }) => (json.error ? failure : success)),
    wrong: {
      'looks at the HTTP status': {
        client: restorer(({ status }) => (status === 200 ? success : failure)),
        reason: /^Expected the client to report failure; it reported success\.$/,
      },
      'sends the passcode again': {
        client: async session => {
          await restorer(() => failure)(session)
          return restorer(() => failure)(session)
        },
        reason: /^Expected exactly 1 call of restoreBackup; found 2\.$/,
      },
    },
  },
  'restore-unavailable': {
    correct: restorer((_answer, session, token) =>
      repeat(session, 10_000, async () => {
        const { json } = await get(session, `${RECOVERY}/status`, token)
        if (json.status.state !== 'success') return json.status.state === 'failed' ? failure : undefined
        await get(session, `${RECOVERY}/stores/backupStore/backups`, token)
        return success
      }),
    ),
    wrong: {
      'takes the response for the end': {
        client: restorer(({ json }) => (json.status === 'success' ? success : failure)),
        reason: /Expected the last job of restoreBackup to be completed; found running\./,
      },
      'takes the status 503 for a failure': {
        client: restorer(async (_answer, session, token) =>
          (await get(session, `${RECOVERY}/stores/backupStore/backups`, token)).status === 503 ? failure : success,
        ),
        reason: /Expected the client to report success; it reported failure\.$/,
      },
    },
  },
}
