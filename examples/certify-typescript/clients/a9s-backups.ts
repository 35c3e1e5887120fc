// Clients for the drills of a9s about finding a backup, or what a lost request has started.
import { a9s, follow, perform, restores } from './a9s.ts'
import { type Client, type DrillClients, failure, repeat, type Session, success } from './session.ts'

interface Backup {
  id: number
  backup_id: string
  status: string
  triggered_at: string
}

async function backupsOf(session: Session, instance: number): Promise<Backup[]> {
  return (await session.send(a9s(session, 'GET', `${instance}/backups`))).json
}

const createCall = (session: Session) => a9s(session, 'POST', '1/backups')

function followBackup(session: Session, id: number) {
  return repeat(session, 1000, async () => {
    const { status } = (await session.send(a9s(session, 'GET', `1/backups/${id}`))).json
    return status === 'done' ? success : undefined
  })
}

/** Starts the restore, and again after a 504 if `mayRepeat` allows it. */
function performer(mayRepeat: (session: Session) => Promise<boolean>): Client {
  return async session => {
    let answer = await perform(session)
    if (answer.status === 504) {
      if (!(await mayRepeat(session))) return failure
      await session.wait(1000)
      answer = await perform(session)
    }
    return follow(session, answer.json.restore_id)
  }
}

/** Restores the backup of the day with the key that `keyOf` chooses. */
function restorer(keyOf: (madeOn: string, keyChangedOn: string) => string): Client {
  return async session => {
    const { backupOf, keyChangedOn } = session.run.inputs as Record<string, string>
    const backups = await backupsOf(session, 1)
    const backup = backups.find(({ triggered_at: at }) => at.startsWith(String(backupOf))) as Backup
    const key = session.credential(keyOf(backup.triggered_at, String(keyChangedOn)))
    return follow(session, (await perform(session, backup.backup_id, key)).json.restore_id)
  }
}

/** Restores the instance from the backup that `choose` returns. */
function selfRestorer(instance: number, choose: (backups: Backup[]) => Backup | undefined): Client {
  return async session => {
    const backup = choose(await backupsOf(session, instance))
    if (!backup) return failure
    const { status, json } = await session.send(a9s(session, 'POST', `${instance}/backups/${backup.id}/restore`))
    return status === 202 ? follow(session, json.id, instance) : failure
  }
}

const newestDone = (backups: Backup[]) => backups.find(({ status }) => status === 'done')
const newest = ([first]: Backup[]) => first

export const clientsByDrill: Record<string, DrillClients> = {
  'lost-backup': {
    correct: async session => {
      await session.attempt(createCall(session))
      const [made] = await backupsOf(session, 1)
      return made ? followBackup(session, made.id) : failure
    },
    wrong: {
      'sends the request again': {
        client: async session => {
          await session.attempt(createCall(session))
          return followBackup(session, (await session.send(createCall(session))).json.id)
        },
        reason: /Expected exactly 1 call of createInstanceBackup; found 2\./,
      },
    },
  },
  'gateway-timeout': {
    correct: performer(async session => (await restores(session)).json.length === 0),
    wrong: {
      'gives up': {
        client: performer(async () => false),
        reason: /found no listRestores answered ok after performDisasterRecovery answered GatewayTimeout/,
      },
      'repeats without looking': {
        client: performer(async () => true),
        reason: /^Expected calls in this order: .*; found no listRestores answered ok after [^.]*\.$/,
      },
    },
  },
  'rotated-key': {
    correct: restorer((madeOn, keyChangedOn) => (madeOn < keyChangedOn ? 'firstKey' : 'secondKey')),
    wrong: {
      'always sends the current key': {
        client: restorer(() => 'secondKey'),
        reason: /Expected the last job of performDisasterRecovery to be completed; found failed\./,
      },
    },
  },
  'no-backups': {
    correct: selfRestorer(2, newestDone),
    wrong: {
      'takes the first element of the list': {
        client: selfRestorer(2, backups => ({ ...newest(backups), id: (newest(backups) as Backup).id }) as Backup),
        reason: /^Expected the client to report failure; it reported no outcome\.$/,
      },
    },
  },
  'newest-done-backup': {
    correct: selfRestorer(1, newestDone),
    wrong: {
      'takes the newest backup': {
        client: selfRestorer(1, newest),
        reason: /Expected exactly 0 calls of restoreInstanceBackup answered BackupNonRestorableState; found 1\./,
      },
    },
  },
}
