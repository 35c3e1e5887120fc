// Tests each fault kind that changes a response or cuts the connection, over real connections and against several APIs.
import { once } from 'node:events'
import { connect } from 'node:net'
import t from 'tap'
import { exchange, OPERATIONS, type Outcome, REQUESTS } from '../../fault-requests.ts'
import { boot, type Call, call } from '../../helpers.ts'

const parsed = ({ bytes }: Outcome) => JSON.parse(bytes.toString())
const NGINX_502 =
  '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n' +
  '<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n'

t.test('error: each API responds in its own format, before authentication', async t => {
  const server = await boot(t)
  for (const { operation, name, status, body } of [
    {
      operation: 'prepareDisasterRecovery',
      name: 'GatewayTimeout',
      status: 504,
      body: { error: 'GatewayTimeout', description: 'A timeout occurred during upstream communication.' },
    },
    {
      operation: 'listDisasterRecoveryFiles',
      name: 'UnexpectedError',
      status: 500,
      body: { error: { code: 500101, message: 'An unexpected error occurred.' } },
    },
    {
      operation: 'listApplicationBackups',
      name: 'UPGRADE_REQUIRED',
      status: 403,
      body: { status: 'error', code: 'UPGRADE_REQUIRED', message: /plans/ },
    },
    {
      operation: 'generateToken',
      name: 'InternalError',
      status: 200,
      body: { error: { code: 500, message: 'An unexpected error occurred.', details: [] } },
    },
  ] as const) {
    server.default.faults.arm({ operation, fault: 'error', name, times: 2 })
    const known = REQUESTS[operation]
    for (const what of [known, { ...known, headers: { ...known.headers, authorization: 'Bearer nobody' } }]) {
      t.match(await call(server, what), { status, json: body }, operation)
    }
    t.equal((await call(server, known)).status, 200, `${operation} again`)
  }
})

t.test('error: ArcGIS refuses a token between two polls, in the format that the form asks for', async t => {
  const server = await boot(t)
  const { json: granted } = await call(server, REQUESTS.generateToken)
  const form = (fields: string) => ({ ...REQUESTS.generateToken, path: '/arcgis/admin/jobs', body: fields })
  const poll = (format = 'json') => call(server, form(`token=${granted.token}&f=${format}`))
  t.match(await poll(), { status: 200, json: { jobs: [] } })
  server.default.faults.arm({ operation: 'listJobsByPost', fault: 'error', name: 'InvalidToken', times: 3 })
  t.match(await poll(), { status: 200, json: { error: { code: 498, message: 'Invalid Token.', details: null } } })
  t.match(await poll('pjson'), { status: 200, text: /"code": 498/, headers: { 'content-type': /^text\/plain/ } })
  t.match(await poll('html'), { status: 200, text: /Login/, headers: { 'content-type': /^text\/html/ } })
  t.match(await poll(), { status: 200, json: { jobs: [] } })
})

t.test('status: any status, body and content type', async t => {
  const server = await boot(t)
  for (const operation of OPERATIONS) {
    server.default.faults.arm({
      operation,
      sequence: [
        { fault: 'status', status: 418, body: { tea: true } },
        { fault: 'status', status: 503, body: 'later' },
        { fault: 'status', status: 500, body: '<x/>', contentType: 'application/xml' },
        { fault: 'status', status: 204 },
      ],
    })
    const answers = []
    for (let count = 0; count < 4; count++) answers.push(await exchange(server, REQUESTS[operation]))
    t.match(
      answers.map(({ status, headers, bytes }) => [status, headers['content-type'], bytes.toString()]),
      [
        [418, /^application\/json/, '{"tea":true}'],
        [503, /^text\/plain/, 'later'],
        [500, 'application/xml', '<x/>'],
        [204, undefined, ''],
      ],
      operation,
    )
  }
})

t.test('proxy-error: the error page of an nginx', async t => {
  const server = await boot(t)
  server.default.faults.arm({ operation: '*', sequence: OPERATIONS.map(() => ({ fault: 'proxy-error' })) })
  server.default.faults.arm({ operation: '*', fault: 'proxy-error', status: 504 })
  for (const operation of OPERATIONS) {
    const { status, headers, bytes } = await exchange(server, REQUESTS[operation])
    t.same([status, headers['content-type'], headers.server], [502, 'text/html', 'nginx'], operation)
    t.equal(bytes.toString(), NGINX_502)
  }
  const { status, bytes } = await exchange(server, REQUESTS.generateToken)
  t.same([status, /504 Gateway Time-out/.test(bytes.toString())], [504, true])
})

