// Jobs over the control API: reading and moving them, and rules for those to come.
import t from 'tap'
import { boot } from '../../helpers.ts'
import { perform, RESTORE_ID, START, send } from './requests.ts'

t.test('addJobRule: a phase that would end after the year 9999 ends with it', async t => {
  const server = await boot(t)
  await send(server, 'POST', '/job-rules', {
    operation: 'performDisasterRecovery',
    durations: { queued: '3652424d', running: '3652424d' },
    speed: 1e-6,
  })
  await perform(server)
  t.match((await send(server, 'GET', `/jobs/${RESTORE_ID}`)).json, {
    state: 'running',
    dueAt: '9999-12-31T23:59:59.999Z',
  })
})

t.test('listAllJobs, readJob, stepJob, finishJob, failJob, cancelJob', async t => {
  const server = await boot(t)
  const job = async () => (await send(server, 'GET', `/jobs/${RESTORE_ID}`)).json
  await perform(server)
  const running = {
    id: decodeURIComponent(RESTORE_ID),
    api: 'a9s',
    kind: 'restore',
    operation: 'performDisasterRecovery',
  }
  t.match(await job(), {
    ...running,
    state: 'running',
    phase: 'queued',
    dueAt: '2026-06-10T12:00:01.000Z',
    endedAt: null,
  })
  t.match((await send(server, 'GET', '/jobs')).json.at(-1), running)
  t.match((await send(server, 'POST', `/jobs/${RESTORE_ID}/step`)).json, { state: 'running', phase: 'running' })
  t.match((await send(server, 'POST', `/jobs/${RESTORE_ID}/finish`)).json, { state: 'completed', endedAt: START })
  for (const move of ['step', 'finish', 'fail', 'cancel']) {
    t.match(await send(server, 'POST', `/jobs/${RESTORE_ID}/${move}`), {
      status: 409,
      json: { detail: /has already ended/ },
    })
  }
  await perform(server)
  const failed = await send(server, 'POST', `/jobs/a9s:${RESTORE_ID.replace(/1$/, '2')}/fail`, { reason: 'disk full' })
  t.match(failed.json, { state: 'failed', reason: 'disk full', endedAt: START })
  await perform(server)
  t.match((await send(server, 'POST', `/jobs/${RESTORE_ID.replace(/1$/, '3')}/cancel`)).json, { state: 'cancelled' })
  t.match(await send(server, 'GET', '/jobs/nope'), { status: 404, json: { detail: 'There is no job "nope".' } })
  t.match(await send(server, 'POST', `/jobs/${RESTORE_ID}/fail`, { typo: 1 }), { status: 400 })
})

t.test('addJobRule: progression, durations and outcome of future jobs', async t => {
  const server = await boot(t)
  const rule = (body: object) => send(server, 'POST', '/job-rules', { operation: 'performDisasterRecovery', ...body })
  const outcomeOf = async (body: object, by: string) => {
    server.default.reset()
    t.equal((await rule(body)).status, 201)
    await perform(server)
    server.default.clock.advance({ by })
    return (await send(server, 'GET', `/jobs/${RESTORE_ID}`)).json
  }
  t.match(await outcomeOf({ outcome: { result: 'fail', phase: 'queued', reason: 'no disk' } }, '1s'), {
    state: 'failed',
    phase: 'queued',
    reason: 'no disk',
  })
  t.match(await outcomeOf({ outcome: { result: 'stuck', phase: 'running' } }, '365d'), {
    state: 'running',
    dueAt: null,
  })
  t.match(await outcomeOf({ outcome: { result: 'time-out' } }, '59m'), { state: 'running' })
  t.match(await outcomeOf({ outcome: { result: 'time-out' } }, '60m'), { state: 'timed-out' })
  t.match(await outcomeOf({ outcome: { result: 'cancel' } }, '10s'), { state: 'cancelled' })
  t.match(await outcomeOf({ outcome: { result: 'no-result' } }, '10s'), { state: 'completed' })
  t.match(await outcomeOf({ durations: { running: '1h' } }, '1h'), { state: 'running' })
  t.match(await outcomeOf({ durations: { running: '1h' } }, '1h1s'), { state: 'completed' })
  t.match(await outcomeOf({ speed: 10 }, '1s'), { state: 'completed' })
  t.match(await outcomeOf({ progression: 'immediate' }, '0s'), { state: 'completed' })
  t.match(await outcomeOf({ progression: 'manual' }, '365d'), { state: 'running' })
})

t.test('addJobRule: for the next job only, the latest rule first, removed by id or all at once', async t => {
  const server = await boot(t)
  const rule = { operation: 'performDisasterRecovery', outcome: { result: 'stuck' }, times: 1 }
  await send(server, 'POST', '/job-rules', rule)
  await perform(server)
  await perform(server, 1)
  server.default.clock.advance({ by: '1h' })
  const states = (await send(server, 'GET', '/jobs')).json.slice(-2).map(({ state }: { state: string }) => state)
  t.same(states, ['running', 'completed'])
  t.match((await send(server, 'GET', '/job-rules')).json, [{ ...rule, used: 1 }])
  const { id } = (await send(server, 'POST', '/job-rules', { operation: 'createBackup', speed: 2 })).json
  t.equal((await send(server, 'DELETE', `/job-rules/${id}`)).status, 204)
  t.equal((await send(server, 'DELETE', `/job-rules/${id}`)).status, 404)
  t.equal((await send(server, 'DELETE', '/job-rules')).status, 204)
  t.same((await send(server, 'GET', '/job-rules')).json, [])
})

t.test('addJobRule: the message of a refusal names valid values', async t => {
  const server = await boot(t)
  for (const { body, detail } of [
    { body: { operation: 'nope' }, detail: /submits no jobs; operations that do are .*performDisasterRecovery/ },
    { body: { operation: 'listRestores' }, detail: /submits no jobs/ },
    { body: { operation: 'createBackup', progression: 'polls:0' }, detail: /polls:N/ },
    {
      body: { operation: 'createBackup', outcome: { result: 'stuck', phase: 'nope' } },
      detail: /^Unknown phase "nope"; phases are SUBMITTED, Validation/,
    },
    { body: { operation: 'createBackup', durations: { nope: 1 } }, detail: /^Unknown phase "nope"; phases are / },
    { body: { operation: 'createBackup', durations: { Validation: 'soon' } }, detail: /not a duration/ },
    { body: { operation: 'createBackup', typo: 1 }, detail: /unknown field "typo"/ },
  ] as const) {
    t.match(await send(server, 'POST', '/job-rules', body), { status: 400, json: { detail } }, JSON.stringify(body))
  }
  t.same((await send(server, 'GET', '/job-rules')).json, [])
})
