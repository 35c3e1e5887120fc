// Clients that stop reading a download: what they cost, and that others are served meanwhile.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import { boot, call } from '../helpers.ts'

const READERS = 200
const MIB = 1024 * 1024
const PATH =
  '/backups.dscloud.pt/23457145698959364_Backup%20at%202024-12-07%2022:07:11.zip?85592d2b15ff867407964790224dcbb3a95ce82b'

/** Asks for downloads of 82 MB, reads the beginning of each, and says when it has stopped reading all of them. */
const CLIENT = `
  const { connect } = require('node:net')
  const { hostname, port } = new URL(process.argv[1])
  let stopped = 0
  for (let reader = 0; reader < ${READERS}; reader++) {
    const socket = connect(Number(port), hostname)
    socket.write('GET ${PATH} HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n')
    socket.once('data', () => {
      socket.pause()
      if (++stopped === ${READERS}) console.log('stopped')
    })
  }
  process.stdin.resume()`

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

/** In MiB. The bytes of archives are outside the heap. */
function buffersHeld(): number {
  collectGarbage()
  return process.memoryUsage().arrayBuffers / MIB
}

/** The buffers held when their size no longer changes: the connections have taken what they can. */
async function settled(): Promise<number> {
  let [before, after] = [0, buffersHeld()]
  for (let tries = 0; tries < 100 && Math.abs(after - before) > 0.1; tries++) {
    await sleep(100)
    before = after
    after = buffersHeld()
  }
  return after
}

t.test('clients that have stopped reading cost little, and nothing when they disconnect', async t => {
  const server = await boot(t)
  const list = { path: '/backend/api/v1/disasterRecoveryFiles/', headers: { authorization: 'Bearer YOUR_API_KEY' } }
  await call(server, { path: PATH, headers: { range: 'bytes=0-0' } })
  const before = buffersHeld()
  const client = spawn(process.execPath, ['-e', CLIENT, server.url], { stdio: ['pipe', 'pipe', 'inherit'] })
  t.teardown(() => client.kill())
  await once(client.stdout, 'data')
  const stalled = (await settled()) - before
  // They share the chunks of a large entry.
  t.ok(stalled < (READERS * 64 * 1024) / MIB, `${stalled.toFixed(1)} MiB`)
  t.equal((await call(server, list)).status, 200)

  client.kill()
  await once(client, 'close')
  const left = (await settled()) - before
  t.ok(left < 4, `${left.toFixed(1)} MiB are left`)
})
