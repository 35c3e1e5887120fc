// Tests fault rules on every interface: armed, counted, used up, refused, and by profile.
import t from 'tap'
import type { FaultMatch, RequestPattern } from '../../../schemas/control.ts'
import { type Firedrill, Refusal } from '../../../src/index.ts'
import { exchange, OPERATIONS, type Operation, ROOMS } from '../../faulted.ts'
import { boot, call } from '../../helpers.ts'
import { caught } from '../../sandbox/world.ts'

const send = (server: Firedrill, method: string, path: string, body?: unknown) =>
  call(server, { method, path: `/__admin${path}`, body })
const FAILS = { fault: 'status', status: 418 } as const

/** The match of a fault as a request pattern, in which a string has to be written as equalTo. */
function patternOf(match: FaultMatch): RequestPattern {
  const { headers, queryParameters, cookies, ...rest } = match
  const named = Object.entries({ headers, queryParameters, cookies }).map(([field, texts = {}]) => [
    field,
    Object.fromEntries(
      Object.entries(texts).map(([name, text]) => [name, typeof text === 'string' ? { equalTo: text } : text]),
    ),
  ])
  return { ...rest, ...Object.fromEntries(named) }
}

/** Sends so many requests; returns the numbers, from 1, of those that a fault applied to. */
async function faultedRequests(
  server: Pick<Firedrill, 'url'>,
  count: number,
  operation: Operation = 'listApplicationBackups',
) {
  const hits: number[] = []
  for (let request = 1; request <= count; request++) {
    const { status, error } = await exchange(server, ROOMS[operation])
    if (status !== 200 || error !== undefined) hits.push(request)
  }
  return hits
}

t.test('armFault, listFaults, readFault, disarmFault, clearFaults: a rule and the proof that it fired', async t => {
  const server = await boot(t)
  const rule = { operation: 'listApplicationBackups', match: { method: 'get' }, ...FAILS, times: 2 }
  const armed = await send(server, 'POST', '/faults', rule)
  const { id } = armed.json
  t.same([armed.status, armed.json], [201, { id, api: 'dscloud', ...rule, matched: 0, hits: 0, completed: false }])
  t.same(await faultedRequests(server, 1), [1])
  t.match((await send(server, 'GET', `/faults/${id}`)).json, { matched: 1, hits: 1, completed: false })
  t.same(await faultedRequests(server, 3), [1])
  const proof = { id, matched: 2, hits: 2, completed: true }
  t.match((await send(server, 'GET', '/faults')).json, [proof], 'what is used up counts no longer')
  const other = (await send(server, 'POST', '/faults', { operation: '*', fault: 'empty-body' })).json
  t.notOk('api' in other)
  t.equal((await send(server, 'DELETE', `/faults/${other.id}`)).status, 204)
  t.match((await send(server, 'DELETE', `/faults/${other.id}`)).json, {
    status: 404,
    detail: new RegExp(`^there is no fault "${other.id}"`, 'i'),
  })
  t.equal((await send(server, 'GET', `/faults/${other.id}`)).status, 404)
  t.same(await faultedRequests(server, 2), [])
  server.default.faults.arm({ operation: '*', ...FAILS })
  t.same(await faultedRequests(server, 2), [1, 2])
  t.equal((await send(server, 'DELETE', '/faults')).status, 204)
  t.same([(await send(server, 'GET', '/faults')).json, await faultedRequests(server, 2)], [[], []])
})

t.test('times, nth, sequence: counted over the requests that match', async t => {
  const server = await boot(t)
  for (const [limit, hits, completed] of [
    [{ times: 2 }, [1, 2], true],
    [{ nth: 3 }, [3], true],
    [{}, [1, 2, 3, 4, 5], false],
  ] as const) {
    for (const operation of OPERATIONS) {
      const { id } = server.default.faults.arm({ operation, ...FAILS, ...limit })
      t.same(await faultedRequests(server, 5, operation), hits, `${operation} ${JSON.stringify(limit)}`)
      t.match(server.default.faults.get(id), { hits: hits.length, completed })
      server.default.faults.disarm(id)
    }
  }
  const { id } = server.default.faults.arm({ operation: '*', sequence: [FAILS, { fault: 'none' }, { fault: 'reset' }] })
  t.same(await faultedRequests(server, 1), [1])
  t.match(server.default.faults.get(id), { matched: 1, hits: 1, completed: false })
  t.same(await faultedRequests(server, 4, 'generateToken'), [2])
  t.match(server.default.faults.get(id), { matched: 3, hits: 2, completed: true })
})

