// Certifications: tasks are handed out, results are judged, and the report says what happened, over every interface.
import { Value } from '@sinclair/typebox/value'
import t from 'tap'
import { DrillEvidence, Report } from '../../../schemas/index.ts'
import { ServerSession } from '../../drillsession.ts'
import { boot } from '../../helpers.ts'
import { certificationOf, correctClient, overHttp, runClient, taskOf, wrongClient } from './client.ts'

t.test('a task is all that a client needs, and is handed out once', async t => {
  const server = await boot(t, { publicUrl: 'https://drills.example' })
  const created = await overHttp(server, 'POST', '', {
    drills: 'wrong-key, retry-50?,retry-aft*er',
    client: { name: 'mine', version: '2' },
  })
  t.equal(created.status, 201)
  t.match(created.json, {
    id: 'certify-1',
    client: { name: 'mine', version: '2' },
    lifecycle: 'waiting',
    verdict: 'inconclusive',
    endedAt: null,
    summary: { skipped: 3, passed: 0 },
    runs: [
      { drill: 'retry-502' },
      { drill: 'retry-after' },
      { drill: 'wrong-key', lifecycle: 'waiting', sandbox: null },
    ],
  })
  const { status, json } = await overHttp(server, 'POST', '/certify-1/tasks')
  t.equal(status, 200)
  const { version, title, task: text, inputs, credentials } = server.drills.get('retry-502')
  const url = 'https://drills.example/@certify-1-retry-502'
  const clockUrl = `${url}/__admin/clock/advance`
  const task = {
    drill: 'retry-502',
    version,
    title,
    task: text,
    url,
    clockUrl,
    inputs,
    credentials,
    timeLimitMs: 30_000,
    timeScale: 1,
  }
  t.match(json, {
    remaining: 2,
    task: { ...task, sandbox: 'certify-1-retry-502', seed: String },
  })
  const { environment, seed } = json.task
  t.same(JSON.parse(environment.FIREDRILL_TASK), task)
  t.match(environment, {
    FIREDRILL_DRILL: 'retry-502',
    FIREDRILL_URL: url,
    FIREDRILL_CLOCK_URL: clockUrl,
    FIREDRILL_SEED: seed,
  })
  t.match(server.sandbox('certify-1-retry-502').clock.get(), { mode: 'real', now: /^2026-06-10T12:00/ })
  t.equal(server.certifications.next('certify-1').task?.drill, 'retry-after')
  t.equal(server.certifications.next('certify-1').task?.drill, 'wrong-key')
  t.same(server.certifications.next('certify-1'), { task: null, remaining: 0 })
})

t.test('correct clients pass, and the report is complete', async t => {
  const server = await boot(t)
  t.equal(server.certifications.create().runs.length, server.drills.list().length, 'all drills by default')
  const drills = 'file-expired,lost-answer,poll-until-done,resume-download,restore-in-progress,stuck-job'
  const id = certificationOf(server, drills, { client: { name: 'correct', url: 'https://client.example' } })
  const { runs } = server.certifications.get(id)
  for (const { drill } of runs) {
    const judged = await runClient(server, id, correctClient(drill))
    t.match(judged, { id: drill, lifecycle: 'finished', verdict: 'passed' })
  }
  const report = server.certifications.report(id)
  t.ok(Value.Check(Report, report), 'fits its schema')
  t.match(report, {
    format: 'firedrill-report/1',
    client: { name: 'correct', url: 'https://client.example' },
    lifecycle: 'finished',
    verdict: 'passed',
    summary: { passed: runs.length, failed: 0, inconclusive: 0 },
    endedAt: String,
  })
  t.same((await overHttp(server, 'GET', `/${id}/report`)).json, report)
  t.equal(server.certifications.get(id).verdict, 'passed')
  t.same(
    server.sandboxes.list().map(({ name }) => name),
    ['default'],
    'the sandboxes of the runs are deleted',
  )
})

t.test('a judged run names what was expected and observed, and the requests that show it', async t => {
  const server = await boot(t)
  const id = certificationOf(server, 'retry-502')
  const judged = await runClient(server, id, async session => {
    const report = await wrongClient('retry-502')(session)
    await session.send({ path: 'v1/nothing' })
    return report
  })
  t.match(judged, {
    verdict: 'failed',
    clock: { from: '2026-06-10T12:00:00.000Z', to: '2026-06-10T12:00:00.000Z' },
    result: { claim: 'failure' },
    faults: [{ operation: 'prepareDisasterRecovery', fault: 'error', hits: 1, completed: true }],
    durationMs: Number,
  })
  const [prepare, unknown] = judged.calls
  t.match(prepare, {
    at: '2026-06-10T12:00:00.000Z',
    operation: 'prepareDisasterRecovery',
    method: 'POST',
    path: '/v1/instances/10000000-0000-4000-8000-000000000001/disaster-recovery/prepare',
    status: 502,
    error: 'BadGateway',
    fault: 'error',
    durationMs: Number,
  })
  t.match(unknown, { operation: null, path: '/v1/nothing', status: 404, fault: null })
  const requirement = (name: string) => judged.requirements.find(each => each.id === `retry-502/${name}`)
  t.match(requirement('meets-fault'), { verdict: 'passed', evidence: [prepare?.id] })
  t.match(requirement('tries-twice'), {
    verdict: 'failed',
    kind: 'required',
    expected: 'exactly 2 calls of prepareDisasterRecovery',
    observed: 'found 1',
    evidence: [prepare?.id],
  })
  t.match(requirement('client-ends'), { verdict: 'passed', observed: 'it reported failure' })
})

