// What the tests of faults share: requests to the control API, and requests that a fault may apply to.
import type { Firedrill } from '../../../src/index.ts'
import { exchange, type Operation, REQUESTS } from '../../fault-requests.ts'
import { type Answer, call } from '../../helpers.ts'

/** Sends a request to the control API. */
export function send(server: Firedrill, method: string, path: string, body?: unknown): Promise<Answer> {
  return call(server, { method, path: `/__admin${path}`, body })
}

/** A fault that is easy to recognize: no API responds with 418. */
export const TEAPOT = { fault: 'status', status: 418 } as const

/** Sends `count` requests, and returns the numbers, from 1, of those that a fault applied to. */
export async function faultedRequests(
  server: Pick<Firedrill, 'url'>,
  count: number,
  operation: Operation = 'listApplicationBackups',
): Promise<number[]> {
  const hits: number[] = []
  for (let request = 1; request <= count; request++) {
    const { status, error } = await exchange(server, REQUESTS[operation])
    if (status !== 200 || error !== undefined) hits.push(request)
  }
  return hits
}
