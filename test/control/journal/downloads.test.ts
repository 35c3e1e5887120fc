// Tests the accounting of downloads: which bytes were sent, more than once, never, or of several versions.
import { Agent, request } from 'node:http'
import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import type { FaultParameters } from '../../../schemas/contract.ts'
import type { Firedrill } from '../../../src/index.ts'
import { exchange } from '../../fault-requests.ts'
import { boot } from '../../helpers.ts'
import { ask } from './journaled.ts'

const operation = 'getDisasterRecoveryFile'
const path = '/backend/api/v1/disasterRecoveryFiles/123'
const headers = { authorization: 'Bearer YOUR_API_KEY', accept: 'application/x-7z-compressed' }

/** Requests the file, and waits until the server has noted how the response ended. */
async function download(server: Firedrill, range?: string, more: Record<string, string> = {}) {
  const sent = { path, headers: { ...headers, ...(range !== undefined && { range: `bytes=${range}` }), ...more } }
  const outcome = await exchange(server, sent)
  await allEnded(server)
  return outcome
}

async function allEnded({ default: { requests } }: Firedrill): Promise<void> {
  while (requests.list().requests.some(({ firedrill }) => firedrill.sent?.state === 'sending')) await setImmediate()
}

const sizeOf = async (server: Firedrill) =>
  Number((await exchange(server, { method: 'HEAD', path, headers })).headers['content-length'])

t.test('a download in one piece', async t => {
  const server = await boot(t)
  const { bytes, headers } = await download(server)
  const last = bytes.length - 1
  const { status, json } = await ask(server, 'GET', '/downloads/123')
  t.equal(status, 200)
  t.same(json, server.default.downloads.get('123'))
  t.match(json, {
    file: '123',
    operation,
    complete: true,
    resumed: 0,
    overlapBytes: 0,
    mixed: false,
    sentOfSeveralVersions: [],
    versions: [{ etag: headers.etag, sent: [{ first: 0, last }], sentAgain: [], neverSent: [], complete: true }],
    requests: [{ status: 200, range: null, fault: null }],
  })
  const [request] = server.default.requests.list().requests
  t.match(request?.firedrill.sent, {
    file: '123',
    connection: 1,
    etag: headers.etag,
    contentETag: headers.etag,
    sizeBytes: bytes.length,
    contentRange: null,
    ranges: [{ first: 0, last }],
    bodyBytes: bytes.length,
    state: 'ended',
  })
  t.equal(json.requests[0].id, request?.id)
  t.same((await ask(server, 'GET', '/downloads')).json, { downloads: [json] })
})

t.test('parts: what was sent again and never, and how often the download was resumed', async t => {
  const server = await boot(t)
  const size = await sizeOf(server)
  t.same(server.default.downloads.list(), { downloads: [] }, 'HEAD sends no bytes')
  await download(server, '0-149')
  await download(server, '100-199')
  await download(server, '300-')
  t.match(server.default.downloads.get('123'), {
    complete: false,
    resumed: 2,
    overlapBytes: 50,
    mixed: false,
    versions: [
      {
        sent: [
          { first: 0, last: 199 },
          { first: 300, last: size - 1 },
        ],
        sentAgain: [{ first: 100, last: 149 }],
        neverSent: [{ first: 200, last: 299 }],
      },
    ],
    requests: [
      { status: 206, range: 'bytes=0-149', sent: { contentRange: `bytes 0-149/${size}` } },
      { range: 'bytes=100-199' },
      { range: 'bytes=300-' },
    ],
  })
  await download(server, '200-299')
  t.match(server.default.downloads.get('123'), { complete: true, resumed: 3, versions: [{ neverSent: [] }] })
})

t.test('a response that is cut counts what was sent', async t => {
  const server = await boot(t)
  const size = await sizeOf(server)
  const { id } = server.default.faults.arm({ operation, fault: 'reset', when: 'mid-body', afterBytes: 1000 })
  await download(server)
  server.default.faults.disarm(id)
  const cut = server.default.downloads.get('123')
  t.match(cut, {
    complete: false,
    requests: [{ fault: 'reset', sent: { state: 'cut', bodyBytes: 1000, ranges: [{ first: 0, last: 999 }] } }],
    versions: [{ neverSent: [{ first: 1000, last: size - 1 }] }],
  })
  const resetId = String(cut.requests[0]?.id)
  t.match(server.default.requests.explain(resetId).verdict, /Sent bytes 0-999 of \d+ of file 123; then the connection/)
  const { log } = server.default.requests.har() as { log: { entries?: { response: object }[] } }
  t.match(log.entries?.at(-1)?.response, { bodySize: 1000, comment: /^Sent bytes 0-999 of / })

  server.default.faults.arm({ operation, fault: 'cut', afterBytes: 500, how: 'rst', times: 1 })
  await download(server, '1000-')
  t.match(server.default.downloads.get('123').requests[1]?.sent, {
    state: 'cut',
    ranges: [{ first: 1000, last: 1499 }],
  })
  await download(server, '1500-')
  t.match(server.default.downloads.get('123'), { complete: true, resumed: 2, overlapBytes: 0 })
})

