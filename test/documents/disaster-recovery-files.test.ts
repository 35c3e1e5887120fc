// The documented fields of disaster recovery files are what the server returns.
import type { Firedrill } from '../../src/index.ts'
import { call } from '../helpers.ts'
import { testRows } from './rows.ts'

const RECOVERY_KEY = { authorization: 'Bearer YOUR_API_KEY' }
/** `id` is empty for the list. */
const recovery = (server: Firedrill, id: string, accept = 'application/json') =>
  call(server, {
    path: `/backend/api/v1/disasterRecoveryFiles/${id}`,
    headers: { ...RECOVERY_KEY, accept },
  })
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/

testRows('Disaster Recovery Files: fields', {
  'generatedDate, Date: the date when this file was generated': async (t, server) => {
    for (const { generatedDate } of (await recovery(server, '')).json) {
      t.match(generatedDate, ISO)
      t.ok(generatedDate <= server.default.clock.get().now, 'not in the future')
    }
    const known = new Set((await recovery(server, '')).json.map(({ id }: { id: string }) => id))
    server.default.clock.advance({ by: '1d' })
    const fresh = (await recovery(server, '')).json.filter(({ id }: { id: string }) => !known.has(id))
    t.not(fresh.length, 0)
    for (const { generatedDate } of fresh) t.ok(generatedDate > '2026-06-10T12:00:00Z', 'it was not in the first list')
  },
  'expiresDate, Date: the date when this file expires and will no longer be available': async (t, server) => {
    const { expiresDate } = (await recovery(server, '123')).json
    t.match(expiresDate, ISO)
    server.default.clock.advance({ to: new Date(Date.parse(expiresDate) - 1).toISOString() })
    t.equal((await recovery(server, '123')).status, 200)
    server.default.clock.advance({ to: expiresDate })
    t.match(await recovery(server, '123'), { status: 404, json: { error: { code: 404102 } } })
  },
  'id, Text: the unique identifier for this file': async (t, server) => {
    const { json } = await recovery(server, '')
    t.equal(new Set(json.map(({ id }: { id: string }) => id)).size, json.length)
    for (const file of json) {
      t.type(file.id, 'string')
      t.same((await recovery(server, file.id)).json, file)
    }
  },
  'status, Status Flags: preset values': async (t, server) => {
    const preset = ['Saved', 'Downloaded']
    for (const { status } of (await recovery(server, '')).json) {
      t.same(
        status.filter((flag: string) => !preset.includes(flag)),
        [],
      )
    }
    await recovery(server, '123', 'application/x-7z-compressed')
    t.same((await recovery(server, '123')).json.status, preset)
  },
  'filename, Text: the filename of this file': async (t, server) => {
    const { filename } = (await recovery(server, '123')).json
    const { headers } = await recovery(server, '123', 'application/x-7z-compressed')
    t.match(filename, /\.7z$/)
    t.match(headers['content-disposition'], filename)
  },
})
