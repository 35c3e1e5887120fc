// Aborted downloads leave nothing in memory.
import { get } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import { boot } from '../helpers.ts'

const DOWNLOADS = [
  {
    path: '/backups.dscloud.pt/23457145698959364_Backup%20at%202024-12-07%2022:07:11.zip?85592d2b15ff867407964790224dcbb3a95ce82b',
    headers: {},
  },
  {
    path: '/backend/api/v1/disasterRecoveryFiles/123',
    headers: { authorization: 'Bearer YOUR_API_KEY', accept: 'application/x-7z-compressed' },
  },
]

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

/** Reads the first bytes of a download and disconnects. */
function abortDownload(url: string, index: number): Promise<void> {
  const { path, headers } = DOWNLOADS[index % DOWNLOADS.length] as (typeof DOWNLOADS)[number]
  return new Promise((resolve, reject) => {
    const outgoing = get(url + path, { headers, agent: false }, response => {
      response.once('data', () => {
        outgoing.destroy()
        resolve()
      })
    })
    // The error of `destroy` comes here too; the promise is already resolved then.
    outgoing.on('error', reject)
  })
}

/** In MiB. The bytes of archives are outside the heap. */
function buffersHeld(): number {
  collectGarbage()
  return process.memoryUsage().arrayBuffers / (1024 * 1024)
}

t.test('aborted downloads leave no buffers in memory', async t => {
  const server = await boot(t)
  const before = buffersHeld()
  for (let index = 0; index < 120; index += 10) {
    await Promise.all(Array.from({ length: 10 }, (_, each) => abortDownload(server.url, index + each)))
  }
  // A leaked download would hold at least 75 KiB. The server notices the disconnection a little later.
  let after = buffersHeld()
  for (let tries = 0; tries < 60 && after > before + 4; tries += 1) {
    await sleep(50)
    after = buffersHeld()
  }
  t.ok(after < before + 4, `${after.toFixed(1)} MiB, before ${before.toFixed(1)} MiB`)
})