t.test('several rules: the first armed applies, all that match count the request', async t => {
  const server = await boot(t)
  const { faults } = server.default
  const first = faults.arm({ operation: 'listApplicationBackups', fault: 'status', status: 500, nth: 2 })
  const second = faults.arm({ operation: '*', fault: 'status', status: 418, times: 2 })
  const third = faults.arm({ api: 'dscloud', operation: '*', fault: 'status', status: 404, nth: 1 })
  const statuses = []
  for (let count = 0; count < 4; count++) statuses.push((await exchange(server, ROOMS.listApplicationBackups)).status)
  t.same(statuses, [418, 500, 418, 200])
  t.match(faults.get(first.id), { matched: 2, hits: 1, completed: true })
  t.match(faults.get(second.id), { matched: 3, hits: 2, completed: true })
  t.match(faults.get(third.id), { matched: 4, hits: 0, completed: false }, 'its request was taken')
})

t.test('probability: the same for the same seed', async t => {
  const draws = async (seed: string, probability: number, count: number) => {
    const server = await boot(t, { seed })
    const { id } = server.default.faults.arm({ operation: '*', ...FAILS, probability })
    const hits = await faultedRequests(server, count)
    t.match(server.default.faults.get(id), { matched: count, hits: hits.length })
    return hits
  }
  const one = await draws('one', 0.4, 40)
  t.same(await draws('one', 0.4, 40), one)
  t.notSame(await draws('two', 0.4, 40), one)
  t.ok(one.length > 6 && one.length < 26, `${one.length} of 40`)
  t.equal((await draws('one', 0, 10)).length, 0)
  t.equal((await draws('one', 1, 10)).length, 10)
})

t.test('match: method, path, query and headers all have to match', async t => {
  const server = await boot(t)
  const { path, headers } = ROOMS.listDisasterRecoveryFiles
  const what = { path: `${path}?limit=5&offset=0`, headers: { ...headers, 'x-client': 'drill', cookie: 'session=abc' } }
  for (const [match, hits] of [
    [{ method: 'GET' }, true],
    [{ method: 'POST' }, false],
    [{ urlPath: path }, true],
    [{ urlPath: path.slice(0, -1) }, false],
    [{ urlPathPattern: '/backend/.*' }, true],
    [{ urlPathPattern: '/backend' }, false],
    [{ urlPathPattern: 'nothing|/backend/.*' }, true],
    [{ urlPathPattern: '/backend/api|nothing' }, false],
    [{ url: `${path}?limit=5&offset=0` }, true],
    [{ url: path }, false],
    [{ urlPattern: '/backend/.*limit=\\d+.*' }, true],
    [{ urlPattern: '/backend/.*limit=' }, false],
    [{ queryParameters: { limit: '5', offset: { equalTo: '0' } } }, true],
    [{ queryParameters: { limit: '5', offset: { matches: '[1-9]' } } }, false],
    [{ queryParameters: { idAfter: '' } }, false],
    [{ queryParameters: { idAfter: { absent: true } } }, true],
    [{ headers: { 'X-Client': 'drill' } }, true],
    [{ headers: { 'x-client': 'Drill' } }, false],
    [{ headers: { 'x-client': { equalTo: 'Drill', caseInsensitive: true } } }, true],
    [{ headers: { 'x-client': { doesNotContain: 'rill' } } }, false],
    [{ cookies: { session: 'abc' } }, true],
    [{ cookies: { session: { contains: 'abcd' } } }, false],
    [{ method: 'GET', urlPath: path, queryParameters: { limit: '5' }, headers: { 'x-client': 'other' } }, false],
    [{}, true],
  ] as const) {
    const { id } = server.default.faults.arm({ operation: 'listDisasterRecoveryFiles', match, ...FAILS })
    t.equal((await exchange(server, what)).status, hits ? 418 : 200, JSON.stringify(match))
    t.match(server.default.faults.get(id), { matched: hits ? 1 : 0 })
    const { count } = server.default.requests.count(patternOf(match))
    t.equal(count, hits ? 1 : 0, `the journal finds the same: ${JSON.stringify(match)}`)
    server.default.requests.clear()
    server.default.faults.clear()
  }
})

