// Sequences of requests and control operations for the tests of rewinding, and a client that replays them.
import fc from 'fast-check'
import type { FaultRule } from '../../../src/control/faults/operations.ts'
import type { Firedrill, SandboxControl } from '../../../src/index.ts'
import { exchange, REQUESTS } from '../../fault-requests.ts'
import type { Call } from '../../helpers.ts'

/** What a client has learned from earlier responses. */
export type Known = Record<string, string>

interface Request {
  send(known: Known): Call
  /** What is learned from the response. */
  learn?(text: string): Known
}

const JSON_TYPE = { 'content-type': 'application/json' }
const A9S = '/v1/instances/10000000-0000-4000-8000-000000000002'
const a9s = { authorization: 'bearer demo-token' }
const FILES = '/backend/api/v1/disasterRecoveryFiles'
const files = { authorization: 'Bearer YOUR_API_KEY' }
const APP = '/v3/apps/7c1f0d9a3b5e4f6882a4c6e8f0b1d3a5/backups'
const dscloud = { authorization: '23457145698959364-demo' }
const STORE = '/arcgis/admin/system/disasterrecovery/stores/backupsDefault/backups'
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const found = (text: string, pattern: RegExp, name: string): Known => {
  const value = pattern.exec(text)?.[1]
  return value === undefined ? {} : { [name]: value }
}

/** Requests of all four APIs: some only read, some submit jobs, issue tokens, count polls or download. */
const requests = {
  listRestores: { send: () => ({ path: `${A9S}/restores`, headers: a9s }) },
  prepare: { send: () => REQUESTS.prepareDisasterRecovery },
  perform: {
    send: () => ({
      method: 'POST',
      path: `${A9S}/disaster-recovery/perform`,
      headers: { ...a9s, ...JSON_TYPE },
      body: JSON.stringify({
        backup_guid: '3a2e59ee-40cb-472a-91d0-502ab259918c',
        encryption_key: 'second-encryption-key',
      }),
    }),
  },
  createA9sBackup: { send: () => ({ method: 'POST', path: `${A9S}/backups`, headers: a9s }) },
  listA9sBackups: { send: () => ({ path: `${A9S}/backups`, headers: a9s }) },
  listFiles: {
    send: () => ({ path: `${FILES}/`, headers: files }),
    learn: text => found(text, /.*"id":(\d+)/, 'file'),
  },
  downloadFile: {
    send: ({ file = '123' }) => ({
      path: `${FILES}/${file}`,
      headers: { ...files, accept: 'application/x-7z-compressed', range: 'bytes=0-99' },
    }),
  },
  listApps: { send: () => REQUESTS.listApplicationBackups },
  createAppBackup: {
    send: () => ({ method: 'POST', path: APP, headers: { ...dscloud, ...JSON_TYPE }, body: '{}' }),
  },
  listAppBackups: { send: () => ({ path: APP, headers: dscloud }) },
  generateToken: { send: () => REQUESTS.generateToken, learn: text => found(text, /"token":"([^"]+)"/, 'token') },
  createArcgisBackup: {
    send: ({ token = 'none' }) => ({
      method: 'POST',
      path: `${STORE}/create`,
      headers: form,
      body: `name=b1&passcode=long-enough&f=json&token=${token}`,
    }),
    learn: text => found(text, /"jobsUrl":"[^"]*\/(arcgis\/admin\/jobs\/[^"]*)"/, 'job'),
  },
  readArcgisJob: {
    send: ({ token = 'none', job = 'arcgis/admin/jobs/none' }) => ({ path: `/${job}?f=json&token=${token}` }),
  },
  listArcgisBackups: { send: ({ token = 'none' }) => ({ path: `${STORE}?f=json&token=${token}` }) },
} satisfies Record<string, Request>
export type RequestName = keyof typeof requests

export type Step = { request: RequestName } | { control: string; run(sandbox: SandboxControl): unknown }

const control = (name: string, run: (sandbox: SandboxControl) => unknown): Step => ({ control: name, run })

const advances = ['1s', '61s', '1h', '26h', '40d'].map(by =>
  control(`advance ${by}`, ({ clock }) => clock.advance({ by })),
)

/** Faults that count, that draw, and that change a response or cut the connection. */
const faults: FaultRule[] = [
  { operation: '*', fault: 'status', status: 503, probability: 0.5 },
  { api: 'a9s', operation: '*', fault: 'empty-body', nth: 2 },
  { operation: '*', fault: 'rate-limit', retryAfterSeconds: 30, times: 2, probability: 0.7 },
  { operation: '*', fault: 'reset', nth: 3 },
  { operation: 'downloadDisasterRecoveryFile', fault: 'corrupt', offset: 10, times: 1, perFile: true },
]

const otherControls = [
  ...faults.map(fault => control(`arm ${JSON.stringify(fault)}`, ({ faults }) => faults.arm(fault))),
  control('clear faults', ({ faults }) => faults.clear()),
  control('arm a plan', ({ faults }) =>
    faults.armPlan({
      name: 'bad hour',
      stages: [
        { from: '0s', faults: [{ operation: '*', fault: 'status', status: 502, probability: 0.3 }] },
        { from: '1h', faults: [{ operation: '*', fault: 'empty-body', times: 1 }] },
      ],
    }),
  ),
  control('fail the next backups', ({ jobs }) =>
    jobs.addRule({ operation: 'createBackup', outcome: { result: 'fail', reason: 'disk' }, times: 2 }),
  ),
  control('backups end when they are polled', ({ jobs }) =>
    jobs.addRule({ operation: 'createBackup', progression: 'polls:2', times: 1 }),
  ),
  control('run until idle', ({ clock }) => clock.runUntilIdle()),
  control('reset', sandbox => sandbox.reset()),
]

/** Mostly requests. */
export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.constantFrom(...(Object.keys(requests) as RequestName[])).map(request => ({ request })),
    },
    { weight: 2, arbitrary: fc.constantFrom(...advances) },
    { weight: 2, arbitrary: fc.constantFrom(...otherControls) },
  ),
  { minLength: 2, maxLength: 14 },
)

/** A response as text, with one character per byte and without the name of the sandbox. */
export interface Sent {
  text: string
  /** Of the journal entry. */
  id: string | undefined
}

/** Plays a step in the sandbox. `known` is extended. The names of the sandboxes have the same length. */
export async function play(server: Firedrill, name: string, step: Step, known: Known): Promise<Sent | undefined> {
  const sandbox = server.sandbox(name)
  if ('control' in step) {
    step.run(sandbox)
    return undefined
  }
  const request: Request = requests[step.request]
  const sent = request.send(known)
  const { status, headers, bytes, error } = await exchange(server, { ...sent, path: `/@${name}${sent.path}` })
  const text = `${status} ${error} ${JSON.stringify(headers)}\n${bytes.toString('latin1')}`
  Object.assign(known, request.learn?.(bytes.toString()) ?? {})
  return { text: text.replaceAll(`/@${name}`, ''), id: headers['x-firedrill-request-id'] as string | undefined }
}
