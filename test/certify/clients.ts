// Command lines of small clients for the tests of certifications, and a drill of which they know everything.

/** A command that runs this JavaScript in Node, with `task`, `get` and `say` defined. */
export function clientOf(script: string): string[] {
  const prelude = `
    import { writeFileSync } from 'node:fs'
    const task = JSON.parse(process.env.FIREDRILL_TASK)
    const get = path => fetch(task.url + '/' + path, { headers: { authorization: 'Bearer ' + task.credentials.apiKey } })
    const wait = by => fetch(task.clockUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ by }) })
    const say = answer => writeFileSync(process.env.FIREDRILL_RESULT, JSON.stringify(answer))
  `
  // What tap loads into processes would make each of them slower.
  return ['env', '-u', 'NODE_OPTIONS', process.execPath, '--input-type=module', '--eval', prelude + script]
}

/** Passes `drill`. */
export const careful = clientOf(`
  while ((await get(task.inputs.filesPath)).status === 503) await wait('2s')
`)

/** Fails `drill`: it does not wait. */
export const hasty = clientOf(`
  while ((await get(task.inputs.filesPath)).status === 503) console.log('503, again with ' + task.credentials.apiKey)
`)

export const drill = {
  id: 'list-after-503',
  version: 3,
  title: 'List the files again after a 503',
  api: 'disaster-recovery-files',
  task: 'List the files. After a 503 wait at least 2 seconds, and try again.',
  teaches: 'The client retries at once.',
  inputs: { filesPath: 'backend/api/v1/disasterRecoveryFiles/' },
  credentials: { apiKey: 'YOUR_API_KEY' },
  from: 'fixture',
  clock: '2026-06-10T12:00:00Z',
  timeLimit: '10s',
  faults: [{ operation: 'listDisasterRecoveryFiles', fault: 'proxy-error', status: 503, times: 1 }],
  requirements: [
    {
      id: 'list-after-503/meets-fault',
      version: 1,
      kind: 'required',
      text: 'Send the request that fails.',
      provenance: { kind: 'inferred', source: 'Without the fault the run shows nothing.' },
      rule: { rule: 'fault-fired', fault: 1 },
    },
    {
      id: 'list-after-503/waits',
      version: 1,
      kind: 'required',
      text: 'Wait at least 2 seconds.',
      provenance: { kind: 'rfc', source: 'RFC 9110, section 15.6.4' },
      rule: { rule: 'back-off', operation: 'listDisasterRecoveryFiles', after: 503, minMs: 2000 },
    },
  ],
}
