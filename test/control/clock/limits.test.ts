// The limits of instants, durations, factors and counts: the same over HTTP and in the embedded API.
import t from 'tap'
import { boot } from '../../helpers.ts'
import { START, send } from '../jobs/requests.ts'

t.test('setClock, advanceClock, addJobRule, armFault: the embedded API has the same limits', async t => {
  const server = await boot(t)
  const { clock, jobs, faults } = server.default
  const operations: Record<string, { method: string; path: string; embedded: (body: never) => unknown }> = {
    set: { method: 'PUT', path: '/clock', embedded: body => clock.set(body) },
    advance: { method: 'POST', path: '/clock/advance', embedded: body => clock.advance(body) },
    idle: { method: 'POST', path: '/clock/run-until-idle', embedded: body => clock.runUntilIdle(body) },
    rule: {
      method: 'POST',
      path: '/job-rules',
      embedded: body => jobs.addRule(Object.assign(body, { operation: 'performDisasterRecovery' })),
    },
    fault: {
      method: 'POST',
      path: '/faults',
      embedded: body => faults.arm(Object.assign(body, { operation: '*', fault: 'hang' })),
    },
  }
  const FACTOR = /factor .*(1000000|0\.000001)/
  const NO_UNIT = /by must be text with a unit, as in "300ms"/
  const cases: { operation: string; body: object; detail: RegExp }[] = [
    ...[1e15, 1_000_001, 1e-7, 1e-300, 0, -1].map(factor => ({
      operation: 'set',
      body: { mode: 'scaled', factor },
      detail: FACTOR,
    })),
    {
      operation: 'set',
      body: { now: '1969-12-31' },
      detail: /not an instant; .* 1970-01-01 to 9999-12-31T23:59:59\.999Z/,
    },
    ...[300, 0, -1, 8.64e15].map(by => ({ operation: 'advance', body: { by }, detail: NO_UNIT })),
    { operation: 'advance', body: { by: '300' }, detail: /"300" is not a duration/ },
    { operation: 'advance', body: { by: '8640000000000000ms' }, detail: /too long; at most 3652424d/ },
    { operation: 'advance', body: { to: 8.64e15 }, detail: /not an instant; .* to 9999-12-31/ },
    { operation: 'advance', body: { to: 1e300 }, detail: /not an instant; .* to 9999-12-31/ },
    { operation: 'advance', body: { to: -1 }, detail: /not an instant; .* 1970-01-01 to/ },
    { operation: 'idle', body: { max: 300 }, detail: /max must be text with a unit/ },
    { operation: 'rule', body: { speed: 1e-300 }, detail: /speed .*0\.000001/ },
    { operation: 'rule', body: { speed: 1e300 }, detail: /speed .*1000000/ },
    { operation: 'rule', body: { times: 1e21 }, detail: /times .*1000000000/ },
    { operation: 'rule', body: { times: 1.5 }, detail: /times must be a whole number/ },
    { operation: 'rule', body: { durations: { running: 8.64e15 } }, detail: /durations\.running/ },
    { operation: 'rule', body: { durations: { running: '8640000000000000ms' } }, detail: /too long; at most 3652424d/ },
    { operation: 'rule', body: { durations: { running: 0.5 } }, detail: /durations\.running/ },
    { operation: 'fault', body: { times: 1e21 }, detail: /times .*1000000000/ },
    { operation: 'fault', body: { nth: 1e21 }, detail: /nth .*1000000000/ },
  ]
  for (const { operation, body, detail } of cases) {
    const { method, path, embedded } = operations[operation] as (typeof operations)[string]
    const name = `${path} ${JSON.stringify(body)}`
    // The embedded call adds the fields that the body needs for both.
    t.throws(() => embedded(body as never), { kind: 'invalid', message: detail }, `${name} embedded`)
    t.match(await send(server, method, path, body), { status: 400, json: { detail } }, name)
  }
  t.equal(server.default.clock.get().now, START)
  t.same([jobs.rules(), faults.list()], [[], []])
})
