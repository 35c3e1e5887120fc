// Performs drills with the clients of the tests.
import t from 'tap'
import type { Client, DrillClients, Report } from '../../../examples/certify-typescript/clients/index.ts'
import type { Firedrill } from '../../../src/index.ts'
import { ServerSession } from '../../drillsession.ts'
import { boot, call } from '../../helpers.ts'

export const DRILLS = '/__admin/drills'

/** Starts the drill, lets the client perform it, and returns its verdict. */
export async function drill(server: Firedrill, id: string, client: Client) {
  const { status, json: drillRun } = await call(server, { method: 'POST', path: `${DRILLS}/${id}/start` })
  if (status !== 201) throw new Error(drillRun.detail)
  // With a frozen clock only the waits of the client count, not the speed of the machine.
  const clock = `/__admin/sandboxes/${drillRun.sandbox}/clock`
  await call(server, { method: 'PUT', path: clock, body: { mode: 'frozen' } })
  // A client that crashes reports nothing.
  const { outcome, sha256, ...answer } = await client(new ServerSession(server, drillRun)).catch((): Report => ({}))
  const verdict = new URL(drillRun.verdictUrl)
  const texts = { outcome, sha256, answer: JSON.stringify(answer) }
  for (const [name, value] of Object.entries(texts)) if (value !== undefined) verdict.searchParams.set(name, value)
  return (await call(server, { path: verdict.pathname + verdict.search })).json
}

/** Tests each of the drills with its clients. */
export function testClients(clients: Record<string, DrillClients>): void {
  t.test('each drill: a correct client passes, and each mistake is found', async t => {
    const server = await boot(t)
    const judged = async (id: string, client: Client) => {
      const verdict = await drill(server, id, client)
      server.sandboxes.drop(verdict.sandbox)
      return verdict
    }
    for (const [id, { correct, alsoCorrect = {}, wrong }] of Object.entries(clients)) {
      await t.test(`${id}: a correct client passes`, async t => {
        const verdict = await judged(id, correct)
        t.match(verdict, { drill: id, version: 1, sandbox: `drill-${id}-1`, lifecycle: 'finished', verdict: 'passed' })
        t.same(verdict.reasons, [])
      })
      for (const [way, client] of Object.entries(alsoCorrect)) {
        await t.test(`${id}: a client that ${way} passes`, async t => {
          const { verdict, reasons } = await judged(id, client)
          t.same(reasons, [])
          t.equal(verdict, 'passed')
        })
      }
      for (const [mistake, { client, reason }] of Object.entries(wrong)) {
        await t.test(`${id}: a client that ${mistake} fails`, async t => {
          const { verdict, reasons } = await judged(id, client)
          t.equal(verdict, 'failed')
          t.match(reasons.join(' '), reason)
        })
      }
    }
  })

  t.test('drills do not depend on the options of the server', async t => {
    const settings = { jobProgression: 'immediate', a9sPrepareStatus: 202, a9sPerformStatus: 200 } as const
    const server = await boot(t, {
      ...settings,
      seed: 'another',
      clock: 'real',
      scenario: 'empty',
      noAutoSandbox: true,
    })
    for (const [id, { correct }] of Object.entries(clients)) t.same((await drill(server, id, correct)).reasons, [], id)
  })
}