t.test("rate-limit: the API's own error where it has one, else the page of an nginx; Retry-After when set", async t => {
  const server = await boot(t)
  server.default.faults.arm({
    operation: '*',
    fault: 'rate-limit',
    retryAfterSeconds: 1800,
    times: OPERATIONS.length,
  })
  server.default.faults.arm({ operation: '*', fault: 'rate-limit', times: OPERATIONS.length })
  for (const retryAfter of ['1800', undefined]) {
    for (const operation of OPERATIONS) {
      const outcome = await exchange(server, REQUESTS[operation])
      t.same([outcome.status, outcome.headers['retry-after']], [429, retryAfter], operation)
      if (operation === 'listApplicationBackups') {
        t.match(parsed(outcome), { status: 'error', code: 'RATE_LIMIT_EXCEEDED' })
      } else t.match(outcome.bytes.toString(), /<h1>429 Too Many Requests<\/h1>/)
    }
  }
})

t.test("rate-limit: Retry-After as a date by the sandbox's clock, or as any text", async t => {
  const server = await boot(t)
  const forms = [
    { parameters: { retryAfterDateSeconds: 90 }, expected: 'Wed, 10 Jun 2026 12:01:30 GMT' },
    { parameters: { retryAfterSeconds: 0 }, expected: '0' },
    { parameters: { retryAfter: 'in a while' }, expected: 'in a while' },
  ]
  for (const { parameters, expected } of forms) {
    server.default.faults.arm({ operation: 'listApplicationBackups', fault: 'rate-limit', ...parameters, times: 1 })
    const { status, headers } = await exchange(server, REQUESTS.listApplicationBackups)
    t.same({ status, retryAfter: headers['retry-after'] }, { status: 429, retryAfter: expected })
  }
  const mixed = { retryAfter: 'soon', retryAfterSeconds: 1 }
  t.throws(() => server.default.faults.arm({ operation: '*', fault: 'rate-limit', ...mixed }), {
    message:
      /unknown parameter "retryAfter"; fault rate-limit takes status\?, retryAfterSeconds\?; or status\?, retryAfterDateSeconds/,
  })
})

t.test('merge-patch: fields of JSON responses, of each element of a list, or of one field', async t => {
  const server = await boot(t)
  const { faults } = server.default
  const patched = async (
    operation: keyof typeof REQUESTS,
    parameters: { patch: Record<string, unknown>; field?: string },
  ) => {
    faults.arm({ operation, fault: 'merge-patch', ...parameters, times: 1 })
    const outcome = await exchange(server, REQUESTS[operation])
    t.equal(outcome.status, 200)
    return parsed(outcome)
  }
  const guid = (await patched('prepareDisasterRecovery', { patch: { added: { deep: [1] } } })).backup_guid
  t.ok(guid)
  const hostile = await patched('prepareDisasterRecovery', {
    patch: { backup_guid: null, ['__proto__']: { x: 1, y: null } },
  })
  t.equal(JSON.stringify(hostile), '{"__proto__":{"x":1}}', 'an own field of the response, as any other')
  const files = await patched('listDisasterRecoveryFiles', { patch: { status: ['Quarantined'] } })
  t.ok(files.length > 0)
  for (const { id, status } of files) t.match({ id, status }, { id: /^\d+$/, status: ['Quarantined'] })
  const { status, response } = await patched('listApplicationBackups', { field: 'response', patch: { region: 'eu' } })
  t.equal(status, 'success')
  for (const { name, region } of response) t.match({ name, region }, { name: /^Backup at/, region: 'eu' })
  t.same((await patched('prepareDisasterRecovery', { field: 'extra', patch: { a: 1 } })).extra, { a: 1 })
  t.match(await patched('generateToken', { patch: { expires: 0 } }), { token: String, expires: 0 })
  faults.arm({ operation: 'getInstance', fault: 'merge-patch', patch: { state: 'unknown' } })
  const { status: missing } = await exchange(server, {
    path: '/v1/instances/none',
    headers: REQUESTS.prepareDisasterRecovery.headers,
  })
  t.equal(missing, 404, 'an error stays an error')
})