t.test('a fault applies to an operation with any method', async t => {
  const server = await boot(t)
  const { token } = (await call(server, ROOMS.generateToken)).json
  const get = { path: `/arcgis/admin/jobs?f=json&token=${token}` }
  const post = { ...ROOMS.generateToken, path: '/arcgis/admin/jobs', body: `f=json&token=${token}` }
  for (const name of ['listJobs', 'listJobsByPost'] as const) {
    const { id, operation } = server.default.faults.arm({ operation: name, ...FAILS, times: 2 })
    t.equal(operation, 'listJobs')
    t.same([(await exchange(server, get)).status, (await exchange(server, post)).status], [418, 418], name)
    t.match(server.default.faults.get(id), { matched: 2, completed: true })
  }
  server.default.faults.arm({ operation: 'listJobs', match: { method: 'post' }, ...FAILS })
  t.same([(await exchange(server, get)).status, (await exchange(server, post)).status], [200, 418], 'by its match')
  const { apis } = server.default.faults.catalogue()
  const named = apis.flatMap(({ operations }) => operations).filter(name => /Jobs?(ByPost)?$/.test(name))
  t.same(named, ['listJobs', 'getJob'])
})

t.test('rules are shown without the secrets in their matches', async t => {
  const server = await boot(t)
  const { path, headers } = ROOMS.listDisasterRecoveryFiles
  const match = {
    urlPattern: '.*token=s3cret-in-url.*',
    headers: { authorization: headers.authorization, 'x-client': { equalToJson: { password: 's3cret-in-json' } } },
    queryParameters: { token: { matches: 's3cret.*' }, f: 'json' },
    cookies: { a: { contains: 's3cret-cookie' }, b: { absent: true } },
  }
  const armed = await send(server, 'POST', '/faults', { operation: 'listDisasterRecoveryFiles', match, ...FAILS })
  const shown = {
    urlPattern: '.*token=[redacted]',
    headers: {
      authorization: { equalTo: '[redacted]' },
      'x-client': { equalToJson: '{"password":"[redacted]"}' },
    },
    queryParameters: { token: { matches: '[redacted]' }, f: { equalTo: 'json' } },
    cookies: { a: { contains: '[redacted]' }, b: { absent: true } },
  }
  t.same(armed.json.match, shown)
  t.same((await send(server, 'GET', `/faults/${armed.json.id}`)).json.match, shown)
  t.same((await send(server, 'GET', '/faults')).json[0].match, shown)
  const request = {
    path: `${path}?token=s3cret-in-url&f=json`,
    headers: { ...headers, 'x-client': '{"password":"s3cret-in-json"}', cookie: 'a=s3cret-cookie' },
  }
  t.equal((await exchange(server, request)).status, 418)
})

t.test('match: the path does not include the prefix of the sandbox', async t => {
  const server = await boot(t)
  const { path, headers } = ROOMS.listApplicationBackups
  server.sandbox('t1').faults.arm({ operation: '*', match: { urlPath: path }, ...FAILS, times: 1 })
  t.equal((await exchange(server, { path: `/@t1${path}`, headers })).status, 418)
})

