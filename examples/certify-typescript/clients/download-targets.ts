// The files that clients for the drills of downloads download, and the reasons why they fail.
import type { Target } from './downloading.ts'
import { backupsOf } from './dscloud.ts'
import type { Session } from './session.ts'

/** The successful backup of the list, with its size and checksum. */
export async function backupIn(
  session: Session,
): Promise<Required<Pick<Target, 'path' | 'sizeBytes' | 'sha1'>> & Target> {
  const backups: { name: string; size: number; key: string | null }[] = (await backupsOf(session)).json.response
  const { name, size, key } = backups.find(each => each.key !== null) as (typeof backups)[number]
  const path = `backups.dscloud.pt/${session.run.inputs.accountId}_${encodeURIComponent(name)}.zip?${key}`
  return { path, sizeBytes: size, sha1: String(key), key: { authorization: session.credential('apiKey') } }
}

export const RECOVERY_FILE = 'backend/api/v1/disasterRecoveryFiles/123'

export const recoveryHeaders = (session: Session) => ({
  authorization: `Bearer ${session.credential('apiKey')}`,
  accept: 'application/x-7z-compressed',
})

export const NOT_THE_FILE = /Expected a complete, unchanged copy of the file; found SHA-256 [^.]*\./
export const NOT_REPORTED = /Expected the client to report success; it reported failure\./
