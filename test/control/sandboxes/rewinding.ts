// Shared by the tests of rewinding: a server with a sandbox whose history is kept, and requests to it.
import type { Test } from 'tap'
import type { Firedrill, SandboxControl, StartOptions } from '../../../src/index.ts'
import { demo } from '../../apis/a9s/client.ts'
import { type Answer, boot, type Call, call, createSandbox } from '../../helpers.ts'

export const NOON = '2026-06-10T12:00:00.000Z'
const PERFORM = { backup_guid: '3a2e59ee-40cb-472a-91d0-502ab259918c', encryption_key: 'second-encryption-key' }
const RESTORES = `/v1/instances/${demo(2)}/restores`
export const a9s = { authorization: 'bearer demo-token' }
export const listRestores: Call = { path: RESTORES, headers: a9s }
export const perform: Call = {
  method: 'POST',
  path: `/v1/instances/${demo(2)}/disaster-recovery/perform`,
  headers: a9s,
  body: PERFORM,
}
/** The request, sent to a sandbox. */
export const at = (sandbox: string, what: Call): Call => ({ ...what, path: `/@${sandbox}${what.path}` })
export const idOf = ({ headers }: Answer) => headers['x-firedrill-request-id'] as string

interface Rewound {
  server: Firedrill
  t1: SandboxControl
  restores(sandbox?: string): Promise<string[]>
  perform(): Promise<string>
  list(): Promise<string>
  rewind(at: string, name?: string): SandboxControl
}

/** A server with the sandbox t1. */
export async function bootWithHistory(t: Test, options: StartOptions = {}): Promise<Rewound> {
  const server = await boot(t, { history: 100, ...options })
  const t1 = createSandbox(server, { name: 't1' })
  return {
    server,
    t1,
    restores: async (sandbox = 't1') =>
      (await call(server, at(sandbox, listRestores))).json.map(({ status }: { status: string }) => status),
    perform: async () => idOf(await call(server, at('t1', perform))),
    list: async () => idOf(await call(server, at('t1', listRestores))),
    rewind: (at, name = 'copy') => createSandbox(server, { name, from: { sandbox: 't1', at } }),
  }
}