t.test('armFault: a rule that could never fire is refused on every interface', async t => {
  const server = await boot(t)
  const any = { operation: '*' }
  for (const [rule, detail] of [
    [{}, /^operation is required$/],
    [[], /the body must be an object/],
    [
      { ...FAILS, operation: 'nope' },
      /^unknown operation "nope"; known operations are .*createBackup.*, and \* for all$/,
    ],
    [{ ...FAILS, operation: 'getClock' }, /^unknown operation "getClock"/],
    [
      { ...FAILS, operation: 'createBackup', api: 'a9s' },
      /^unknown operation "createBackup" in a9s; .*prepareDisasterRecovery/,
    ],
    [
      { ...FAILS, ...any, api: 'nope' },
      /^unknown api "nope"; known APIs are disaster-recovery-files, a9s, dscloud, arcgis$/,
    ],
    [
      { ...any, fault: 'nope' },
      /^unknown fault "nope"; known faults are error, status, delay, reset, hang, empty-body, malformed-body, content-type, proxy-error, rate-limit$/,
    ],
    [{ ...any, fault: 'none' }, /^unknown fault "none"/],
    [
      { ...any, ...FAILS, ms: 5 },
      /unknown parameter "ms"; fault status takes status, body\?, contentType\?; a rule has api, operation, match/i,
    ],
    [{ ...any, fault: 'hang', time: 5 }, /unknown parameter "time"; fault hang takes no parameters/i],
    [{ ...any, fault: 'status' }, /status is required/i],
    [{ ...any, fault: 'status', status: 99 }, /status must be at least 200/i],
    [{ ...any, ...FAILS, contentType: 'a\nb' }, /contentType must be/i],
    [{ ...any, fault: 'content-type', type: 'a\r\nx: y' }, /type must be/i],
    [{ ...any, fault: 'content-type', type: '' }, /type must not be empty/i],
    [
      { ...any, fault: 'delay' },
      /ms is required; fault delay takes ms, clock\?; or distribution "uniform", minMs, maxMs, clock\?; or distribution "lognormal", medianMs, sigma, clock\?/,
    ],
    [{ ...any, fault: 'delay', ms: 86_400_001 }, /ms must be at most 86400000/i],
    [{ ...any, fault: 'delay', distribution: 'uniform', minMs: 1 }, /maxMs is required/i],
    [{ ...any, fault: 'reset', when: 'never' }, /when must be one of before-headers, after-headers/],
    [{ ...any, fault: 'error', name: 'NotFound' }, /needs an api/],
    [
      { operation: 'createBackup', fault: 'error', name: 'NotFound' },
      /^unknown error "NotFound" of arcgis; known errors are .*InvalidToken/,
    ],
    [{ api: 'a9s', ...any, fault: 'error', name: 'toString' }, /^unknown error "toString" of a9s/],
    [
      { ...any, ...FAILS, match: { path: '/' } },
      /^unknown field "match.path"; known fields are method, url, urlPath, urlPattern, urlPathPattern, headers, queryParameters, cookies$/,
    ],
    [
      { ...any, ...FAILS, match: { bodyPatterns: [{ contains: 'x' }] } },
      /^unknown field "match.bodyPatterns": faults are applied before the body is read; known fields are/,
    ],
    [
      { ...any, ...FAILS, match: { status: 200 } },
      /"match.status": faults are applied before there is a response; known/,
    ],
    [
      { ...any, ...FAILS, match: { operation: 'getJob' } },
      /"match.operation": it is a field of the rule, not of match; known/,
    ],
    [{ ...any, ...FAILS, match: { query: { a: 'b' } } }, /"match.query"; known fields are .*queryParameters/],
    [{ ...any, ...FAILS, match: { headers: { a: 1 } } }, /match.headers.a must be a string or an object/],
    [{ ...any, ...FAILS, match: { headers: { a: { is: 'x' } } } }, /Header a: there is no "is"; there are equalTo/],
    [{ ...any, ...FAILS, match: { urlPathPattern: '/(?!a).*' } }, /The path: look-around .* is not supported/],
    [{ ...any, ...FAILS, match: { urlPathPattern: '(' } }, /The path: it is no regular expression: missing closing \)/],
    [{ ...any, ...FAILS, times: 0 }, /times must/],
    [{ ...any, ...FAILS, nth: 1.5 }, /nth must/],
    [{ ...any, ...FAILS, probability: 2 }, /probability must/],
    [{ ...any, ...FAILS, times: 1, nth: 1 }, /^set only one of times, nth and sequence$/],
    [{ ...any, ...FAILS, sequence: [FAILS] }, /^set either fault or sequence$/],
    [any, /^set either fault or sequence$/],
    [{ ...any, sequence: [] }, /sequence must/],
    [{ ...any, sequence: [FAILS], ms: 5 }, /^unknown field "ms"; known fields are api, operation/],
    [{ ...any, sequence: [{ fault: 'none' }] }, /^sequence must contain at least one fault other than none$/],
    [{ ...any, sequence: [FAILS, { fault: 'nope' }] }, /^unknown fault "nope"/],
    [{ ...any, sequence: [FAILS, { fault: 'none', ms: 1 }] }, /unknown parameter "ms"/],
    [{ ...any, sequence: [{ fault: 'error', name: 'x' }] }, /needs an api/],
  ] as [never, RegExp][]) {
    const refused = await send(server, 'POST', '/faults', rule)
    t.match(refused, { status: 400, json: { detail } }, JSON.stringify(rule))
    t.ok(caught(() => server.default.faults.arm(rule)) instanceof Refusal)
  }
  t.same(server.default.faults.list(), [])
})

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