t.test('the evidence has the requests, their stages in virtual time, and the state, without secrets', async t => {
  const server = await boot(t)
  const id = certificationOf(server, 'poll-until-done,lost-answer')
  await runClient(server, id, correctClient('lost-answer'))
  const judged = await runClient(server, id, async session => ({
    ...(await correctClient('poll-until-done')(session)),
    note: `signed in with ${session.credential('password')}`,
  }))
  t.match(judged.evidence, { har: 'evidence/poll-until-done/requests.har' })
  t.match(judged.result, { answer: { note: 'signed in with [redacted]' } })
  const { status, json } = await overHttp(server, 'GET', `/${id}/evidence?drill=poll-until-done`)
  t.equal(status, 200)
  t.ok(Value.Check(DrillEvidence, json))
  const { har, trace, before, after } = json
  t.equal(har.log.entries.length, judged.calls.length)
  t.same(
    trace.calls.map((each: { id: string }) => each.id),
    judged.calls.map(each => each.id),
  )
  t.match(trace.calls.slice(0, 4), [
    { afterMs: 0, waitMs: 0, request: /^POST .*generateToken/, verdict: 'Answered 200: all checks passed.' },
    { afterMs: 0, waitMs: 0, checks: [{ check: 'address', outcome: 'passed' }] },
    { afterMs: 0, waitMs: 0 },
    { afterMs: 1000, waitMs: 1000 },
  ])
  const names = (state: { arcgis: { backups: { name: string }[] } }) => state.arcgis.backups.map(({ name }) => name)
  t.notOk(names(before).includes('drill-backup'))
  t.ok(names(after).includes('drill-backup'))
  t.equal(after.a9s, undefined, 'only the API of the drill')
  t.same([...new Set(after.jobs.map(({ api }: { api: string }) => api))], ['arcgis'])
  const text = JSON.stringify([
    judged,
    server.certifications.report(id),
    json,
    server.certifications.evidence(id, { drill: 'lost-answer' }),
  ])
  for (const drill of ['poll-until-done', 'lost-answer']) {
    for (const [name, secret] of Object.entries(server.drills.get(drill).credentials)) {
      // The passcode is in the text of the task.
      if (name !== 'username' && name !== 'passcode') t.notOk(text.includes(secret), `${drill}: ${name}`)
    }
  }
  t.notMatch(JSON.stringify(after), /scrypt\$/, 'nor a hash of a secret')
})

t.test('the same seed repeats a run exactly, and another seed does not', async t => {
  const runOf = async (serverSeed: string, seed?: string) => {
    const server = await boot(t, { seed: serverSeed })
    const id = certificationOf(server, 'poll-until-done', seed === undefined ? {} : { seed })
    const { calls, requirements } = await runClient(server, id, correctClient('poll-until-done'))
    const shown = calls.map(({ durationMs: _, ...call }) => call)
    return { seed: server.certifications.report(id).seed, text: JSON.stringify([shown, requirements]) }
  }
  const first = await runOf('one')
  t.equal(first.seed, 'one')
  t.same(await runOf('two', 'one'), first)
  t.not((await runOf('two')).text, first.text)
})

t.test('the clock of a run starts when everything is prepared, and runs as fast as asked for', async t => {
  const server = await boot(t)
  const id = certificationOf(server, 'file-expired', { timeScale: 1000 })
  const { sandbox } = taskOf(server, id)
  t.match(server.sandbox(sandbox).clock.get(), { mode: 'scaled', factor: 1000 })
  const { clock } = await server.certifications.submit(id, { drill: 'file-expired', claim: 'success' })
  t.equal(clock?.from, '2026-06-17T12:00:00.000Z', 'a week later, as the drill says')
  t.ok((clock?.to ?? '') > (clock?.from ?? ''))
})

t.test('runs of one certification, and of several, do not affect each other', async t => {
  const server = await boot(t)
  const [good, bad] = [certificationOf(server, 'retry-502'), certificationOf(server, 'retry-502')]
  const [goodTask, badTask] = [taskOf(server, good), taskOf(server, bad)]
  await Promise.all([
    correctClient('retry-502')(new ServerSession(server, goodTask)),
    wrongClient('retry-502')(new ServerSession(server, badTask)),
  ])
  const [first, second] = await Promise.all([
    server.certifications.submit(good, { drill: 'retry-502', claim: 'success' }),
    server.certifications.submit(bad, { drill: 'retry-502', claim: 'failure' }),
  ])
  t.same([first.verdict, second.verdict], ['passed', 'failed'])
  t.same(
    server.certifications.list().map(({ id, verdict }) => [id, verdict]),
    [
      ['certify-1', 'passed'],
      ['certify-2', 'failed'],
    ],
  )
})

t.test('deleting a certification deletes its sandboxes, and a reset of the default sandbox nothing', async t => {
  const server = await boot(t)
  const id = certificationOf(server, 'retry-502')
  const { sandbox } = taskOf(server, id)
  server.default.reset()
  t.equal(server.certifications.get(id).runs[0]?.sandbox, sandbox)
  t.equal((await overHttp(server, 'DELETE', `/${id}`)).status, 204)
  t.same(
    server.sandboxes.list().map(({ name }) => name),
    ['default'],
  )
  t.match(await overHttp(server, 'GET', `/${id}`), { status: 404, json: { detail: /no certification "certify-1"/ } })
})
