// The rules of drills about faults, jobs, rows, files and outcomes: what satisfies each, what does not, and how both are described.
import { callOf, testJudging } from './judging.ts'

const FILE = { name: 'a.zip', sha256: 'ab'.repeat(32), call: { id: 'get@1' } }
const FAULT = { id: 'f', operation: 'poll', hits: 1, limit: 1, plan: null }
const OUTAGE = {
  stages: [
    { from: 0, until: 10 },
    { from: 10, until: 20 },
    { from: 20, until: Number.POSITIVE_INFINITY },
  ],
  faults: [{ ...FAULT, plan: 'outage' }],
}
const MADE = { rule: 'job', operation: 'make', state: 'completed' } as const
const BASELINE = 'a successful call before the faults of the plan and one after them'

testJudging({
  'fault-fired': [
    {
      rule: { rule: 'fault-fired', fault: 1 },
      run: { faults: [FAULT], calls: [callOf('poll', 1, { fault: 'f' }), callOf('poll', 2)] },
      expected: 'fault 1 on poll to fire once',
      observed: 'it fired once',
      verdict: 'passed',
      evidence: ['poll@1'],
    },
    {
      rule: { rule: 'fault-fired', fault: 1 },
      run: { faults: [{ ...FAULT, hits: 0 }] },
      expected: 'fault 1 on poll to fire once',
      observed: 'it fired 0 times',
      verdict: 'inconclusive',
    },
    {
      rule: { rule: 'fault-fired', fault: 1 },
      run: { faults: [{ ...FAULT, limit: 2 }] },
      expected: 'fault 1 on poll to fire 2 times',
      observed: 'it fired once',
      verdict: 'failed',
    },
    {
      rule: { rule: 'fault-fired', fault: 1 },
      run: { faults: [{ ...FAULT, limit: Number.POSITIVE_INFINITY }] },
      expected: 'fault 1 on poll to fire at least once',
      observed: 'it fired once',
      verdict: 'passed',
    },
    {
      rule: { rule: 'fault-fired', fault: 1 },
      run: {},
      expected: 'fault 1 to fire once',
      observed: 'it is no longer armed',
      verdict: 'inconclusive',
    },
  ],
  baseline: [
    {
      rule: { rule: 'baseline' },
      run: { ...OUTAGE, calls: [callOf('poll', 9), callOf('poll', 10, { status: 503 }), callOf('poll', 20)] },
      expected: BASELINE,
      observed: 'one succeeded before, one succeeded after',
      verdict: 'passed',
      evidence: ['poll@9', 'poll@20'],
    },
    {
      rule: { rule: 'baseline' },
      run: { ...OUTAGE, calls: [callOf('poll', 9), callOf('poll', 10, { status: 503 })] },
      expected: BASELINE,
      observed: 'one succeeded before, there was no call after',
      verdict: 'failed',
    },
    {
      rule: { rule: 'baseline' },
      run: { ...OUTAGE, calls: [callOf('poll', 9, { status: 404 }), callOf('poll', 20)] },
      expected: BASELINE,
      observed: 'no call succeeded before, one succeeded after',
      verdict: 'failed',
    },
    {
      rule: { rule: 'baseline' },
      run: { ...OUTAGE, calls: [callOf('poll', 10, { status: 503 }), callOf('poll', 20)] },
      expected: BASELINE,
      observed: 'there was no call before, one succeeded after',
      verdict: 'inconclusive',
    },
    {
      rule: { rule: 'baseline' },
      run: {
        ...OUTAGE,
        faults: [{ ...FAULT, plan: 'outage', hits: 0 }],
        calls: [callOf('poll', 9), callOf('poll', 20)],
      },
      expected: BASELINE,
      observed: 'one succeeded before, one succeeded after, no fault of the plan fired',
      verdict: 'inconclusive',
    },
  ],
  jobs: [
    {
      rule: { rule: 'jobs', atMost: 1 },
      run: { jobs: [{ operation: 'make', state: 'completed' }], calls: [callOf('make', 1), callOf('poll', 2)] },
      expected: 'at most 1 job to be submitted',
      observed: 'found 1: make',
      verdict: 'passed',
      evidence: ['make@1'],
    },
    {
      rule: { rule: 'jobs', atMost: 0 },
      run: { jobs: [{ operation: 'make', state: 'completed' }] },
      expected: 'at most 0 jobs to be submitted',
      observed: 'found 1: make',
      verdict: 'failed',
    },
    {
      rule: { rule: 'jobs', atMost: 0 },
      run: {},
      expected: 'at most 0 jobs to be submitted',
      observed: 'found none',
      verdict: 'passed',
    },
  ],
  'if-success': [
    {
      rule: { rule: 'if-success', rules: [MADE] },
      run: { reported: { outcome: 'success' }, jobs: [{ operation: 'make', state: 'completed' }] },
      expected: 'the last job of make to be completed, if the client claims success',
      observed: 'it claimed success',
      verdict: 'passed',
    },
    {
      rule: { rule: 'if-success', rules: [MADE] },
      run: { reported: { outcome: 'success' }, calls: [callOf('make', 1)] },
      expected: 'the last job of make to be completed, if the client claims success',
      observed: 'found none',
      verdict: 'failed',
      evidence: ['make@1'],
    },
    {
      rule: { rule: 'if-success', rules: [MADE] },
      run: { reported: { outcome: 'failure' } },
      expected: 'the last job of make to be completed, if the client claims success',
      observed: 'it did not claim success',
      verdict: 'passed',
    },
  ],
  job: [
    {
      rule: { rule: 'job', operation: 'make', state: 'failed' },
      run: {
        jobs: [
          { operation: 'make', state: 'completed' },
          { operation: 'make', state: 'failed' },
        ],
      },
      expected: 'the last job of make to be failed',
      observed: 'found failed',
      verdict: 'passed',
    },
    {
      rule: { rule: 'job', operation: 'make', state: 'failed' },
      run: { jobs: [{ operation: 'make', state: 'running' }] },
      expected: 'the last job of make to be failed',
      observed: 'found running',
      verdict: 'failed',
    },
    {
      rule: { rule: 'job', operation: 'make', state: 'failed' },
      run: { jobs: [{ operation: 'other', state: 'failed' }] },
      expected: 'the last job of make to be failed',
      observed: 'found none',
      verdict: 'failed',
    },
  ],
  rows: [
    {
      rule: { rule: 'rows', table: 'backups', match: { name: 'a' }, exactly: 1 },
      run: { tables: { backups: [{ name: 'a', size: 1 }, { name: 'b' }] } },
      expected: 'exactly 1 backup matching {"name":"a"}',
      observed: 'found 1',
      verdict: 'passed',
    },
    {
      rule: { rule: 'rows', table: 'backups', match: { name: 'a' }, exactly: 1 },
      run: { tables: { backups: [{ name: 'b' }] } },
      expected: 'exactly 1 backup matching {"name":"a"}',
      observed: 'found 0',
      verdict: 'failed',
    },
    {
      rule: { rule: 'rows', table: 'backups', match: { name: 'a' }, exactly: 1 },
      run: { tables: { backups: [{ name: 'a' }, { name: 'a' }] } },
      expected: 'exactly 1 backup matching {"name":"a"}',
      observed: 'found 2',
      verdict: 'failed',
    },
  ],
  file: [
    {
      rule: { rule: 'file', name: 'a.zip' },
      run: { file: FILE, reported: { sha256: 'AB'.repeat(32) } },
      expected: 'a complete, unchanged copy of a.zip',
      observed: 'found the same SHA-256',
      verdict: 'passed',
    },
    {
      rule: { rule: 'file' },
      run: { file: FILE, reported: { sha256: 'x' } },
      expected: 'a complete, unchanged copy of the file',
      observed: `found SHA-256 x, not ${FILE.sha256}`,
      verdict: 'failed',
    },
    {
      rule: { rule: 'file' },
      run: { file: FILE },
      expected: 'a complete, unchanged copy of the file',
      observed: 'found no reported SHA-256',
      verdict: 'failed',
    },
    {
      rule: { rule: 'file' },
      run: { file: FILE, reported: { sha256: 42 } },
      expected: 'a complete, unchanged copy of the file',
      observed: 'found no reported SHA-256',
      verdict: 'failed',
    },
    {
      rule: { rule: 'file', name: 'b.zip' },
      run: { file: FILE, reported: { sha256: FILE.sha256 } },
      expected: 'a complete, unchanged copy of b.zip',
      observed: 'found a download of a.zip',
      verdict: 'failed',
    },
    {
      rule: { rule: 'file' },
      run: { reported: { sha256: FILE.sha256 } },
      expected: 'a complete, unchanged copy of the file',
      observed: 'found no download of a file that still exists',
      verdict: 'failed',
    },
  ],
  outcome: [
    {
      rule: { rule: 'outcome', outcome: 'failure' },
      run: { reported: { outcome: 'failure' } },
      expected: 'the client to report failure',
      observed: 'it reported failure',
      verdict: 'passed',
    },
    {
      rule: { rule: 'outcome', outcome: 'failure' },
      run: { reported: { outcome: 'success' } },
      expected: 'the client to report failure',
      observed: 'it reported success',
      verdict: 'failed',
    },
    {
      rule: { rule: 'outcome', outcome: 'success' },
      run: {},
      expected: 'the client to report success',
      observed: 'it reported no outcome',
      verdict: 'failed',
    },
  ],
  'outcome that is not text': [
    {
      rule: { rule: 'outcome', outcome: 'success' },
      run: { reported: { outcome: ['success'] } },
      expected: 'the client to report success',
      observed: 'it reported ["success"]',
      verdict: 'failed',
    },
  ],
  reported: [
    {
      rule: { rule: 'reported', match: { count: 3, state: 'lost' } },
      run: { reported: { outcome: 'success', count: 3, state: 'lost' } },
      expected: 'the client to report {"count":3,"state":"lost"}',
      observed: 'it reported {"count":3,"state":"lost"}',
      verdict: 'passed',
    },
    {
      rule: { rule: 'reported', match: { count: 3, state: 'lost' } },
      run: { reported: { count: 2, other: true } },
      expected: 'the client to report {"count":3,"state":"lost"}',
      observed: 'it reported {"count":2}',
      verdict: 'failed',
    },
  ],
  clean: [
    {
      rule: { rule: 'clean' },
      run: {},
      expected: 'nothing to be left over in the sandbox',
      observed: 'found nothing',
      verdict: 'passed',
    },
    {
      rule: { rule: 'clean' },
      run: { problems: ['a', 'b'] },
      expected: 'nothing to be left over in the sandbox',
      observed: 'found a; b',
      verdict: 'failed',
    },
  ],
})