t.test('reset: before the operation happens, or after the headers', async t => {
  const server = await boot(t)
  const { faults } = server.default
  const { path, headers } = REQUESTS.prepareDisasterRecovery
  const perform = {
    method: 'POST',
    path: path.replace('prepare', 'perform'),
    headers: { ...headers, 'content-type': 'application/json' },
    body: '{"backup_guid":"3a2e59ee-40cb-472a-91d0-502ab259918c","encryption_key":"second-encryption-key"}',
  }
  const restores = async () =>
    (await call(server, { path: path.replace('disaster-recovery/prepare', 'restores'), headers })).json.length
  faults.arm({
    operation: 'performDisasterRecovery',
    sequence: [{ fault: 'reset' }, { fault: 'reset', when: 'after-headers' }],
  })
  t.match(await exchange(server, perform), { status: undefined, error: 'ECONNRESET' })
  t.equal(await restores(), 0, 'the operation did not happen')
  const cut = await exchange(server, perform)
  t.match(cut, { status: 202, headers: { 'content-length': '16' }, error: 'ECONNRESET' })
  t.equal(cut.bytes.length, 0)
  t.equal(await restores(), 1, 'the operation happened')
  for (const operation of OPERATIONS) {
    faults.arm({ operation, fault: 'reset', when: 'after-headers', times: 1 })
    const { status, headers: sent, error, bytes } = await exchange(server, REQUESTS[operation])
    t.same([status, error, bytes.length], [200, 'ECONNRESET', 0], operation)
    t.ok(Number(sent['content-length']) > 0)
    faults.arm({ operation, fault: 'reset', when: 'before-headers', times: 1 })
    t.match(await exchange(server, REQUESTS[operation]), { status: undefined, error: 'ECONNRESET' })
  }
})

