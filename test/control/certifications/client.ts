// What the tests of certifications share: a client of examples/certify-typescript that gets its tasks from a certification.

import { type Client, clientsByDrill, type DrillClients } from '../../../examples/certify-typescript/clients/index.ts'
import type { CertificationRequest, CertificationTask, ReportDrill } from '../../../src/index.ts'
import type { Firedrill } from '../../../src/start.ts'
import { ServerSession } from '../../drillsession.ts'
import { call } from '../../helpers.ts'

export const CERTIFICATIONS = '/__admin/certifications'

/** Starts the next task. */
export function taskOf(server: Firedrill, id: string): CertificationTask {
  const { task } = server.certifications.next(id)
  if (!task) throw new Error('no task is left')
  return task
}

/** Runs the client as its own command would run, and hands in its result. */
export async function runClient(server: Firedrill, id: string, client: Client): Promise<ReportDrill> {
  const task = taskOf(server, id)
  const { outcome, sha256, ...answer } = await client(new ServerSession(server, task))
  const saved = sha256 === undefined ? {} : { sha256 }
  return server.certifications.submit(id, { drill: task.drill, claim: outcome ?? 'none', answer, ...saved })
}

export function correctClient(drill: string): Client {
  return (clientsByDrill[drill] as DrillClients).correct
}

export function wrongClient(drill: string): Client {
  const [wrong] = Object.values((clientsByDrill[drill] as DrillClients).wrong)
  if (!wrong) throw new Error(`drill ${drill} has no wrong client`)
  return wrong.client
}

/** A certification of these drills. Only clients move the clock: the speed of this machine does not count. */
export function certificationOf(server: Firedrill, drills: string, more: CertificationRequest = {}): string {
  return server.certifications.create({ drills, timeScale: 0, ...more }).id
}

/** Over HTTP, with the answer checked against the contract. */
export async function overHttp(server: Firedrill, method: string, path: string, body?: object) {
  const { status, json } = await call(server, { method, path: CERTIFICATIONS + path, ...(body && { body }) })
  return { status, json }
}
