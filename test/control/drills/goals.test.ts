// The rules of drills as a table: what keeps each, what does not, and what is said.
import t from 'tap'
import type { Goal } from '../../../schemas/drills.ts'
import type { Call } from '../../../src/control/drills/calls.ts'
import { judge, type RunResult } from '../../../src/control/drills/goals.ts'

const NOTHING: RunResult = { calls: [], jobs: [], tables: {}, faults: [], problems: [], file: undefined, reported: {} }

function made(operation: string, at: number, more: Partial<Call> = {}): Call {
  return {
    operation,
    path: `/${operation}`,
    at,
    status: 200,
    error: undefined,
    isChangedByFault: false,
    body: undefined,
    ...more,
  }
}

/** Calls of `poll` at these seconds. */
const polls = (...seconds: number[]) => seconds.map(second => made('poll', second * 1000))
const FILE = { name: 'a.zip', sha256: 'ab'.repeat(32) }

type Case = [passed: boolean, goal: Goal, ending: Partial<RunResult>, rule: string, detail: string]

const cases: Record<string, Case[]> = {
  calls: [
    [
      true,
      { rule: 'calls', operation: 'poll', exactly: 2 },
      { calls: polls(1, 2) },
      'exactly 2 calls of poll',
      'there were 2',
    ],
    [
      false,
      { rule: 'calls', operation: 'poll', exactly: 1 },
      { calls: polls(1, 2) },
      'exactly 1 call of poll',
      'there were 2',
    ],
    [
      false,
      { rule: 'calls', operation: 'poll', atLeast: 2 },
      { calls: polls(1) },
      'at least 2 calls of poll',
      'there was 1',
    ],
    [
      true,
      { rule: 'calls', operation: 'poll', atLeast: 1, atMost: 2 },
      { calls: polls(1, 2) },
      'at least 1, at most 2 calls of poll',
      'there were 2',
    ],
    [
      false,
      { rule: 'calls', operation: 'poll', atMost: 1 },
      { calls: polls(1, 2) },
      'at most 1 call of poll',
      'there were 2',
    ],
    [
      true,
      { rule: 'calls', operation: ['poll', 'look'], exactly: 2 },
      { calls: [...polls(1), made('look', 2)] },
      'exactly 2 calls of poll or look',
      'there were 2',
    ],
    [
      true,
      { rule: 'calls', operation: 'poll', answer: 'Gone', exactly: 1 },
      { calls: [...polls(1), made('poll', 2, { error: 'Gone' })] },
      'exactly 1 call of poll answered Gone',
      'there was 1',
    ],
    [
      false,
      { rule: 'calls', operation: 'poll', answer: 'ok', exactly: 1 },
      { calls: [made('poll', 2, { error: 'Gone' })] },
      'exactly 1 call of poll answered ok',
      'there were 0',
    ],
    [
      false,
      { rule: 'calls', operation: 'poll', answer: 'ok', exactly: 1 },
      { calls: [made('poll', 2, { isChangedByFault: true })] },
      'exactly 1 call of poll answered ok',
      'there were 0',
    ],
    [
      false,
      { rule: 'calls', operation: 'poll', answer: 'ok', exactly: 1 },
      { calls: [made('poll', 2, { status: 404 })] },
      'exactly 1 call of poll answered ok',
      'there were 0',
    ],
    [
      false,
      { rule: 'calls', operation: 'poll', answer: 'ok', exactly: 1 },
      { calls: [made('poll', 2, { status: undefined })] },
      'exactly 1 call of poll answered ok',
      'there were 0',
    ],
    [
      true,
      { rule: 'calls', operation: 'poll', answer: 502, exactly: 1 },
      { calls: [made('poll', 2, { status: 502 })] },
      'exactly 1 call of poll answered 502',
      'there was 1',
    ],
  ],
  order: [
    [
      true,
      { rule: 'order', steps: [{ operation: 'a' }, { operation: 'b' }] },
      { calls: [made('a', 1), made('c', 2), made('b', 3)] },
      'in this order: a, b',
      'they came so',
    ],
    [
      false,
      { rule: 'order', steps: [{ operation: 'a' }, { operation: 'b', answer: 'ok' }] },
      { calls: [made('b', 1), made('a', 2), made('b', 3, { status: 500 })] },
      'in this order: a, b answered ok',
      'there was no b answered ok after a',
    ],
    [
      false,
      { rule: 'order', steps: [{ operation: 'a' }, { operation: 'b' }] },
      {},
      'in this order: a, b',
      'there was no a',
    ],
  ],
  'back-off': [
    [
      true,
      { rule: 'back-off', operation: 'poll', minMs: 1000, maxMs: 3000 },
      { calls: polls(0, 1, 4) },
      'waits between poll: at least 1s, at most 3s',
      'they were 1s to 3s',
    ],
    [
      false,
      { rule: 'back-off', operation: 'poll', minMs: 1000 },
      { calls: polls(0, 2, 2.5) },
      'waits between poll: at least 1s',
      'number 2 of 2 was 500ms, after one of 2s',
    ],
    [
      false,
      { rule: 'back-off', operation: 'poll', maxMs: 1000 },
      { calls: polls(0, 150) },
      'waits between poll: at most 1s',
      'number 1 of 1 was 2.5m',
    ],
    [
      true,
      { rule: 'back-off', operation: 'poll', minMs: 1000 },
      { calls: polls(0) },
      'waits between poll: at least 1s',
      'there were none',
    ],
    [
      true,
      { rule: 'back-off', operation: 'poll', growing: { factor: 2, untilMs: 4000 } },
      { calls: polls(0, 1, 3, 7, 11, 15) },
      'waits between poll: growing 2 times each up to 4s',
      'they were 1s to 4s',
    ],
    [
      false,
      { rule: 'back-off', operation: 'poll', growing: { factor: 2, untilMs: 4000 } },
      { calls: polls(0, 1, 2) },
      'waits between poll: growing 2 times each up to 4s',
      'number 2 of 2 was 1s, after one of 1s',
    ],
    [
      true,
      { rule: 'back-off', operation: 'poll', after: 429, minMs: 5000 },
      { calls: [made('poll', 0, { status: 429 }), ...polls(5, 5.1)] },
      'waits after poll answered 429: at least 5s',
      'they were 5s to 5s',
    ],
    [
      false,
      { rule: 'back-off', operation: 'poll', after: 429, minMs: 5000 },
      { calls: [made('poll', 0, { status: 429 }), ...polls(1)] },
      'waits after poll answered 429: at least 5s',
      'number 1 of 1 was 1s',
    ],
    [
      true,
      { rule: 'back-off', operation: 'poll', minMs: 5000 },
      { calls: [made('poll', 0, { path: '/1' }), made('poll', 1, { path: '/2' })] },
      'waits between poll: at least 5s',
      'there were none',
    ],
  ],
  duration: [
    [
      true,
      { rule: 'duration', operation: 'poll', minMs: 5000, maxMs: 9000 },
      { calls: polls(1, 2, 7) },
      'from the first poll to the last: at least 5s, at most 9s',
      'it was 6s',
    ],
    [
      false,
      { rule: 'duration', operation: 'poll', minMs: 5000 },
      { calls: polls(1, 2) },
      'from the first poll to the last: at least 5s',
      'it was 1s',
    ],
    [
      false,
      { rule: 'duration', operation: 'poll', maxMs: 5000 },
      { calls: polls(1, 7) },
      'from the first poll to the last: at most 5s',
      'it was 6s',
    ],
    [
      false,
      { rule: 'duration', operation: 'poll', maxMs: 5000 },
      {},
      'from the first poll to the last: at most 5s',
      'there was none',
    ],
  ],
  'no-call-after': [
    [
      true,
      { rule: 'no-call-after', after: { operation: 'a', answer: 403 } },
      { calls: [made('b', 1), made('a', 2, { status: 403 })] },
      'no call after a answered 403',
      'there was none',
    ],
    [
      false,
      { rule: 'no-call-after', after: { operation: 'a', answer: 403 } },
      { calls: [made('a', 2, { status: 403 }), made('b', 3)] },
      'no call after a answered 403',
      'there came b',
    ],
    [
      true,
      { rule: 'no-call-after', after: { operation: 'a' }, operation: 'a' },
      { calls: [made('a', 2), made('b', 3)] },
      'no a after a',
      'there was none',
    ],
    [
      true,
      { rule: 'no-call-after', after: { operation: 'a' }, samePath: true },
      { calls: [made('a', 2), made('a', 3, { path: '/2' })] },
      'no call of the same path after a',
      'there was none',
    ],
    [
      false,
      { rule: 'no-call-after', after: { operation: 'a' }, samePath: true },
      { calls: [made('a', 2), made('a', 3)] },
      'no call of the same path after a',
      'there came a',
    ],
  ],
  'last-answer': [
    [
      true,
      { rule: 'last-answer', operation: 'poll', answer: { state: { ended: true } } },
      { calls: [made('poll', 1, { body: { id: 1, state: { ended: true, by: 2 } } })] },
      'the last call of poll is answered {"state":{"ended":true}}',
      'it was answered {"state":{"ended":true,"by":2}}',
    ],
    [
      false,
      { rule: 'last-answer', operation: 'poll', answer: { status: 'done' } },
      { calls: [made('poll', 1, { body: { status: 'done' } }), made('poll', 2, { body: { status: 'queued' } })] },
      'the last call of poll is answered {"status":"done"}',
      'it was answered {"status":"queued"}',
    ],
    [
      false,
      { rule: 'last-answer', operation: 'poll', answer: { status: 'done' } },
      { calls: [made('poll', 1, { body: [] })] },
      'the last call of poll is answered {"status":"done"}',
      'it was answered 200',
    ],
    [
      false,
      { rule: 'last-answer', operation: 'poll', answer: 'ok' },
      {},
      'the last call of poll is answered ok',
      'it was never called',
    ],
    [
      false,
      { rule: 'last-answer', operation: 'poll', answer: 'ok' },
      { calls: [made('poll', 1, { status: undefined })] },
      'the last call of poll is answered ok',
      'it was answered nothing',
    ],
    [
      false,
      { rule: 'last-answer', operation: 'poll', answer: 'ok' },
      { calls: [made('poll', 1, { isChangedByFault: true })] },
      'the last call of poll is answered ok',
      'it was answered 200, changed by a fault',
    ],
    [
      false,
      { rule: 'last-answer', operation: 'poll', answer: 200 },
      { calls: [made('poll', 1, { status: 404, error: 'Gone' })] },
      'the last call of poll is answered 200',
      'it was answered 404 Gone',
    ],
  ],
  'fault-fired': [
    [
      true,
      { rule: 'fault-fired', fault: 1 },
      { faults: [{ operation: 'poll', hits: 1, completed: true }] },
      'the client runs into fault 1, on poll',
      'it fired once',
    ],
    [
      false,
      { rule: 'fault-fired', fault: 1 },
      { faults: [{ operation: 'poll', hits: 0, completed: false }] },
      'the client runs into fault 1, on poll',
      'it fired 0 times',
    ],
    [false, { rule: 'fault-fired', fault: 1 }, {}, 'the client runs into fault 1', 'it is not armed any more'],
  ],
  job: [
    [
      true,
      { rule: 'job', operation: 'make', state: 'failed' },
      {
        jobs: [
          { operation: 'make', state: 'completed' },
          { operation: 'make', state: 'failed' },
        ],
      },
      'the last job of make is failed',
      'it is failed',
    ],
    [
      false,
      { rule: 'job', operation: 'make', state: 'failed' },
      { jobs: [{ operation: 'make', state: 'running' }] },
      'the last job of make is failed',
      'it is running',
    ],
    [
      false,
      { rule: 'job', operation: 'make', state: 'failed' },
      { jobs: [{ operation: 'other', state: 'failed' }] },
      'the last job of make is failed',
      'there is none',
    ],
  ],
  rows: [
    [
      true,
      { rule: 'rows', table: 'backups', match: { name: 'a' }, exactly: 1 },
      { tables: { backups: [{ name: 'a', size: 1 }, { name: 'b' }] } },
      'exactly 1 of backups with {"name":"a"}',
      'there is 1',
    ],
    [
      false,
      { rule: 'rows', table: 'backups', match: { name: 'a' }, exactly: 1 },
      { tables: { backups: [{ name: 'b' }] } },
      'exactly 1 of backups with {"name":"a"}',
      'there are 0',
    ],
    [
      false,
      { rule: 'rows', table: 'backups', match: { name: 'a' }, exactly: 1 },
      { tables: { backups: [{ name: 'a' }, { name: 'a' }] } },
      'exactly 1 of backups with {"name":"a"}',
      'there are 2',
    ],
  ],
  file: [
    [
      true,
      { rule: 'file', name: 'a.zip' },
      { file: FILE, reported: { sha256: 'AB'.repeat(32) } },
      'the client has all of a.zip, unchanged',
      'its SHA-256 is right',
    ],
    [
      false,
      { rule: 'file' },
      { file: FILE, reported: { sha256: 'x' } },
      'the client has all of the file, unchanged',
      `its SHA-256 is x, not ${FILE.sha256}`,
    ],
    [
      false,
      { rule: 'file' },
      { file: FILE },
      'the client has all of the file, unchanged',
      'it reported no hash: ask for the verdict with sha256=',
    ],
    [
      false,
      { rule: 'file', name: 'b.zip' },
      { file: FILE, reported: { sha256: FILE.sha256 } },
      'the client has all of b.zip, unchanged',
      'it downloaded a.zip',
    ],
    [
      false,
      { rule: 'file' },
      { reported: { sha256: FILE.sha256 } },
      'the client has all of the file, unchanged',
      'it downloaded no file that is still there',
    ],
  ],
  outcome: [
    [
      true,
      { rule: 'outcome', outcome: 'failure' },
      { reported: { outcome: 'failure' } },
      'the client reports failure',
      'it reported failure',
    ],
    [
      false,
      { rule: 'outcome', outcome: 'failure' },
      { reported: { outcome: 'success' } },
      'the client reports failure',
      'it reported success',
    ],
    [
      false,
      { rule: 'outcome', outcome: 'success' },
      {},
      'the client reports success',
      'it reported none: ask for the verdict with outcome=',
    ],
  ],
  clean: [
    [true, { rule: 'clean' }, {}, 'nothing is left over in the sandbox', 'nothing was'],
    [false, { rule: 'clean' }, { problems: ['a', 'b'] }, 'nothing is left over in the sandbox', 'a; b'],
  ],
}

for (const [name, rows] of Object.entries(cases)) {
  t.test(name, async t => {
    for (const [passed, goal, ending, rule, detail] of rows) {
      t.same(judge(goal, { ...NOTHING, ...ending }), { rule, passed, detail })
    }
  })
}
