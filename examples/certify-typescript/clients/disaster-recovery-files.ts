// Clients for the drills of disaster recovery files about a single file.
import { opens } from './opening.ts'
import { type Client, type DrillClients, failure, type Session, sha256, success } from './session.ts'

const FILES = 'backend/api/v1/disasterRecoveryFiles/'

function fetchFile(session: Session, id: string | number) {
  const headers = { authorization: `Bearer ${session.credential('apiKey')}`, accept: 'application/x-7z-compressed' }
  return session.send({ path: FILES + id, headers })
}

/** Downloads file 123, or the newest file of that kind once 123 has expired. */
function fetcher(kind: string): Client {
  return async session => {
    let answer = await fetchFile(session, 123)
    if (answer.status === 404) {
      const files = (
        await session.send({ path: FILES, headers: { authorization: `Bearer ${session.credential('apiKey')}` } })
      ).json
      const newest = files.findLast(({ filename }: { filename: string }) => filename.startsWith(kind))
      answer = await fetchFile(session, newest.id)
    }
    return { ...success, sha256: sha256(answer.bytes) }
  }
}

export const clientsByDrill: Record<string, DrillClients> = {
  'file-expired': {
    correct: fetcher('database-backup'),
    wrong: {
      'requests the same file again': {
        client: async session => {
          for (let tries = 0; tries < 3; tries++) {
            if ((await fetchFile(session, 123)).status === 404) await session.wait(60_000)
          }
          return failure
        },
        reason:
          /Expected no call to the same path after getDisasterRecoveryFile answered FileNotFound; found getDisasterRecoveryFile, get/,
      },
      'reads only the details of another file': {
        client: async session => {
          await fetchFile(session, 123)
          const headers = { authorization: `Bearer ${session.credential('apiKey')}` }
          const files = (await session.send({ path: FILES, headers })).json
          const { bytes } = await session.send({ path: FILES + files[0].id, headers })
          return { ...success, sha256: sha256(bytes) }
        },
        reason:
          /Expected a complete, unchanged copy of database-backup-2026-06-17\.7z; found no download of a file that still exists/,
      },
      'downloads a file of another kind': {
        client: fetcher('invoices-daily'),
        reason:
          /Expected a complete, unchanged copy of database-backup-2026-06-17\.7z; found a download of invoices-daily-/,
      },
    },
  },
  'wrong-archive-password': {
    correct: async session => {
      const { bytes } = await fetchFile(session, 123)
      return (await opens(bytes, session.credential('archivePassword')))
        ? { ...success, sha256: sha256(bytes) }
        : failure
    },
    wrong: {
      'does not test the archive': {
        client: async session => ({ ...success, sha256: sha256((await fetchFile(session, 123)).bytes) }),
        reason: /^Expected the client to report failure; it reported success\.$/,
      },
      'downloads it again': {
        client: async session => {
          await fetchFile(session, 123)
          await fetchFile(session, 123)
          return failure
        },
        reason: /^Expected at most 1 call of getDisasterRecoveryFile; found 2\.$/,
      },
    },
  },
}
