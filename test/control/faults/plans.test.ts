// Tests plans of faults: which stage applies follows from the clock alone, and state documents, snapshots and the journal carry them.
import t from 'tap'
import type { Firedrill, SandboxControl } from '../../../src/index.ts'
import { exchange, REQUESTS } from '../../fault-requests.ts'
import { boot, createSandbox } from '../../helpers.ts'

const FAILS = { operation: '*', fault: 'status', status: 418 } as const
const LIMITED = { operation: '*', fault: 'status', status: 503, times: 1 } as const
const PLAN = {
  name: 'mine',
  stages: [{ from: '0s' }, { from: '2m', faults: [LIMITED, FAILS] }, { from: '5m', faults: [] }],
}

const status = async ({ url }: { url: string }) => (await exchange({ url }, request(url))).status

/** Below the prefix of the sandbox. */
function request(url: string) {
  const { path, headers } = REQUESTS.listApplicationBackups
  return { path: new URL(url).pathname.replace(/\/$/, '') + path, headers }
}

async function statusesAfter(sandbox: SandboxControl, ...steps: string[]): Promise<(number | undefined)[]> {
  const statuses = []
  for (const by of steps) {
    sandbox.clock.advance({ by })
    statuses.push(await status(sandbox))
  }
  return statuses
}

t.test('the stage that applies follows from the clock, in any steps, also after months', async t => {
  const server = await boot(t)
  for (const { steps, expected } of [
    { steps: ['0s', '119999ms', '1ms', '1m', '119999ms', '1ms'], expected: [200, 200, 503, 418, 418, 200] },
    { steps: ['2m', '90d'], expected: [503, 200] },
    { steps: ['90d'], expected: [200] },
  ]) {
    const sandbox = createSandbox(server, { name: `t${steps.length}`, faultPlan: PLAN })
    t.same(await statusesAfter(sandbox, ...steps), expected, steps.join(', '))
  }
})

t.test('a plan is armed, listed with its stage and its counts, and cleared as one thing', async t => {
  const server = await boot(t)
  const { faults, clock } = server.default
  const { id } = faults.armPlan(PLAN)
  clock.advance({ by: '3m' })
  t.same([await status(server), await status(server)], [503, 418])
  t.match(faults.plans(), [
    {
      id,
      name: 'mine',
      stage: 2,
      stages: [
        { from: '2026-06-10T12:00:00.000Z', faults: [] },
        {
          from: '2026-06-10T12:02:00.000Z',
          faults: [
            { fault: 'status', matched: 1, hits: 1, completed: true, plan: id, stage: 2 },
            { matched: 2, hits: 1, completed: false },
          ],
        },
        { from: '2026-06-10T12:05:00.000Z', faults: [] },
      ],
    },
  ])
  t.equal(faults.list().length, 2)
  faults.clearPlan(id)
  t.same([faults.plans(), faults.list(), await status(server)], [[], [], 200])
  t.throws(() => faults.clearPlan(id), /there is no armed plan/)
  const other = faults.armPlan(PLAN)
  for (const fault of faults.list()) faults.disarm(fault.id)
  t.same(faults.plans(), [], 'a plan without faults is gone')
  t.not(other.id, id)
  faults.armPlan(PLAN)
  faults.clear()
  t.same(faults.plans(), [])
})

t.test('the journal and explain name the stage', async t => {
  const server = await boot(t)
  const { faults, requests, clock } = server.default
  const { id } = faults.arm({ operation: 'getJob', fault: 'hang' })
  faults.armPlan(PLAN)
  clock.advance({ by: '2m' })
  await status(server)
  const [entry] = requests.list().requests
  t.match(entry?.firedrill.fault, { fault: 'status', plan: { name: 'mine', stage: 2 } })
  t.match(requests.explain(entry?.id ?? '').verdict, /fault took over: status \(.*, stage 2 of plan mine\)/)
  t.not(entry?.firedrill.fault?.id, id)
})

for (const { what, carry } of [
  {
    what: 'a snapshot',
    carry: ({ default: { snapshots, reset } }) => {
      snapshots.take({ name: 'midway' })
      reset()
      snapshots.restore('midway')
    },
  },
  {
    what: 'a state document',
    carry: ({ default: { state, reset } }) => {
      const document = state.export()
      reset()
      state.import(document)
    },
  },
] as { what: string; carry(server: Firedrill): void }[]) {
  t.test(`${what} carries an armed plan, and its stages go on`, async t => {
    const server = await boot(t)
    server.default.faults.armPlan(PLAN)
    server.default.clock.advance({ by: '3m' })
    t.equal(await status(server), 503)
    const before = server.default.faults.plans()
    carry(server)
    t.same(server.default.faults.plans(), before)
    t.equal(await status(server), 418)
    t.same(await statusesAfter(server.default, '2m'), [200])
    server.default.reset()
    t.same(server.default.faults.plans(), [])
  })
}