t.test('reset: the connection ends with RST, not with FIN', async t => {
  const server = await boot(t)
  const { path, headers } = REQUESTS.listApplicationBackups
  for (const when of ['before-headers', 'after-headers'] as const) {
    server.default.faults.arm({ operation: '*', fault: 'reset', when, times: 1 })
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${headers.authorization}\r\n\r\n`)
    let text = ''
    socket.on('data', chunk => {
      text += chunk
    })
    // A connection that ends with FIN emits neither of these.
    const [error] = await once(
      socket.on('end', () => t.fail('the connection ended with FIN')),
      'close',
    ).catch(cause => [cause])
    t.match(error, { code: 'ECONNRESET', syscall: 'read' })
    if (when === 'before-headers') t.equal(text, '')
    else t.match(text, /^HTTP\/1\.1 200 OK\r\n.*\r\n\r\n$/s)
  }
})

t.test('empty-body, malformed-body and content-type: the operation happens, its response is modified', async t => {
  const server = await boot(t)
  for (const operation of OPERATIONS) {
    const whole = await exchange(server, REQUESTS[operation])
    server.default.faults.arm({
      operation,
      sequence: [
        { fault: 'empty-body' },
        { fault: 'malformed-body' },
        { fault: 'malformed-body', how: 'garbled' },
        { fault: 'content-type' },
        { fault: 'content-type', type: 'application/xml' },
      ],
    })
    const next = () => exchange(server, REQUESTS[operation])
    const [empty, half, garbled, html, xml] = [await next(), await next(), await next(), await next(), await next()]
    t.match(empty, { status: 200, headers: { 'content-length': '0', 'content-type': /json/ } }, operation)
    t.equal(empty.bytes.length, 0)
    t.equal(Number(half.headers['content-length']), half.bytes.length)
    t.throws(() => parsed(half), SyntaxError)
    // Only the response with a token differs between requests.
    const isSame = operation !== 'generateToken'
    const middle = Math.floor(whole.bytes.length / 2)
    t.equal(half.bytes.length, middle)
    if (isSame) t.same(half.bytes, whole.bytes.subarray(0, middle))
    t.equal(garbled.bytes.length, whole.bytes.length)
    t.throws(() => parsed(garbled), SyntaxError)
    t.same([html.headers['content-type'], xml.headers['content-type']], ['text/html', 'application/xml'])
    t.same(Object.keys(parsed(xml)), Object.keys(parsed(whole)), 'the body is complete')
  }
})

t.test('reset mid-body: after afterBytes, or half of the body', async t => {
  const server = await boot(t)
  const [{ id }] = (await call(server, REQUESTS.listDisasterRecoveryFiles)).json
  const accept = { accept: 'application/x-7z-compressed' }
  const { path, headers } = REQUESTS.listDisasterRecoveryFiles
  for (const what of [REQUESTS.listApplicationBackups, { path: path + id, headers: { ...headers, ...accept } }]) {
    const { bytes } = await exchange(server, what)
    for (const afterBytes of [undefined, 0, 100, bytes.length - 1, bytes.length]) {
      const parameter = afterBytes === undefined ? {} : { afterBytes }
      server.default.faults.arm({ operation: '*', fault: 'reset', when: 'mid-body', ...parameter, times: 1 })
      const cut = await exchange(server, what)
      t.match(cut, { status: 200, headers: { 'content-length': String(bytes.length) } })
      if (afterBytes !== bytes.length) t.equal(cut.error, 'ECONNRESET')
      t.ok(
        cut.bytes.equals(bytes.subarray(0, afterBytes ?? Math.floor(bytes.length / 2))),
        `${afterBytes} of ${what.path}`,
      )
    }
  }
})

t.test('empty-body, malformed-body and reset of a download', async t => {
  const server = await boot(t)
  const document = server.default.state.export() as { dscloud: { backups: { sizeBytes: number }[] } }
  // Large enough for several chunks.
  for (const backup of document.dscloud.backups) backup.sizeBytes = Math.min(backup.sizeBytes, 500_000)
  server.default.state.import(document)
  const [backup] = (await call(server, REQUESTS.listApplicationBackups)).json.response
  const name = encodeURIComponent(`23457145698959364_${backup.name}.zip`)
  const file: Call = { path: `/backups.dscloud.pt/${name}?${backup.key}` }
  const { bytes } = await exchange(server, file)
  const middle = Math.floor(bytes.length / 2)
  server.default.faults.arm({
    operation: 'downloadApplicationBackup',
    sequence: [
      { fault: 'malformed-body' },
      { fault: 'malformed-body' },
      { fault: 'malformed-body', how: 'garbled' },
      { fault: 'empty-body' },
      { fault: 'reset', when: 'after-headers' },
      { fault: 'malformed-body' },
    ],
  })
  const half = await exchange(server, file)
  t.equal(half.headers['content-length'], String(middle))
  t.ok(half.bytes.equals(bytes.subarray(0, middle)))
  // Bytes beyond the length would be read as the start of the next response.
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  socket.write(`GET ${file.path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
  const sent = Buffer.concat(await socket.toArray())
  t.equal(sent.length - sent.indexOf('\r\n\r\n') - 4, middle)
  const garbled = await exchange(server, file)
  t.ok(garbled.bytes.equals(bytes.map(byte => byte ^ 0xff)))
  t.match(await exchange(server, file), { status: 200, headers: { 'content-length': '0' }, bytes: { length: 0 } })
  t.match(await exchange(server, file), {
    status: 200,
    error: 'ECONNRESET',
    headers: { 'content-length': String(bytes.length) },
  })
  t.match(await exchange(server, { ...file, method: 'HEAD' }), {
    status: 200,
    headers: { 'content-length': String(middle) },
  })
  t.ok((await exchange(server, file)).bytes.equals(bytes), 'the next download is complete')
})

t.test('faults apply only to operations: not to control requests, unknown paths and wrong methods', async t => {
  const server = await boot(t)
  const { id } = server.default.faults.arm({ operation: '*', fault: 'status', status: 418 })
  t.equal((await call(server, { path: '/__admin/clock' })).status, 200)
  t.equal((await call(server, { path: '/nowhere', contract: false })).status, 404)
  const { path, headers } = REQUESTS.prepareDisasterRecovery
  t.equal((await call(server, { path: `${path}/nope`, headers, contract: false })).status, 404)
  t.equal((await call(server, { path, headers, contract: false })).status, 405)
  t.match(server.default.faults.get(id), { matched: 0, hits: 0, completed: false })
})

t.test('the journal names the fault that applied to a request', async t => {
  const server = await boot(t)
  const { id } = server.default.faults.arm({ operation: '*', sequence: [{ fault: 'reset' }, { fault: 'none' }] })
  await exchange(server, REQUESTS.listApplicationBackups)
  await call(server, REQUESTS.listApplicationBackups)
  const noted = server.default.requests.list().requests.map(({ firedrill }) => firedrill.fault)
  t.same(noted, [null, { id, fault: 'reset' }], 'the latest first')
})
