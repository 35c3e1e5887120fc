// Values of the demo data, with which a fuzzed request passes the first checks of an operation.
import { type Hints, TIMES } from './values.ts'

/** Replaced when a request is sent: by a token of its sandbox, and by the ids in the latest answers. */
export const TOKEN = '~TOKEN~'
export const ids = Array.from({ length: 8 }, (_, index) => `~ID${index}~`)

const INSTANCE = '10000000-0000-4000-8000-00000000000'
/** Always answers 500 in the demo data. */
export const FAILING_INSTANCE = `${INSTANCE}7`

const GUID = '3a2e59ee-40cb-472a-91d0-502ab259918'
const DRILLS = ['file-expired', 'resume-download', 'retry-502', 'stuck-job', 'wrong-key']
const OPERATIONS = [
  'prepareDisasterRecovery',
  'performDisasterRecovery',
  'createBackup',
  'getJob',
  'listDisasterRecoveryFiles',
  '*',
]

export const hints: Hints = {
  instance_id: [1, 2, 2, 2, 3, 4, 5, 6].map(number => INSTANCE + number),
  restore_id: ['1', '1', '2', '3'],
  backup_id: ['1', '2', '2', '3', '4'],
  'downloadBackup.id': [`${GUID}c-1780999200000`, `${GUID}c`],
  app_id: ['64d0c750212742ca8704fb458c9771af', '7c1f0d9a3b5e4f6882a4c6e8f0b1d3a5', 'f0000000000000000000000000000001'],
  file: ['23457145698959364_Backup at 2024-12-07 22:07:11.zip', '23457145698959364_Backup at 2024-12-07 22:28:26.zip'],
  context: ['arcgis', 'arcgis', 'arcgis', 'portal', 'a b', 'admin'],
  storeName: ['backupStore', 'backupsDefault', 'fullStore'],
  jobid: ids,
  id: [...ids, ...ids, ...DRILLS, 'certify-1', '123', '7'],
  'getDisasterRecoveryFile.id': ['123', '123', '123', '123', '123', '123', '7', ...ids],
  sandbox: ['other-1', 'other-2', 'drill-stuck-job-1'],
  f: ['json', 'json', 'pjson', 'html'],
  username: ['siteadmin', 'publisher1', 'viewer1'],
  password: ['siteadmin.pass1', 'publisher.pass1', 'viewer.pass1'],
  client: ['referer', 'ip', 'requestip'],
  passcode: ['passcode', 'secret123'],
  retentionDate: [-1, 0, 1_781_092_800_000, 8.64e15],
  backup_guid: [`${GUID}c`, `${GUID}2`, `${GUID}c-1780920000000`],
  encryption_key: ['second-encryption-key', 'first-encryption-key', 'another-key'],
  name: ['other-1', 'other-2', 'snapshot-1', 'snapshot-2', 'flaky-network', 'slow-jobs', 'upstream-down', 'NotFound'],
  scenario: ['busy', 'documented', 'empty', 'expired', 'failing', 'constructor', 'valueOf'],
  snapshot: ['snapshot-1', 'snapshot-2'],
  from: ['fixture', 'blank', { scenario: 'busy' }, { scenario: '__proto__' }, { snapshot: 'snapshot-1' }],
  clock: ['real', 'frozen', 'frozen:2026-06-10T12:00:00Z', 'scaled:2', 'scaled:1e300', 'scaled:2:+1d'],
  operation: OPERATIONS,
  progression: ['time', 'immediate', 'polls:2', 'manual', 'polls:0', 'polls:9999999'],
  speed: [1, 10, 1e-300, 1e300],
  times: [1, 2, 1e21, 2 ** 53],
  outcome: [
    { result: 'success' },
    { result: 'stuck', phase: 'running' },
    { result: 'fail', reason: 'x', phase: 'queued' },
    { result: 'time-out' },
    { result: 'no-result' },
  ],
  durations: [{ running: '5m' }, { queued: 0, running: 8.64e15 }, { constructor: 1 }],
  fault: [
    'error',
    'status',
    'delay',
    'empty-body',
    'malformed-body',
    'content-type',
    'merge-patch',
    'proxy-error',
    'rate-limit',
  ],
  match: [{ method: 'post' }, { headers: { constructor: 'x' } }, { urlPathPattern: '.*' }, { query: { f: 'json' } }],
  factor: [1, 0.5, 100, 1e300, 1e-300],
  mode: ['real', 'frozen', 'scaled'],
  now: ['+1m', '+1d', ...TIMES],
  by: ['1s', '5m', '1h', ...TIMES],
  to: ['+5m', '+1d', ...TIMES],
  max: ['1s', '1h', ...TIMES],
  timeoutMs: [0, 1, 5],
  limit: ['0', '1', '10', '1e3', '-1'],
  offset: ['0', '1', '10'],
  createdSince: TIMES,
  since: TIMES,
  urlPathPattern: ['/v1/.*', '(a+)+$', '(?=x)', '['],
}
