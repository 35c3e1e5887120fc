// A report with every verdict, and with text that each of its forms has to escape.
import type { Report, ReportCall, ReportDrill, ReportRequirement } from '../../../../schemas/report.ts'

const markup = `<script>alert("1")</script> & 'x' ]]> | \`code\` [link](javascript:alert(1)) `

/** What must never appear as it is in a form that has markup. */
export const HOSTILE = `${markup}\u0000 \u001b[31m \ud800 \ufffe`

/** The same without the characters that XML cannot contain. */
export const READABLE = `${markup}\ufffd \ufffd[31m \ufffd \ufffd`

const START = '2026-06-10T12:00:00.000Z'

export function requirementOf(more: Partial<ReportRequirement> = {}): ReportRequirement {
  return {
    id: 'retry-502/pause',
    version: 1,
    kind: 'required',
    text: 'Wait at least half a second before a retry.',
    provenance: {
      kind: 'rfc',
      source: 'RFC 9110, section 15.6.3',
      url: 'https://www.rfc-editor.org/rfc/rfc9110#section-15.6.3',
    },
    verdict: 'passed',
    expected: 'waits of at least 500ms',
    observed: 'found 1s',
    evidence: ['call-1', 'call-2'],
    ...more,
  }
}

export function callOf(number: number, more: Partial<ReportCall> = {}): ReportCall {
  return {
    id: `call-${number}`,
    at: new Date(Date.parse(START) + number * 1000).toISOString(),
    operation: 'prepareDisasterRecovery',
    method: 'POST',
    path: '/v1/instances/10000000-0000-4000-8000-000000000001/disaster-recovery/prepare',
    status: 200,
    error: null,
    fault: null,
    durationMs: 1.25,
    ...more,
  }
}

export function drillOf(more: Partial<ReportDrill> = {}): ReportDrill {
  return {
    id: 'retry-502',
    version: 2,
    title: 'Retry after a 502',
    api: 'a9s',
    task: 'Prepare the instance. Wait at least half a second before a retry.',
    teaches: 'The client gives up at the first 502.',
    lifecycle: 'finished',
    verdict: 'passed',
    clock: { from: START, to: '2026-06-10T12:00:02.000Z' },
    result: { claim: 'success', exitCode: 0 },
    requirements: [requirementOf()],
    calls: [callOf(1, { status: 502, error: 'BadGateway', fault: 'error' }), callOf(2)],
    faults: [{ id: 'f1', operation: 'prepareDisasterRecovery', fault: 'error', hits: 1, completed: true }],
    durationMs: 120.5,
    replay: 'firedrill certify --seed s --drills retry-502 -- ./client',
    evidence: {
      har: 'evidence/retry-502/requests.har',
      trace: 'evidence/retry-502/trace.json',
      before: 'evidence/retry-502/before.json',
      after: 'evidence/retry-502/after.json',
    },
    ...more,
  }
}

export function reportOf(drills: ReportDrill[], more: Partial<Report> = {}): Report {
  const countOf = (verdict: ReportDrill['verdict']) => drills.filter(drill => drill.verdict === verdict).length
  return {
    format: 'firedrill-report/1',
    client: { name: 'example-client', version: '1.2.3', url: 'https://client.example/' },
    firedrill: { version: '0.1.0' },
    seed: 's',
    timeScale: 20,
    startedAt: '2026-11-21T10:00:00.000Z',
    endedAt: '2026-11-21T10:00:03.500Z',
    replay: 'firedrill certify --seed s -- ./client',
    lifecycle: 'finished',
    verdict: 'failed',
    summary: {
      passed: countOf('passed'),
      failed: countOf('failed'),
      warning: countOf('warning'),
      inconclusive: countOf('inconclusive'),
      skipped: countOf('skipped'),
      error: countOf('error'),
    },
    drills,
    ...more,
  }
}

export const sample: Report = reportOf([
  drillOf(),
  drillOf({
    id: 'retry-after',
    title: 'Wait as long as Retry-After says',
    api: 'dscloud',
    verdict: 'failed',
    result: { claim: 'failure', exitCode: 1, output: 'Error: 429 Too Many Requests\n    at list (client.js:10)\n' },
    requirements: [
      requirementOf({
        id: 'retry-after/wait',
        verdict: 'failed',
        observed: 'wait 1 of 2 was 1s',
        expected: 'waits of at least 5s, at most 60s',
      }),
      requirementOf({ id: 'retry-after/jitter', kind: 'recommended', verdict: 'warning', observed: 'no jitter' }),
      requirementOf({ id: 'retry-after/agent', kind: 'check', verdict: 'passed' }),
    ],
    calls: [
      callOf(1, {
        operation: 'listApplicationBackups',
        method: 'GET',
        path: '/v3/apps/7c1f/backups',
        status: 429,
        fault: 'rate-limit',
      }),
      callOf(2, {
        operation: 'listApplicationBackups',
        method: 'GET',
        path: '/v3/apps/7c1f/backups',
        status: 429,
        fault: 'rate-limit',
      }),
      callOf(700, { operation: 'listApplicationBackups', method: 'GET', path: '/v3/apps/7c1f/backups' }),
    ],
  }),
  drillOf({
    id: 'hostile',
    title: HOSTILE,
    task: HOSTILE,
    verdict: 'failed',
    result: { claim: 'none', signal: 'SIGKILL', timedOut: true, output: HOSTILE, problem: HOSTILE },
    requirements: [
      requirementOf({
        id: 'hostile/text',
        verdict: 'failed',
        text: HOSTILE,
        expected: HOSTILE,
        observed: `${HOSTILE}\nsecond line`,
        provenance: { kind: 'bug', source: HOSTILE, url: 'javascript:alert(1)' },
      }),
      requirementOf({ id: 'hostile/after', verdict: 'skipped' }),
    ],
    calls: [callOf(1, { path: `/${HOSTILE}`, status: null, operation: null, fault: 'reset', durationMs: null })],
  }),
  drillOf({
    id: 'wrong-key',
    title: 'A restore with the wrong key',
    verdict: 'inconclusive',
    reason: 'The client sent no request',
    requirements: [
      requirementOf({ id: 'wrong-key/calls', verdict: 'inconclusive', observed: 'found no call', evidence: [] }),
    ],
    calls: [],
  }),
  drillOf({
    id: 'stuck-job',
    title: 'A job that never ends',
    api: 'arcgis',
    lifecycle: 'interrupted',
    verdict: 'error',
    reason: 'The sandbox of the run no longer exists',
    clock: null,
    result: null,
    requirements: [],
    calls: [],
    faults: [],
    durationMs: null,
  }),
  drillOf({
    id: 'file-expired',
    title: 'A file that has expired',
    api: 'disaster-recovery-files',
    lifecycle: 'waiting',
    verdict: 'skipped',
    reason: 'The certification was interrupted before it was run',
    clock: null,
    result: null,
    requirements: [requirementOf({ id: 'file-expired/new', verdict: 'skipped', observed: 'not run', evidence: [] })],
    calls: [],
    faults: [],
    durationMs: null,
  }),
  drillOf({
    id: 'lost-answer',
    title: 'An answer that is lost',
    verdict: 'failed',
    expectation: 'known-failing',
    requirements: [requirementOf({ id: 'lost-answer/one', verdict: 'failed', expectation: 'known-failing' })],
  }),
  drillOf({
    id: 'no-retry-403',
    title: 'No retry after a 403',
    api: 'dscloud',
    expectation: 'unexpected-pass',
    requirements: [requirementOf({ id: 'no-retry-403/none', expectation: 'unexpected-pass' })],
  }),
])
