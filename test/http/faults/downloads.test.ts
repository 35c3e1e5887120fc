// Tests faults of downloads: which requests they apply to, how they count, and what they change.
import t from 'tap'
import { TEAPOT } from '../../control/faults/requests.ts'
import { exchange } from '../../fault-requests.ts'
import { boot } from '../../helpers.ts'

const operation = 'getDisasterRecoveryFile'
const FILES = '/backend/api/v1/disasterRecoveryFiles'
const file = (id: number, headers: Record<string, string> = {}) => ({
  path: `${FILES}/${id}`,
  headers: { authorization: 'Bearer YOUR_API_KEY', accept: 'application/x-7z-compressed', ...headers },
})

t.test('match.range: initial and resume', async t => {
  const server = await boot(t)
  for (const { range, is } of [
    { range: undefined, is: 'initial' },
    { range: 'bytes=0-', is: 'initial' },
    { range: 'bytes=00-99', is: 'initial' },
    { range: 'bytes=0-0,5-6', is: 'initial' },
    { range: 'lines=5-', is: 'initial' },
    { range: 'bytes=1-', is: 'resume' },
    { range: 'Bytes=10-19', is: 'resume' },
    { range: 'bytes=-5', is: 'resume' },
    { range: 'bytes=05-', is: 'resume' },
  ] as const) {
    const { id } = server.default.faults.arm({ operation, match: { range: is }, ...TEAPOT })
    const other = is === 'initial' ? 'resume' : 'initial'
    server.default.faults.arm({ operation, match: { range: other }, fault: 'status', status: 500 })
    t.equal((await exchange(server, file(123, range === undefined ? {} : { range }))).status, 418, range ?? 'no range')
    t.match(server.default.faults.get(id), { match: { range: is }, hits: 1 })
    server.default.faults.clear()
  }
  t.equal(server.default.requests.count({ range: 'resume' }).count, 4)
  t.throws(() => server.default.faults.arm({ operation, match: { range: 'other' as 'resume' }, ...TEAPOT }), /range/)
})

// File 7 has expired: 404.
t.test('perFile: each path has its own count, which snapshots and documents keep', async t => {
  const server = await boot(t)
  const { faults, snapshots, state } = server.default
  const statuses = async (...ids: number[]) => {
    const all: unknown[] = []
    for (const id of ids) all.push((await exchange(server, file(id))).status)
    return all
  }
  const { id } = faults.arm({ operation, perFile: true, nth: 2, ...TEAPOT })
  t.same(await statuses(123, 7, 123, 123, 7), [200, 404, 418, 200, 418])
  t.match(faults.get(id), { perFile: true, matched: 5, hits: 2, completed: false })
  faults.clear()

  faults.arm({ operation, perFile: true, times: 1, ...TEAPOT })
  t.same(await statuses(123), [418])
  snapshots.take({ name: 'one' })
  const document = state.export()
  t.same(await statuses(123, 7), [200, 418])
  snapshots.restore('one')
  t.same(await statuses(123, 7), [200, 418])
  state.import(document)
  t.same(await statuses(123, 7, 7), [200, 418, 404])
  faults.clear()

  faults.arm({ operation, perFile: true, sequence: [{ fault: 'none' }, TEAPOT] })
  t.same(await statuses(123, 7, 123, 7, 123), [200, 404, 418, 418, 200])
  t.throws(() => faults.arm({ operation, perFile: true, ...TEAPOT }), /perFile needs times, nth or sequence/)
})

t.test('range-ignored: a part is answered with the whole file, and the conditions still apply', async t => {
  const server = await boot(t)
  const whole = await exchange(server, file(123))
  const { etag = '' } = whole.headers
  const { id } = server.default.faults.arm({ operation, match: { range: 'resume' }, fault: 'range-ignored' })
  t.match(await exchange(server, file(123, { range: 'bytes=10-19' })), {
    status: 200,
    headers: { 'content-length': String(whole.bytes.length), 'content-range': undefined },
    bytes: whole.bytes,
  })
  const notModified = await exchange(server, file(123, { range: 'bytes=10-19', 'if-none-match': etag }))
  t.equal(notModified.status, 304)
  t.equal(server.default.faults.get(id).hits, 2)
  server.default.faults.clear()
  const part = await exchange(server, file(123, { range: 'bytes=10-19' }))
  t.match(part, { status: 206, bytes: whole.bytes.subarray(10, 20) })
})