t.test('state documents are refused when a plan or the stage of a fault is wrong', async t => {
  const server = await boot(t)
  server.default.faults.armPlan(PLAN)
  const document = server.default.state.export() as { faults: object[]; faultPlans: object[] }
  const [plan] = document.faultPlans
  for (const { change, refusal } of [
    { change: { faultPlans: [] }, refusal: /there is no such stage of a plan/ },
    { change: { faults: document.faults.map(each => ({ ...each, stage: 4 })) }, refusal: /no such stage/ },
    { change: { faults: document.faults.map(each => ({ ...each, stage: null })) }, refusal: /no such stage/ },
    { change: { faultPlans: [{ ...plan, stages: [{ from: '2m' }, { from: '2m' }] }] }, refusal: /start later/ },
    { change: { faultPlans: [{ ...plan, stages: [{ from: 'soon' }] }] }, refusal: /"soon" is not a duration/ },
  ]) {
    t.throws(() => server.default.state.import({ ...document, ...change }), refusal)
  }
})

t.test('a plan that could not be armed is refused, and nothing of it is armed', async t => {
  const server = await boot(t, { maxFaults: 3 })
  const { faults } = server.default
  for (const { plan, refusal } of [
    { plan: { name: 'nope' }, refusal: /there is no plan "nope"; the plans are outage-of-ten-minutes, / },
    { plan: { name: 'mine', stages: [] }, refusal: /stages must be at least 1 long/ },
    { plan: { name: 'mine', stages: [{ from: '0s' }] }, refusal: /at least one stage of a plan must have a fault/ },
    {
      plan: { name: 'mine', stages: [{ from: '1m', faults: [FAILS] }, { from: '1m' }] },
      refusal: /stage 2 must start later than stage 1/,
    },
    {
      plan: { name: 'mine', stages: [{ from: 'soon', faults: [FAILS] }] },
      refusal: /stage 1: "soon" is not a duration/,
    },
    {
      plan: {
        name: 'mine',
        stages: [
          { from: '0s', faults: [FAILS] },
          { from: '1m', faults: [{ operation: 'getJob' as const, fault: 'nope' }] },
        ],
      },
      refusal: /unknown fault "nope"/,
    },
    {
      plan: { name: 'mine', stages: [{ from: '0s', faults: [FAILS, FAILS, FAILS, FAILS] }] },
      refusal: /up to 3 fault/,
    },
  ]) {
    t.throws(() => faults.armPlan(plan as Parameters<typeof faults.armPlan>[0]), refusal)
    t.throws(() => createSandbox(server, { name: 'other', faultPlan: plan }), refusal)
  }
  t.same([faults.list(), faults.plans(), server.sandboxes.list().length], [[], [], 1])
})

t.test('every ready-made plan works before its first fault and after its last, and not in between', async t => {
  const server = await boot(t)
  const { plans } = server.default.faults.catalogue()
  t.same(
    plans.map(({ name }) => name),
    ['outage-of-ten-minutes', 'slow-night', 'rolling-restart'],
  )
  for (const { name, stages } of plans) {
    t.notOk(stages[0]?.faults, `${name}: the first stage has no faults`)
    t.notOk(stages.at(-1)?.faults, `${name}: nor has the last`)
    const sandbox = createSandbox(server, { name, faultPlan: name })
    t.equal(await status(sandbox), 200)
    for (const [index, { faults = [] }] of stages.entries()) {
      const [armed] = sandbox.faults.plans()
      const to = armed?.stages[index]?.from ?? ''
      sandbox.clock.advance({ to })
      for (let count = 0; count < 25; count++) await exchange(sandbox, request(sandbox.url))
      const fired = sandbox.faults.plans()[0]?.stages[index]?.faults.some(({ hits }) => hits > 0)
      t.equal(fired, faults.length > 0, `${name}: stage ${index + 1}`)
    }
    t.equal(await status(sandbox), 200)
  }
})

t.test('assert-clean reports the faults of stages to come, not of stages that are over', async t => {
  const server = await boot(t)
  server.default.faults.armPlan({ name: 'mine', stages: [{ from: '1m', faults: [FAILS] }, { from: '2m' }] })
  t.match(server.default.assertClean().problems, [/is still armed, without a limit/])
  server.default.clock.advance({ by: '2m' })
  t.same(server.default.assertClean().problems, [])
})
