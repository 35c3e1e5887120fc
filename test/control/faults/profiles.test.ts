// The catalogue of faults, and the profiles that arm several at once.
import t from 'tap'
import { exchange, OPERATIONS, REQUESTS } from '../../fault-requests.ts'
import { boot, call } from '../../helpers.ts'
import { faultedRequests, send } from './requests.ts'

t.test(
  'faultCatalogue: the kinds with their parameters, the errors and operations of each API, and the profiles',
  async t => {
    const server = await boot(t)
    const { json } = await send(server, 'GET', '/faults/catalogue')
    t.match(json.faults[0], {
      fault: 'error',
      description: /in its own format/,
      provokes: /not handled/,
      parameters: { name: { type: 'string', description: /catalogue/ } },
      required: ['name'],
    })
    t.equal(json.faults.filter(({ fault }: { fault: string }) => fault === 'delay').length, 3)
    for (const { fault, description, provokes, parameters } of json.faults)
      t.ok(description.length > 20 && provokes.length > 20 && !('fault' in parameters), fault)
    const arcgis = json.apis.find(({ name }: { name: string }) => name === 'arcgis')
    t.ok(arcgis.operations.includes('createBackup'))
    t.match(arcgis.errors.at(-3), { name: 'InvalidToken', status: 200, message: 'Invalid Token.' })
    t.same(json.profiles, (await send(server, 'GET', '/faults/profiles')).json)
    t.same(JSON.parse(JSON.stringify(server.default.faults.catalogue())), json)
  },
)

t.test('armFaultProfile: arms everything that the profile holds', async t => {
  for (const { name, description } of (await boot(t)).default.faults.profiles()) {
    const server = await boot(t)
    t.ok(description.length > 30)
    const armed = await send(server, 'POST', `/faults/profiles/${name}`)
    t.match(armed, { status: 201, json: { name } }, name)
    t.same((await send(server, 'GET', '/faults')).json, armed.json.faults)
    t.same((await send(server, 'GET', '/job-rules')).json, armed.json.jobRules)
    t.ok(armed.json.faults.length + armed.json.jobRules.length >= 2)
  }
  const server = await boot(t)
  t.match((await send(server, 'POST', '/faults/profiles/nope')).json, {
    status: 404,
    detail:
      /^there is no profile "nope"; the profiles are flaky-network, slow-jobs, expired-credentials, upstream-down/i,
  })
})

t.test('clearFaults, reset: disarm profiles, including their job rules', async t => {
  const server = await boot(t, { data: t.testdir() })
  const own = server.default.jobs.addRule({ operation: 'createBackup', speed: 2 })
  const ways: { name: string; clear: () => unknown; rulesLeft: unknown[] }[] = [
    { name: 'over HTTP', clear: () => send(server, 'DELETE', '/faults'), rulesLeft: [own] },
    { name: 'embedded', clear: () => server.default.faults.clear(), rulesLeft: [own] },
    { name: 'reset', clear: () => send(server, 'POST', '/reset'), rulesLeft: [] },
  ]
  for (const { name, clear, rulesLeft } of ways) {
    const { jobRules } = server.default.faults.armProfile('slow-jobs')
    t.match(jobRules, [{ profile: 'slow-jobs' }, { profile: 'slow-jobs' }, { profile: 'slow-jobs' }], name)
    server.default.state.import(server.default.state.export())
    t.same(server.default.jobs.rules(), [own, ...jobRules], `${name}: a state document keeps the profile`)
    await clear()
    t.same((await send(server, 'GET', '/job-rules')).json, rulesLeft, name)
  }
})

t.test('profiles: the responses that clients get', async t => {
  const server = await boot(t)
  const statuses = async () =>
    Promise.all(OPERATIONS.map(async each => (await exchange(server, REQUESTS[each])).status))
  server.default.faults.armProfile('upstream-down')
  t.same(await statuses(), [502, 503, 503, 503])
  server.default.faults.clear()
  server.default.faults.armProfile('expired-credentials')
  t.same(await statuses(), [401, 401, 401, 200], 'ArcGIS still issues new tokens')
  const poll = { ...REQUESTS.generateToken, path: '/arcgis/admin/jobs' }
  const { token } = (await call(server, REQUESTS.generateToken)).json
  const codes = []
  for (let count = 0; count < 2; count++)
    codes.push((await call(server, { ...poll, body: `f=json&token=${token}` })).json)
  t.match(codes, [{ error: { code: 498 } }, { jobs: [] }])
  server.default.faults.clear()
  server.default.faults.armProfile('slow-jobs')
  const perform = {
    method: 'POST',
    path: REQUESTS.prepareDisasterRecovery.path.replace('prepare', 'perform'),
    headers: REQUESTS.prepareDisasterRecovery.headers,
    body: { backup_guid: '3a2e59ee-40cb-472a-91d0-502ab259918c', encryption_key: 'second-encryption-key' },
  }
  t.equal((await call(server, perform)).status, 202)
  const [job] = server.default.jobs.list().filter(({ api }) => api === 'a9s')
  t.equal(Date.parse(job?.phases.at(-1)?.endAt ?? '') - Date.parse(job?.submittedAt ?? ''), 100_000)
  server.default.faults.armProfile('flaky-network')
  const hits = await faultedRequests(server, 40)
  t.ok(hits.length > 1 && hits.length < 20, `${hits.length} of 40 requests failed`)
})
