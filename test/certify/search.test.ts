// The search for the schedule that breaks a client: planted bugs are found and made small, and correct clients hold.
import t from 'tap'
import type { Drill } from '../../schemas/drills.ts'
import { boot } from '../helpers.ts'
import { clientOf, PLANTED } from './planted.ts'

for (const { task, bug, correct, wrong, reason, step } of PLANTED) {
  t.test(`${task}: a client that ${bug} is found, a correct one is not`, async t => {
    const server = await boot(t)
    const found = await server.search({ client: clientOf(server, wrong), task, timeScale: 0, seed: 'tests' })
    t.match(found, { task, seed: 'tests', verdict: 'broken' })
    t.ok(found.schedule.length <= 3, 'at most three steps')
    t.match(found.schedule.join(' '), step)
    t.match(found.reasons.join(' '), reason)
    t.ok(found.runs <= 200)

    const { id } = server.certifications.create({ documents: [found.drill as Drill], timeScale: 0 })
    const replayed = server.certifications.next(id).task
    t.ok(replayed)
    if (replayed) {
      const result = await clientOf(server, wrong)(replayed)
      const { verdict } = await server.certifications.submit(id, { drill: task, ...result })
      t.equal(verdict, 'failed', 'the saved drill repeats it')
    }
    const held = await server.search({ client: clientOf(server, correct), task, timeScale: 0, seed: 'tests', runs: 12 })
    t.match(
      held,
      { verdict: 'held', reasons: [], schedule: [], drill: null },
      JSON.stringify(held.reasons.concat(held.schedule)),
    )
  })
}
