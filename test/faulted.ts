// What the tests of faults share: an operation of each room, and a client that tells how far an answer came.
import { type ClientRequest, type IncomingHttpHeaders, request } from 'node:http'
import { setImmediate } from 'node:timers/promises'
import type { Firedrill } from '../src/index.ts'
import type { Call } from './helpers.ts'

/** One operation of each room that answers 200 with JSON when nothing is armed. */
export const ROOMS = {
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
export type Operation = keyof typeof ROOMS
export const OPERATIONS = Object.keys(ROOMS) as Operation[]

/** What reached the client before the exchange ended; `error` is how the connection did when it was cut. */
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
export function begin({ url }: { url: string }, { method = 'GET', path, headers = {}, body }: Call): Exchange {
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
  return begin(server, what).outcome
}

/** Comes back when so many requests have run into the fault. */
export async function hasHit(server: Pick<Firedrill, 'default'>, id: string, hits = 1): Promise<void> {
  while (server.default.faults.get(id).hits < hits) await setImmediate()
}