t.test('clearFaults, reset: what a profile armed ends, its job rules included', async t => {
  const server = await boot(t, { data: t.testdir() })
  const own = server.default.jobs.addRule({ operation: 'createBackup', speed: 2 })
  const ways: [string, () => unknown, unknown[]][] = [
    ['over HTTP', () => send(server, 'DELETE', '/faults'), [own]],
    ['embedded', () => server.default.faults.clear(), [own]],
    ['reset', () => send(server, 'POST', '/reset'), []],
  ]
  for (const [name, clear, left] of ways) {
    const { jobRules } = server.default.faults.armProfile('slow-jobs')
    t.match(jobRules, [{ profile: 'slow-jobs' }, { profile: 'slow-jobs' }, { profile: 'slow-jobs' }], name)
    server.default.state.import(server.default.state.export())
    t.same(server.default.jobs.rules(), [own, ...jobRules], `${name}: a state document keeps where they come from`)
    await clear()
    t.same((await send(server, 'GET', '/job-rules')).json, left, name)
  }
})

t.test('profiles: the responses that clients get', async t => {
  const server = await boot(t)
  const statuses = async () => Promise.all(OPERATIONS.map(async each => (await exchange(server, ROOMS[each])).status))
  server.default.faults.armProfile('upstream-down')
  t.same(await statuses(), [502, 503, 503, 503])
  server.default.faults.clear()
  server.default.faults.armProfile('expired-credentials')
  t.same(await statuses(), [401, 401, 401, 200], 'a new ArcGIS token can be had')
  const poll = { ...ROOMS.generateToken, path: '/arcgis/admin/jobs' }
  const { token } = (await call(server, ROOMS.generateToken)).json
  const codes = []
  for (let count = 0; count < 2; count++)
    codes.push((await call(server, { ...poll, body: `f=json&token=${token}` })).json)
  t.match(codes, [{ error: { code: 498 } }, { jobs: [] }])
  server.default.faults.clear()
  server.default.faults.armProfile('slow-jobs')
  const perform = {
    method: 'POST',
    path: ROOMS.prepareDisasterRecovery.path.replace('prepare', 'perform'),
    headers: ROOMS.prepareDisasterRecovery.headers,
    body: { backup_guid: '3a2e59ee-40cb-472a-91d0-502ab259918c', encryption_key: 'second-encryption-key' },
  }
  t.equal((await call(server, perform)).status, 202)
  const [job] = server.default.jobs.list().filter(({ api }) => api === 'a9s')
  t.equal(Date.parse(job?.phases.at(-1)?.endAt ?? '') - Date.parse(job?.submittedAt ?? ''), 100_000)
  server.default.faults.armProfile('flaky-network')
  const hits = await faultedRequests(server, 40)
  t.ok(hits.length > 1 && hits.length < 20, `${hits.length} of 40 went wrong`)
})

