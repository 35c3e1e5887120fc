// Certifications that cannot be continued: interrupted ones, lost sandboxes, results that do not fit, and limits.
import t from 'tap'
import { boot } from '../../helpers.ts'
import { certificationOf, overHttp, taskOf } from './client.ts'

t.test('an interrupted certification keeps what is known, and takes no more results', async t => {
  const server = await boot(t)
  const id = certificationOf(server, 'retry-502,retry-after,wrong-key')
  taskOf(server, id)
  await server.certifications.submit(id, { drill: 'retry-502', claim: 'success' })
  const { url, sandbox } = taskOf(server, id)
  await fetch(`${url}/v3/apps`)
  t.equal(server.certifications.get(id).lifecycle, 'running')
  const { status, json } = await overHttp(server, 'POST', `/${id}/interrupt`)
  t.equal(status, 200)
  t.match(json, {
    lifecycle: 'interrupted',
    verdict: 'inconclusive',
    endedAt: String,
    runs: [
      { drill: 'retry-502', lifecycle: 'finished', verdict: 'inconclusive' },
      { drill: 'retry-after', lifecycle: 'interrupted', verdict: 'inconclusive', sandbox: null },
      { drill: 'wrong-key', lifecycle: 'waiting', verdict: 'skipped' },
    ],
  })
  const { drills } = server.certifications.report(id)
  t.match(drills[1], { reason: 'The run was stopped before its client ended.', calls: [{ path: '/v3/apps' }] })
  t.match(drills[2], { reason: 'It has not been run.', clock: null, calls: [], durationMs: null })
  t.equal(server.certifications.evidence(id, { drill: 'retry-after' }).trace.calls.length, 1)
  t.throws(() => server.sandbox(sandbox).clock.get(), { message: /there is no sandbox/ })
  t.match(await overHttp(server, 'POST', `/${id}/tasks`), { status: 409, json: { detail: /was interrupted/ } })
  await t.rejects(server.certifications.submit(id, { drill: 'retry-after', claim: 'success' }), {
    kind: 'conflict',
    message: /the run of drill "retry-after" was interrupted: The run was stopped/,
  })
  t.same((await overHttp(server, 'POST', `/${id}/interrupt`)).json, json, 'interrupting it again changes nothing')
})

t.test('a run ends when its sandbox is lost', async t => {
  const server = await boot(t)
  const losses: Record<string, (sandbox: string) => void> = {
    deleted: sandbox => server.sandboxes.drop(sandbox),
    reset: sandbox => server.sandbox(sandbox).reset(),
    'replaced by a document': sandbox => server.sandbox(sandbox).state.import(server.default.state.export()),
  }
  for (const [loss, lose] of Object.entries(losses)) {
    const id = certificationOf(server, 'retry-502')
    const { sandbox, drill } = taskOf(server, id)
    t.equal(server.certifications.get(id).runs[0]?.lifecycle, 'waiting', loss)
    lose(sandbox)
    const { lifecycle, drills } = server.certifications.report(id)
    t.equal(lifecycle, 'finished', loss)
    t.match(drills[0], {
      lifecycle: 'interrupted',
      verdict: 'error',
      reason: `The sandbox ${sandbox} was deleted, reset or replaced during the run.`,
    })
    await t.rejects(server.certifications.submit(id, { drill, claim: 'success' }), {
      kind: 'conflict',
      message: /was deleted/,
    })
    t.throws(() => server.certifications.evidence(id, { drill }), { kind: 'conflict', message: /has no evidence/ })
    server.certifications.delete(id)
    t.same(
      server.sandboxes.list().map(({ name }) => name),
      ['default'],
      loss,
    )
  }
})

