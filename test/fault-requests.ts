// Shared by the tests of faults: a request for each API, and a client that reports how much of a response arrived.
import { type ClientRequest, type IncomingHttpHeaders, request } from 'node:http'
import { setImmediate } from 'node:timers/promises'
import type { Firedrill } from '../src/index.ts'
import type { Call } from './helpers.ts'

/** For each API, a request that is answered with 200 and JSON when no fault is armed. */
export const REQUESTS = {
  prepareDisasterRecovery: {
    method: 'POST',
    path: '/v1/instances/10000000-0000-4000-8000-000000000001/disaster-recovery/prepare',
    headers: { authorization: 'Bearer demo-token' },
  },
  listDisasterRecoveryFiles: {
    path: '/backend/api/v1/disasterRecoveryFiles/',
    headers: { authorization: 'Bearer YOUR_API_KEY' },
  },
  listApplicationBackups: {
    path: '/v3/apps/64d0c750212742ca8704fb458c9771af/backups',
    headers: { authorization: '23457145698959364-demo' },
  },
  generateToken: {
    method: 'POST',
    path: '/arcgis/sharing/rest/generateToken',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'username=siteadmin&password=siteadmin.pass1&f=json',
  },
} as const satisfies Record<string, Call>
export type Operation = keyof typeof REQUESTS
export const OPERATIONS = Object.keys(REQUESTS) as Operation[]

/** What the client received. `error` is the error code of a connection that was cut. */
export interface Outcome {
  status?: number
  headers: IncomingHttpHeaders
  bytes: Buffer
  error?: string
}

export interface Exchange {
  outgoing: ClientRequest
  outcome: Promise<Outcome>
}

/** Sends one request on a connection of its own. */
export function startExchange({ url }: { url: string }, { method = 'GET', path, headers = {}, body }: Call): Exchange {
  const { hostname, port } = new URL(url)
  const outgoing = request({ hostname, port, method, path, headers, agent: false })
  const outcome = new Promise<Outcome>(resolve => {
    const got: Outcome = { headers: {}, bytes: Buffer.alloc(0) }
    const fail = ({ code = '' }: NodeJS.ErrnoException) => resolve({ ...got, error: code })
    outgoing.on('error', fail)
    outgoing.on('response', response => {
      Object.assign(got, { status: response.statusCode, headers: response.headers })
      response.on('data', chunk => {
        got.bytes = Buffer.concat([got.bytes, chunk])
      })
      response.on('error', fail)
      response.on('end', () => resolve(got))
    })
  })
  outgoing.end(body)
  return { outgoing, outcome }
}

export function exchange(server: { url: string }, what: Call): Promise<Outcome> {
  return startExchange(server, what).outcome
}

/** Resolves when the fault has been applied to this many requests. */
export async function waitForHits(server: Pick<Firedrill, 'default'>, id: string, hits = 1): Promise<void> {
  while (server.default.faults.get(id).hits < hits) await setImmediate()
}
