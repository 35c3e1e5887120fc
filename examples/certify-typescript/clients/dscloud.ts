// Clients for the drills of application backups.
import { type Answer, type Client, type DrillClients, failure, type Session, sha256, success } from './session.ts'

export const APP = '7c1f0d9a3b5e4f6882a4c6e8f0b1d3a5'

export const backupsCall = (session: Session, app = APP) => ({
  path: `v3/apps/${app}/backups`,
  headers: { authorization: session.credential('apiKey') },
})

export const backupsOf = (session: Session, app?: string) => session.send(backupsCall(session, app))

/** Repeats the list until it succeeds, at most five times. `pauseMs` returns the pause after an error, or undefined to give up. */
export function lister(pauseMs: (answer: Answer) => number | undefined, app = APP): Client {
  return async session => {
    for (let tries = 0; tries < 5; tries++) {
      const answer = await backupsOf(session, app)
      if (answer.status === 200) return success
      const ms = pauseMs(answer)
      if (ms === undefined) return failure
      await session.wait(ms)
    }
    return failure
  }
}

/** Sends two requests for a file: `rest` returns the offset of the second one, and `join` makes a file of both bodies. */
function downloader(rest: (receivedBytes: number) => number | undefined, join: (parts: Buffer[]) => Buffer): Client {
  return async session => {
    const [{ name, key }] = (await backupsOf(session)).json.response
    const path = `backups.dscloud.pt/23457145698959364_${encodeURIComponent(name)}.zip?${key}`
    const first = await session.attempt({ path })
    const from = rest(first.bytes.length)
    const second = await session.attempt({
      path,
      ...(from === undefined ? {} : { headers: { range: `bytes=${from}-` } }),
    })
    return { ...success, sha256: sha256(join([first.bytes, second.bytes])) }
  }
}

export const clientsByDrill: Record<string, DrillClients> = {
  'no-retry-403': {
    correct: lister(() => undefined, 'f0000000000000000000000000000001'),
    wrong: {
      retries: {
        client: lister(() => 60_000, 'f0000000000000000000000000000001'),
        reason:
          /Expected no call after listApplicationBackups answered 403; found listApplicationBackups, listApplicationBackups/,
      },
    },
  },
  'retry-after': {
    correct: lister(({ headers }) => Number(headers['retry-after']) * 1000),
    wrong: {
      'ignores the time in Retry-After': {
        client: lister(() => 1000),
        reason:
          /Expected waits after listApplicationBackups answered 429: at least 5s, at most 60s; wait 1 of 2 was 1s\./,
      },
      'gives up': {
        client: lister(() => undefined),
        reason: /Expected fault 1 on listApplicationBackups to fire 2 times; it fired once\./,
      },
    },
  },
  'resume-download': {
    correct: downloader(
      received => received,
      parts => Buffer.concat(parts),
    ),
    wrong: {
      'starts the download again': {
        client: downloader(
          () => undefined,
          ([, second]) => second as Buffer,
        ),
        reason: /Expected at least 1 call of downloadApplicationBackup answered 206; found 0\./,
      },
      'loses bytes': {
        client: downloader(
          received => received + 1,
          parts => Buffer.concat(parts),
        ),
        reason: /Expected a complete, unchanged copy of the file; found SHA-256 [0-9a-f]{64}, not [0-9a-f]{64}\./,
      },
      'keeps only the first part': {
        client: downloader(
          received => received,
          ([first]) => first as Buffer,
        ),
        reason: /Expected a complete, unchanged copy of the file/,
      },
    },
  },
}
