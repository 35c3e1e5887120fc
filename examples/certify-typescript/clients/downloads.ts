// Clients for the drills of downloads that go wrong.
import { backupIn, NOT_REPORTED, NOT_THE_FILE, RECOVERY_FILE, recoveryHeaders } from './download-targets.ts'
import { download, type Mistake, type Target, type Way } from './downloading.ts'
import type { Client, DrillClients } from './session.ts'

/** Downloads the backup of the list; the key of the API is for the list alone. */
function backup(mistake?: Mistake, more: Partial<Target> = {}): Client {
  return async session => {
    const { key, ...target } = await backupIn(session)
    const seen = mistake === 'sends its key everywhere' && key !== undefined ? { key } : {}
    return download(session, { ...target, ...seen, ...more }, mistake)
  }
}

/** Downloads disaster recovery file 123, whose size is not known beforehand. */
function recoveryFile(mistake?: Mistake, more: Partial<Target> = {}): Client {
  return session => download(session, { path: RECOVERY_FILE, headers: recoveryHeaders(session), ...more }, mistake)
}

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
  'encoded-file': withWays(
    recoveryClients({
      'accepts any encoding': /Expected at least 1 call of getDisasterRecoveryFile with .*; found 0\./,
      'decodes nothing': NOT_THE_FILE,
      'decodes once': NOT_THE_FILE,
    }),
    recoveryFile,
    'decodes',
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
  'limited-download': clients({
    'ignores Retry-After': /Expected waits after downloadApplicationBackup answered 503/,
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
  'stalled-download': recoveryClients({ 'gives up when a connection ends': NOT_REPORTED }, { idleMs: 1000 }),
  'wrong-length': {
    ...clients({ 'gives up when a connection ends': NOT_REPORTED, 'appends any part': NOT_THE_FILE }, { idleMs: 1000 }),
    alsoCorrect: { 'starts again': backup(undefined, { idleMs: 1000, way: 'starts again' }) },
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
}
