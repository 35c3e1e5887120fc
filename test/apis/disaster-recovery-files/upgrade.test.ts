// disaster-recovery-files: state of earlier releases, in documents and in stored sandboxes, is still readable.
import { readFileSync } from 'node:fs'
import t from 'tap'
import { listUsers } from '../../../src/apis/disaster-recovery-files/state/users.ts'
import { countSentParts, migrations } from '../../../src/apis/disaster-recovery-files/state.ts'
import type { Firedrill } from '../../../src/index.ts'
import { openMemory } from '../../../src/sandbox/store.ts'
import { boot, call } from '../../helpers.ts'
import { FILES } from './client.ts'

const golden = readFileSync(new URL('../../golden/state-1.json', import.meta.url), 'utf8')
/** The last format with keys that had no users. */
const KEY_FORMAT = 2

const statusWith = async (server: Firedrill, key: string) =>
  (await call(server, { path: `${FILES}/`, headers: { authorization: `Bearer ${key}` } })).status

t.test('importState: the keys of an earlier document keep their rights', async t => {
  const server = await boot(t)
  server.default.state.import(JSON.parse(golden))
  t.equal(await statusWith(server, 'YOUR_API_KEY'), 200)
  t.equal(await statusWith(server, 'no-api-access-key'), 403)
  t.equal(await statusWith(server, 'no-download-access-key'), 403)
  const { users } = server.default.state.export()['disaster-recovery-files'] as { users: object[] }
  t.match(users, [
    { username: 'user-1', apiKey: 'YOUR_API_KEY', apiRead: true, dataProtection: 'download', password: null },
    { username: 'user-2', apiKey: 'no-api-access-key', apiRead: false },
    { username: 'user-3', apiKey: 'no-download-access-key', dataProtection: 'none' },
  ])
})

t.test('importState: invalid keys of an earlier document are refused', async t => {
  const server = await boot(t)
  for (const key of [
    'YOUR_API_KEY',
    { apiRead: true },
    { key: '' },
    { key: 'k', downloadAccess: 'yes' },
    { key: 'k', x: 1 },
  ]) {
    t.throws(() => server.default.state.import({ 'disaster-recovery-files': { keys: [key] } } as never), /users/)
  }
  t.equal(await statusWith(server, 'YOUR_API_KEY'), 200, 'nothing changed')
})

t.test('migrations: stored keys become users', t => {
  const store = openMemory()
  t.teardown(() => store.close())
  const owner = 'disaster-recovery-files'
  store.migrate([{ owner, scripts: migrations.slice(0, KEY_FORMAT) }])
  const insert = (key: string, apiRead: number, downloadAccess: number) =>
    store.run('INSERT INTO recoveryKey (key, apiRead, downloadAccess) VALUES (?, ?, ?)', key, apiRead, downloadAccess)
  insert('second', 1, 0)
  insert('first', 0, 1)
  store.migrate([{ owner, scripts: migrations }])
  t.match(listUsers(store), [
    { username: 'user-1', apiKey: 'second', apiRead: true, dataProtection: 'none', password: null, wrongCodes: 0 },
    { username: 'user-2', apiKey: 'first', apiRead: false, dataProtection: 'download', totpSecret: null },
  ])
  t.equal(countSentParts(store, 123), 0)
  t.end()
})
