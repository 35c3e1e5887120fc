// Two servers in one process share nothing: what one of them does changes no answer of the other.
import t from 'tap'
import type { Firedrill, StartOptions } from '../src/index.ts'
import { createPath, GENERATE, post, tokenOf } from './apis/arcgis/client.ts'
import { type Answer, boot, type Call, call } from './helpers.ts'

const FIRST: StartOptions = { seed: 'one', archivePassword: 'password of one' }
/** Started at the same time, so that a cache that both used would find the same files. */
const SECOND: StartOptions = { seed: 'two', archivePassword: 'password of two' }

const FILES = '/backend/api/v1/disasterRecoveryFiles/'
const INSTANCE = '/v1/instances/10000000-0000-4000-8000-000000000002'
const download = { authorization: 'Bearer YOUR_API_KEY', accept: 'application/x-7z-compressed' }
const a9s = { authorization: 'bearer demo-token' }
const perform: Call = {
  method: 'POST',
  path: `${INSTANCE}/disaster-recovery/perform`,
  headers: a9s,
  body: { backup_guid: '3a2e59ee-40cb-472a-91d0-502ab259918c', encryption_key: 'second-encryption-key' },
}

/** Each depends on something that a server keeps: rows, archives, ids, tokens, jobs, hosts, clock, faults, journal. */
const REQUESTS: Record<string, (server: Firedrill, host: string) => Promise<Answer>> = {
  'list of files': server => call(server, { path: FILES, headers: { ...download, accept: 'application/json' } }),
  archive: server => call(server, { path: `${FILES}123`, headers: download }),
  token: server => post(server, GENERATE, { username: 'viewer1', password: 'viewer.pass1' }),
  'new backup, with a link to its job': async (server, host) => {
    const fields = { name: 'backup', storeName: 'backupsDefault', passcode: 'passcode', token: await tokenOf(server) }
    return post(server, createPath('backupsDefault'), fields, { host })
  },
  'new restore': server => call(server, perform),
  'next event': server => control(server, { method: 'POST', path: '/clock/advance', body: { toNextEvent: true } }),
  restores: server => call(server, { path: `${INSTANCE}/restores`, headers: a9s }),
  faults: server => control(server, { path: '/faults' }),
  sandboxes: server => control(server, { path: '/sandboxes' }),
  'journal entries': server => control(server, { method: 'POST', path: '/requests/count', body: {} }),
}

/** Without headers: the control API dates its answers by the clock of this machine. */
async function control(server: Firedrill, { path, ...what }: Call): Promise<Answer> {
  return { ...(await call(server, { ...what, path: `/__admin${path}` })), headers: {} }
}

interface Comparable {
  date: string | undefined
  requestId: unknown
  content: string
}

/** All that must be the same in every run; each server has its own port. */
function comparable({ url }: Firedrill, { status, headers, bytes }: Answer): Comparable {
  const body = bytes.toString('latin1').replaceAll(url, 'URL')
  return { date: headers.date, requestId: headers['x-firedrill-request-id'], content: `${status} ${body}` }
}

t.test('requests to another server, with other options, change no answer', async t => {
  const alone = await boot(t, FIRST)
  const expected: Record<string, Comparable> = {}
  for (const [name, send] of Object.entries(REQUESTS))
    expected[name] = comparable(alone, await send(alone, 'one.example'))

  const first = await boot(t, FIRST)
  const second = await boot(t, SECOND)
  second.default.faults.arm({ operation: 'getRestore', fault: 'status', status: 503 })
  second.sandboxes.create({ name: 'another' })
  await call(second, perform)
  second.default.clock.advance({ by: '1d' })
  for (const [name, send] of Object.entries(REQUESTS)) {
    const other = comparable(second, await send(second, 'two.example'))
    t.not(other.content, expected[name]?.content, `the second server answers differently: ${name}`)
    t.same(
      comparable(first, await send(first, 'one.example')),
      expected[name],
      `the first server answers as before: ${name}`,
    )
  }
})
