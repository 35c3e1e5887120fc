// The response headers for debugging: the id of the journal entry, and a hint at the nearest operation for an unknown path.
import t from 'tap'
import { boot } from '../helpers.ts'

const RESTORES = '/v1/instances/10000000-0000-4000-8000-000000000001/restores'
const BEARER = { authorization: 'Bearer demo-token' }
const REQUEST_ID = 'x-firedrill-request-id'
const HINT = 'x-firedrill-hint'

t.test('every response of an API carries the id of its journal entry', async t => {
  const server = await boot(t)
  const requests: [path: string, init: RequestInit][] = [
    [RESTORES, { headers: BEARER }],
    [RESTORES, {}],
    [RESTORES, { headers: { ...BEARER, prefer: 'code=404' } }],
    [RESTORES, { method: 'HEAD', headers: BEARER }],
    ['/v1/instances/%zz/restores', {}],
    ['/arcgis/admin/jobs?f=json', {}],
    ['/v3/apps/1/backups', {}],
    ['/backend/api/v1/disasterRecoveryFiles/', { headers: { authorization: 'Bearer YOUR_API_KEY' } }],
    ['/nowhere', {}],
  ]
  for (const [path, init] of requests) {
    const answer = await fetch(server.url + path, init)
    await answer.arrayBuffer()
    const [event] = server.default.requests.list({ limit: 1 }).requests
    t.ok(event, path)
    t.equal(answer.headers.get(REQUEST_ID), event?.id, path)
  }
  server.default.faults.arm({ operation: 'listRestores', fault: 'status', status: 418 })
  const faulted = await fetch(server.url + RESTORES)
  t.equal(faulted.headers.get(REQUEST_ID), server.default.requests.list({ limit: 1 }).requests[0]?.id)
  const control = await fetch(`${server.url}/__admin/health`)
  t.notOk(control.headers.has(REQUEST_ID))
})

t.test('the ids repeat with the same seed, and differ between sandboxes', async t => {
  const idsOf = async (seed: string, prefix = '') => {
    const server = await boot(t, { seed })
    const answers = [await fetch(server.url + prefix + RESTORES), await fetch(server.url + prefix + RESTORES)]
    return answers.map(answer => answer.headers.get(REQUEST_ID))
  }
  const ids = await idsOf('one')
  t.not(ids[0], ids[1])
  t.same(await idsOf('one'), ids)
  t.not((await idsOf('two'))[0], ids[0])
  t.not((await idsOf('one', '/@other'))[0], ids[0])
})

t.test('an unknown path of an API is answered with a hint in a header', async t => {
  const server = await boot(t)
  const hintFor = async (path: string, init: RequestInit = {}) =>
    (await fetch(server.url + path, { headers: BEARER, ...init })).headers.get(HINT)
  t.equal(
    await hintFor(RESTORES.replace('restores', 'restore')),
    'The nearest operation is GET /v1/instances/:instance_id/restores (listRestores): replace "restore" in the path by "restores"',
  )
  t.match(await hintFor(RESTORES, { method: 'DELETE' }), 'use the method GET instead of DELETE')
  t.match(await hintFor('/arcgis/admin/job?f=json'), 'replace "job" in the path by "jobs"')
  t.match(await hintFor('/v1/instances/%zz/restores'), 'the path is not valid percent-encoding')
  t.equal(await hintFor(RESTORES), null, 'not where an operation answers')
  for (const path of [`/v1/instances/${'x/'.repeat(400)}`, '/v1/instances/%C3%A4/%E2%82%AC', "/v1/instances/é'/~"]) {
    const hint = await hintFor(path)
    t.match(hint, /^[\x20-\x7e]{1,200}$/, path)
  }
})

t.test('a path of no API is answered with the hint in the body', async t => {
  const server = await boot(t)
  const answer = await fetch(`${server.url}/v3/app/1/backup`)
  t.ok(answer.headers.has(HINT), 'it is below the path of an API')
  const unowned = await fetch(`${server.url}/v2/apps/1/backups`)
  t.equal(unowned.status, 404)
  t.match(await unowned.json(), {
    title: 'No API here',
    hint: 'The nearest operation is GET /v3/apps/:app_id/backups (listApplicationBackups): replace "v2" in the path by "v3"',
  })
  t.notOk(unowned.headers.has(HINT))
})

t.test('no id without a journal, and neither header with noDebugHeaders', async t => {
  const withoutJournal = await boot(t, { journalEntries: 0 })
  const plain = await fetch(`${withoutJournal.url}${RESTORES}/1/2`, { headers: BEARER })
  t.same([plain.headers.has(REQUEST_ID), plain.headers.has(HINT)], [false, true])
  const quiet = await boot(t, { noDebugHeaders: true })
  for (const path of [RESTORES, `${RESTORES}/1/2`, '/v1/instances/%zz/restores']) {
    const answer = await fetch(quiet.url + path, { headers: BEARER })
    t.same([answer.headers.has(REQUEST_ID), answer.headers.has(HINT)], [false, false], path)
  }
})