t.test('readCleanliness, assertClean: faults that did not fire as often as they should, and running jobs', async t => {
  const server = await boot(t)
  const clean = async () => {
    const { json } = await send(server, 'GET', '/assert-clean')
    t.same((await send(server, 'POST', '/assert-clean')).json, json)
    t.same(server.default.assertClean(), json)
    return json
  }
  t.same(await clean(), { clean: true, problems: [] })
  server.default.faults.arm({ operation: '*', match: { method: 'PUT' }, ...FAILS })
  t.match(await clean(), { clean: false, problems: [/^fault \S+ \(status on \*\) is still armed, without a limit$/] })
  server.default.faults.clear()
  const { id } = server.default.faults.arm({ operation: 'listApplicationBackups', ...FAILS, times: 2 })
  server.default.faults.arm({ operation: 'createBackup', sequence: [FAILS, { fault: 'none' }, { fault: 'hang' }] })
  await faultedRequests(server, 1)
  t.match(await clean(), {
    clean: false,
    problems: [
      `fault ${id} (status on dscloud listApplicationBackups) fired 1 of 2 times`,
      /\(status, none, hang on arcgis createBackup\) fired 0 of 2 times$/,
    ],
  })
  server.default.faults.clear()
  const body = { backup_guid: '3a2e59ee-40cb-472a-91d0-502ab259918c', encryption_key: 'second-encryption-key' }
  const { path, headers } = ROOMS.prepareDisasterRecovery
  await call(server, { method: 'POST', path: path.replace('prepare', 'perform'), headers, body })
  t.match((await clean()).problems, [/^job .* \(performDisasterRecovery in a9s\) is running: queued$/])
  server.default.clock.advance({ by: '10s' })
  t.equal((await clean()).clean, true)
})

t.test('readCleanliness, assertClean: job rules that still apply', async t => {
  const server = await boot(t)
  const problems = () => server.default.assertClean().problems
  const { id } = server.default.jobs.addRule({ operation: 'createBackup', speed: 2 })
  t.same(problems(), [`job rule ${id} (for jobs of createBackup) is still in force, without a limit`])
  server.default.jobs.removeRule(id)
  server.default.faults.armProfile('slow-jobs')
  t.equal(problems().length, 3)
  t.match(problems()[0], /\(for jobs of createBackup, of profile slow-jobs\)/)
  server.default.faults.clear()
  const once = server.default.jobs.addRule({ operation: 'performDisasterRecovery', progression: 'immediate', times: 1 })
  t.same(problems(), [`job rule ${once.id} (for jobs of performDisasterRecovery) was applied to 0 of 1 jobs`])
  const { path, headers } = ROOMS.prepareDisasterRecovery
  const body = { backup_guid: '3a2e59ee-40cb-472a-91d0-502ab259918c', encryption_key: 'second-encryption-key' }
  await call(server, { method: 'POST', path: path.replace('prepare', 'perform'), headers, body })
  t.same(problems(), [], 'a rule that is used up changes nothing any more')
})

t.test('a fault applies only in its own sandbox', async t => {
  const server = await boot(t)
  await send(server, 'POST', '/sandboxes/t1/faults', { operation: '*', ...FAILS, times: 1 })
  t.same(await faultedRequests(server, 2), [])
  t.same((await send(server, 'GET', '/faults')).json, [])
  t.same(await faultedRequests(server.sandbox('t1'), 0), [])
  const { path, headers } = ROOMS.listApplicationBackups
  t.equal((await exchange(server, { path: `/@t1${path}`, headers })).status, 418)
  t.match((await call(server, { path: '/@t1/__admin/faults' })).json, [{ hits: 1, completed: true }])
})

t.test('no control operation has the name of an operation of an API', async t => {
  const server = await boot(t)
  const { paths } = (await send(server, 'GET', '/openapi.json')).json
  const own = Object.values<Record<string, { operationId: string }>>(paths).flatMap(path => Object.values(path))
  const vendors = server.default.faults.catalogue().apis.flatMap(({ operations }) => operations)
  t.same(
    own.map(({ operationId }) => operationId).filter(id => vendors.includes(id)),
    [],
  )
})

t.test('armFault: a missing body is treated like an empty one', async t => {
  const server = await boot(t)
  for (const body of [undefined, {}]) {
    const { status, json } = await call(server, { method: 'POST', path: '/__admin/faults', body })
    t.match({ status, json }, { status: 400, json: { detail: 'operation is required' } })
  }
})