t.test('a result that does not fit is refused', async t => {
  const server = await boot(t)
  const id = certificationOf(server, 'retry-502,wrong-key')
  taskOf(server, id)
  const refused = async (status: number, detail: RegExp, body: object, path = `/${id}/results`) =>
    t.match(await overHttp(server, 'POST', path, body), { status, json: { detail } })
  const result = { drill: 'retry-502', claim: 'success' }
  await refused(404, /There is no certification "nope"/, result, '/nope/results')
  await refused(404, /"certify-1" has no drill "retry-after"/, { ...result, drill: 'retry-after' })
  await refused(409, /the task of drill "wrong-key" has not been handed out/i, { ...result, drill: 'wrong-key' })
  await refused(400, /claim must be one of success, failure, none/, { ...result, claim: 'maybe' })
  await refused(400, /sha256 must/, { ...result, sha256: 'abc' })
  await refused(400, /unknown field "verdict"/, { ...result, verdict: 'passed' })
  t.match(await overHttp(server, 'GET', `/${id}/evidence?drill=retry-502`), {
    status: 409,
    json: { detail: /has not ended/ },
  })
  const submitted = [1, 2].map(() => server.certifications.submit(id, { drill: 'retry-502', claim: 'success' }))
  const [first, second] = await Promise.allSettled(submitted)
  t.equal(first?.status, 'fulfilled')
  t.match(second, { status: 'rejected', reason: { message: 'there is already a result of drill "retry-502"' } })
  await refused(409, /there is already a result of drill "retry-502"/i, result)
})

t.test('a certification that cannot be judged is refused when it is created', async t => {
  const server = await boot(t)
  const refused = async (detail: RegExp, body: object) =>
    t.match(await overHttp(server, 'POST', '', body), { status: 400, json: { detail } })
  await refused(/No drill matches "nope-\*"; the drills are .*retry-502/, { drills: 'retry-502,nope-*' })
  await refused(/No drill matches ""/, { drills: '' })
  await refused(/No drill matches "\[a-z\]\+"/, { drills: '[a-z]+' })
  await refused(/"retry-503" is the id of no drill and of no requirement/, { knownFailing: ['retry-503'] })
  await refused(/"retry-502\/nope" is the id of no/, {
    drills: 'wrong-key',
    knownFailing: ['wrong-key', 'retry-502/nope'],
  })
  await refused(/unknown rule "undefined"/i, { documents: [{ id: 'x', requirements: [{}] }] })
  await refused(/There are two drills "retry-502"/, {
    drills: 'retry-502',
    documents: [server.drills.get('retry-502')],
  })
  await refused(/timeScale must be 0 or at least 0.000001/i, { timeScale: 1e-9 })
  await refused(/unknown field "drill"/, { drill: 'retry-502' })
  t.same(server.certifications.list(), [])
  const unwritten = await boot(t, { journalEntries: 0 })
  t.throws(() => unwritten.certifications.create(), { kind: 'conflict', message: /--journal-entries/ })
})

t.test('the number of certifications is limited', async t => {
  const server = await boot(t)
  for (let count = 0; count < 20; count++) certificationOf(server, 'retry-502')
  t.match(await overHttp(server, 'POST', '', { drills: 'retry-502' }), {
    status: 429,
    json: { detail: /There are already 20 certifications; delete some/ },
  })
  server.certifications.delete('certify-7')
  t.equal(certificationOf(server, 'retry-502'), 'certify-21', 'ids are not used again')
})

t.test('a task that needs one sandbox too many can be asked for later', async t => {
  const server = await boot(t, { maxSandboxes: 2 })
  const id = certificationOf(server, 'retry-502,wrong-key')
  taskOf(server, id)
  t.match(await overHttp(server, 'POST', `/${id}/tasks`), { status: 429, json: { detail: /2 sandboxes/ } })
  await server.certifications.submit(id, { drill: 'retry-502', claim: 'success' })
  t.equal(taskOf(server, id).drill, 'wrong-key')
})

t.test('a data directory with sandboxes of an earlier server is no obstacle', async t => {
  const data = t.testdir()
  const first = await boot(t, { data })
  taskOf(first, certificationOf(first, 'retry-502'))
  await first.close()
  const second = await boot(t, { data })
  t.same(second.certifications.list(), [], 'certifications are not stored')
  const id = certificationOf(second, 'retry-502')
  t.equal(id, 'certify-2')
  t.equal(taskOf(second, id).sandbox, 'certify-2-retry-502')
})
