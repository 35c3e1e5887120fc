// The search for the schedule that breaks a client: planted bugs are found and made small, and correct clients hold.
import t from 'tap'
import type { Drill } from '../../schemas/drills.ts'
import { boot } from '../helpers.ts'
import { clientOf, PLANTED, type Planted } from './planted.ts'

for (const { task, bug, correct, wrong, reason, step, ...limit } of PLANTED) {
  t.test(`${task}: a client that ${bug} is found, a correct one is not`, async t => {
    const server = await boot(t)
    const search = { task, timeScale: 0, seed: 'tests', ...limit }
    const found = await server.search({ client: clientOf(server, wrong), ...search })
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
    const held = await server.search({ client: clientOf(server, correct), ...search, runs: 12 })
    t.match(
      held,
      { verdict: 'held', reasons: [], schedule: [], drill: null },
      JSON.stringify(held.reasons.concat(held.schedule)),
    )
  })
}

/** Lists the backups once; `lost` is called when there is no answer. */
const once = (lost: () => Promise<never>): Planted => {
  return async session => {
    const appId = `${session.run.inputs.appId}`
    const headers = { authorization: session.credential('apiKey') }
    const { bytes, error } = await session.attempt({ path: `v3/apps/${appId}/backups`, headers })
    if (error !== undefined) return lost()
    return { outcome: /^\{"status":"success".*\}$/s.test(bytes.toString()) ? 'success' : 'failure' }
  }
}

t.test('a function that throws or takes too long is found like a program that crashes or hangs', async t => {
  const server = await boot(t)
  const throws = once(() => Promise.reject(new Error('no answer')))
  const crashed = await server.search({
    client: clientOf(server, throws),
    task: 'retry-after',
    timeScale: 0,
    seed: 'c',
  })
  t.match(crashed, { verdict: 'broken', reasons: [/to say how its task went; it threw Error: no answer\.$/] })
  const hangs = clientOf(
    server,
    once(() => new Promise(() => {})),
  )
  const hung = await server.search({ client: hangs, task: 'retry-after', timeScale: 0, seed: 'c', timeLimit: '300ms' })
  t.match(hung, { verdict: 'broken', reasons: [/the client to end within 300ms .*; it was stopped after 300ms\.$/] })
})

t.test('the same seed finds the same schedule with the same drill, another one tries others', async t => {
  const server = await boot(t)
  const client = clientOf(
    server,
    once(() => Promise.reject(new Error('no answer'))),
  )
  const searched = (seed: string) => server.search({ client, task: 'retry-after', timeScale: 0, seed })
  const [first, again, other] = [await searched('c'), await searched('c'), await searched('d')]
  t.same(again, first)
  t.not(other.runs, first.runs)
})

t.test('a search that is aborted ends, and says so', async t => {
  const server = await boot(t)
  const stop = new AbortController()
  const client = clientOf(server, PLANTED[0]?.correct as Planted)
  const onRun = ({ runs }: { runs: number }) => {
    if (runs === 3) stop.abort()
  }
  const ended = await server.search({ client, task: 'retry-after', timeScale: 0, signal: stop.signal, onRun })
  t.match(ended, { verdict: 'interrupted', runs: 3, drill: null })
  t.same(server.certifications.list(), [], 'its certifications are deleted')
})

t.test('counts that are not positive whole numbers are refused before the client runs', async t => {
  const server = await boot(t)
  const client = async () => {
    t.fail('the client was run')
    return undefined
  }
  for (const options of [{ runs: 0 }, { runs: 1.5 }, { maxCalls: -1 }]) {
    await t.rejects(server.search({ task: 'retry-502', client, ...options }), {
      message: /must be a positive whole number/,
    })
  }
})
