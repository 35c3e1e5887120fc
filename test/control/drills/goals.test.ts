// The rules of drills about faults, jobs, rows, files and outcomes: what satisfies each, what does not, and how both are described.
import { testJudging } from './judging.ts'

const FILE = { name: 'a.zip', sha256: 'ab'.repeat(32) }

testJudging({
  'fault-fired': [
    {
      goal: { rule: 'fault-fired', fault: 1 },
      run: { faults: [{ operation: 'poll', hits: 1, completed: true }] },
      rule: 'fault 1 on poll to fire as often as it is armed for',
      detail: 'it fired once',
      passed: true,
    },
    {
      goal: { rule: 'fault-fired', fault: 1 },
      run: { faults: [{ operation: 'poll', hits: 0, completed: false }] },
      rule: 'fault 1 on poll to fire as often as it is armed for',
      detail: 'it fired 0 times',
      passed: false,
    },
    {
      goal: { rule: 'fault-fired', fault: 1 },
      run: {},
      rule: 'fault 1 to fire as often as it is armed for',
      detail: 'it is no longer armed',
      passed: false,
    },
  ],
  job: [
    {
      goal: { rule: 'job', operation: 'make', state: 'failed' },
      run: {
        jobs: [
          { operation: 'make', state: 'completed' },
          { operation: 'make', state: 'failed' },
        ],
      },
      rule: 'the last job of make to be failed',
      detail: 'found failed',
      passed: true,
    },
    {
      goal: { rule: 'job', operation: 'make', state: 'failed' },
      run: { jobs: [{ operation: 'make', state: 'running' }] },
      rule: 'the last job of make to be failed',
      detail: 'found running',
      passed: false,
    },
    {
      goal: { rule: 'job', operation: 'make', state: 'failed' },
      run: { jobs: [{ operation: 'other', state: 'failed' }] },
      rule: 'the last job of make to be failed',
      detail: 'found none',
      passed: false,
    },
  ],
  rows: [
    {
      goal: { rule: 'rows', table: 'backups', match: { name: 'a' }, exactly: 1 },
      run: { tables: { backups: [{ name: 'a', size: 1 }, { name: 'b' }] } },
      rule: 'exactly 1 backup matching {"name":"a"}',
      detail: 'found 1',
      passed: true,
    },
    {
      goal: { rule: 'rows', table: 'backups', match: { name: 'a' }, exactly: 1 },
      run: { tables: { backups: [{ name: 'b' }] } },
      rule: 'exactly 1 backup matching {"name":"a"}',
      detail: 'found 0',
      passed: false,
    },
    {
      goal: { rule: 'rows', table: 'backups', match: { name: 'a' }, exactly: 1 },
      run: { tables: { backups: [{ name: 'a' }, { name: 'a' }] } },
      rule: 'exactly 1 backup matching {"name":"a"}',
      detail: 'found 2',
      passed: false,
    },
  ],
  file: [
    {
      goal: { rule: 'file', name: 'a.zip' },
      run: { file: FILE, reported: { sha256: 'AB'.repeat(32) } },
      rule: 'a complete, unchanged copy of a.zip',
      detail: 'found the same SHA-256',
      passed: true,
    },
    {
      goal: { rule: 'file' },
      run: { file: FILE, reported: { sha256: 'x' } },
      rule: 'a complete, unchanged copy of the file',
      detail: `found SHA-256 x, not ${FILE.sha256}`,
      passed: false,
    },
    {
      goal: { rule: 'file' },
      run: { file: FILE },
      rule: 'a complete, unchanged copy of the file',
      detail: 'found no reported hash, add sha256= to the request for the verdict',
      passed: false,
    },
    {
      goal: { rule: 'file', name: 'b.zip' },
      run: { file: FILE, reported: { sha256: FILE.sha256 } },
      rule: 'a complete, unchanged copy of b.zip',
      detail: 'found a download of a.zip',
      passed: false,
    },
    {
      goal: { rule: 'file' },
      run: { reported: { sha256: FILE.sha256 } },
      rule: 'a complete, unchanged copy of the file',
      detail: 'found no download of a file that still exists',
      passed: false,
    },
  ],
  outcome: [
    {
      goal: { rule: 'outcome', outcome: 'failure' },
      run: { reported: { outcome: 'failure' } },
      rule: 'the client to report failure',
      detail: 'it reported failure',
      passed: true,
    },
    {
      goal: { rule: 'outcome', outcome: 'failure' },
      run: { reported: { outcome: 'success' } },
      rule: 'the client to report failure',
      detail: 'it reported success',
      passed: false,
    },
    {
      goal: { rule: 'outcome', outcome: 'success' },
      run: {},
      rule: 'the client to report success',
      detail: 'it reported nothing, add outcome= to the request for the verdict',
      passed: false,
    },
  ],
  clean: [
    {
      goal: { rule: 'clean' },
      run: {},
      rule: 'nothing to be left over in the sandbox',
      detail: 'found nothing',
      passed: true,
    },
    {
      goal: { rule: 'clean' },
      run: { problems: ['a', 'b'] },
      rule: 'nothing to be left over in the sandbox',
      detail: 'found a; b',
      passed: false,
    },
  ],
})
