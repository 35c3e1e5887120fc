// A client of one a9s instance for the tests: each call is checked against the contract.
import type { Test } from 'tap'
import { type Answer, call } from '../../helpers.ts'

/** The GUID of the demo instance with that number. */
export const demo = (number: number) => `10000000-0000-4000-8000-00000000000${number}`

export interface InstanceClient {
  get(path?: string): Promise<Answer>
  post(path: string, body?: unknown): Promise<Answer>
  patch(path: string, body: unknown): Promise<Answer>
  delete(path: string): Promise<Answer>
}

/** A client with the demo token. */
export function clientOf(server: { url: string }, instanceId: string): InstanceClient {
  const send = (method: string) => (path: string, body?: unknown) =>
    call(server, {
      method,
      path: `/v1/instances/${instanceId}${path}`,
      headers: { authorization: 'bearer demo-token' },
      body,
    })
  return {
    get: (path = '') => send('GET')(path),
    post: send('POST'),
    patch: send('PATCH'),
    delete: send('DELETE'),
  }
}

export interface ExpectedError {
  status: number
  error: string
  description?: string
}

/** Checks that the answer is this error, in the documented body. */
export function hasFailed(t: Test, answer: Answer, { status, ...body }: ExpectedError): void {
  t.match(answer, { status, json: body })
  t.same(Object.keys(answer.json), ['error', 'description'], 'the body has the two documented fields')
}