t.test('faults that shift, shorten or replace bytes are seen as they were sent', async t => {
  const sentWith = async (fault: FaultParameters, range?: string) => {
    const server = await boot(t)
    const size = await sizeOf(server)
    server.default.faults.arm({ operation, ...fault })
    await download(server, range)
    return { size, account: server.default.downloads.get('123') }
  }
  const shifted = await sentWith({ fault: 'range-shifted', bytes: -10, contentRange: 'requested' }, '100-199')
  t.match(shifted.account.requests[0]?.sent, {
    contentRange: `bytes 100-199/${shifted.size}`,
    ranges: [{ first: 90, last: 189 }],
  })

  const half = await sentWith({ fault: 'truncate', bytes: 700 })
  t.match(half.account, {
    complete: false,
    requests: [{ sent: { state: 'ended', sizeBytes: half.size } }],
    versions: [{ neverSent: [{ first: 700, last: half.size - 1 }] }],
  })

  const framed = await sentWith({ fault: 'multipart' }, '100-199')
  t.match(framed.account.requests[0]?.sent.ranges, [{ first: 100, last: 199 }])
  t.ok((framed.account.requests[0]?.sent.bodyBytes ?? 0) > 100, 'the bytes around the part count in the body only')

  const page = await sentWith({ fault: 'malformed-body' })
  t.match(page.account.versions[0]?.sent, [{ first: 0, last: Math.floor(page.size / 2) - 1 }])

  const empty = await sentWith({ fault: 'empty-body' })
  t.match(empty.account, { complete: false, requests: [{ sent: { ranges: [], bodyBytes: 0 } }] })

  const compressed = await sentWith({ fault: 'content-encoding', encoding: 'gzip' })
  t.match(compressed.account, { complete: true, requests: [{ sent: { state: 'ended' } }] })
})

t.test('versions: mixed only if no version has all the bytes that were sent', async t => {
  for (const etag of ['changed', 'same'] as const) {
    const server = await boot(t)
    const size = await sizeOf(server)
    await download(server, '0-499')
    server.default.faults.arm({ operation, fault: 'other-version', etag })
    await download(server, '0-99')
    t.match(
      server.default.downloads.get('123'),
      { mixed: false, sentOfSeveralVersions: [{ first: 0, last: 99 }], versions: [{}, {}] },
      'a restart is not a mixture',
    )
    await download(server, '500-')
    t.match(server.default.downloads.get('123'), { mixed: true, complete: false, overlapBytes: 0 }, etag)
    await download(server, '100-499')
    t.match(server.default.downloads.get('123'), {
      mixed: false,
      complete: true,
      versions: [{ sent: [{ first: 0, last: 499 }] }, { sent: [{ first: 0, last: size - 1 }], complete: true }],
    })
  }
})

t.test('a weak or a missing ETag is no other version', async t => {
  const server = await boot(t)
  await download(server, '0-99')
  for (const etag of ['weak', 'missing'] as const) {
    server.default.faults.arm({ operation, fault: 'validators', etag, times: 1 })
    await download(server, '100-199')
  }
  t.match(server.default.downloads.get('123').versions, [{ sent: [{ first: 0, last: 199 }] }])
  t.equal(server.default.downloads.get('123').versions.length, 1)
  server.default.faults.arm({ operation, fault: 'validators', etag: 'changed' })
  await download(server, '200-299')
  t.match(server.default.downloads.get('123'), { mixed: true, versions: [{}, { etag: /changed/ }] })
})

t.test('requests on one connection have its number', async t => {
  const server = await boot(t)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  t.teardown(() => agent.destroy())
  const one = (keptBy: Agent | false) =>
    new Promise<void>((resolve, reject) =>
      request(`${server.url}${path}`, { headers, agent: keptBy }, response => response.resume().on('end', resolve))
        .on('error', reject)
        .end(),
    )
  await one(agent)
  await one(false)
  await one(agent)
  await allEnded(server)
  t.same(
    server.default.downloads.get('123').requests.map(({ sent }) => sent.connection),
    [1, 2, 1],
  )
})

t.test('files of several APIs, the journal that is emptied, and the one that is off', async t => {
  const server = await boot(t)
  await download(server)
  const zip = '23457145698959364_Backup at 2024-12-07 22:28:26.zip'
  const key = '803d975bd5726c1f5771221fc59ec0f97e45fa12'
  await exchange(server, {
    path: `/backups.dscloud.pt/${encodeURIComponent(zip)}?${key}`,
    headers: { range: 'bytes=0-99' },
  })
  await allEnded(server)
  t.same(
    server.default.downloads.list().downloads.map(({ file, complete }) => ({ file, complete })),
    [
      { file: '123', complete: true },
      { file: zip, complete: false },
    ],
  )
  t.match((await ask(server, 'GET', `/downloads/${encodeURIComponent(zip)}`)).json, {
    file: zip,
    requests: [{ sent: { ranges: [{ first: 0, last: 99 }] } }],
  })
  server.default.requests.clear()
  t.same(server.default.downloads.list(), { downloads: [] })
  const missing = await ask(server, 'GET', '/downloads/123')
  t.match(missing, { status: 404, json: { detail: 'No download of file "123" is in the journal.' } })

  const off = await boot(t, { journalEntries: 0 })
  await download(off)
  t.equal((await ask(off, 'GET', '/downloads')).status, 409)
  t.throws(() => off.default.downloads.get('123'), /the journal is disabled/)
})
