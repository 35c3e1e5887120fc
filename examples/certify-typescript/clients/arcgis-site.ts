// What the clients for the drills of ArcGIS share: forms, tokens, the creation of the backup, and its job.
import { type Answer, type Client, type Report, repeat, type Session } from './session.ts'

export const RECOVERY = 'arcgis/admin/system/disasterrecovery'

export const form = (fields: Record<string, string>) => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams({ f: 'json', ...fields }).toString(),
})

/** Signs in. `fields` are further ones of the form. */
export function signIn(session: Session, fields: Record<string, string> = {}): Promise<Answer> {
  const account = { username: session.credential('username'), password: session.credential('password') }
  return session.send({ path: 'arcgis/sharing/rest/generateToken', ...form({ ...account, ...fields }) })
}

export async function tokenOf(session: Session): Promise<string> {
  return (await signIn(session)).json.token
}

export function createCall(token: string, { store = 'backupStore', name = 'drill-backup' } = {}) {
  const path = `${RECOVERY}/stores/${store}/backups/create`
  return { path, ...form({ name, passcode: 'drill-passcode', token }) }
}

/** The id of the job. */
export async function createBackup(session: Session, token: string, where?: { store?: string }): Promise<string> {
  return (await session.send(createCall(token, where))).json.jobid
}

export const get = (session: Session, path: string, token: string) =>
  session.send({ path: `${path}?f=json&token=${token}` })

export interface Job {
  error?: { code: number }
  status?: string
  messages?: string[]
  result?: { stages: object[] }
}

/** The session of a client that has created the backup. */
export interface Site {
  session: Session
  token: string
}

export type EndOf = (job: Job, site: Site) => Promise<Report | undefined> | Report | undefined

/** Creates the backup, and polls its job every ten seconds until `endOf` returns a report for a response. */
export function follower(endOf: EndOf, store?: string): Client {
  return async session => {
    const token = await tokenOf(session)
    const id = await createBackup(session, token, store === undefined ? {} : { store })
    return repeat(session, 10_000, async () =>
      endOf((await get(session, `arcgis/admin/jobs/${id}`, token)).json, { session, token }),
    )
  }
}
