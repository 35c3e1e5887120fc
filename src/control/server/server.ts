// Implements the control operations on the server as a whole.
import { DEFAULT_SANDBOX } from '../../sandbox/registry.ts'
import { type Implementation, implement } from '../invoke.ts'
import * as rows from './operations.ts'

export const serverImplementations: readonly Implementation[] = [
  implement(rows.health, ({ version, uptimeMs }) => ({ status: 'healthy' as const, version, uptimeMs: uptimeMs() })),
  implement(rows.livez, () => ({ status: 'live' as const })),
  implement(rows.readyz, () => ({ status: 'ready' as const })),
  implement(rows.version, ({ version }) => ({ version })),
  implement(rows.describeControl, async ({ describe, sandboxName, serverUrl }) => {
    const url = sandboxName === DEFAULT_SANDBOX ? serverUrl : `${serverUrl}/@${sandboxName}`
    return { ...(await describe()), servers: [{ url, description: 'This server' }] }
  }),
]
