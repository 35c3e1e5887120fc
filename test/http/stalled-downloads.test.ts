// A thousand clients that stop reading a download: what they cost, and that others are served meanwhile.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import { boot, call } from '../helpers.ts'

const READERS = 1000
const LISTS = 200
const KIB = 1024
const PATH =
  '/backups.dscloud.pt/23457145698959364_Backup%20at%202024-12-07%2022:07:11.zip?85592d2b15ff867407964790224dcbb3a95ce82b'

/**
 * Asks for downloads of 82 MB, reads the beginning of each, and says when it has stopped reading all of them. In Python, which can
 * ask for segments and a buffer as of a network: on loopback, the kernel would hold megabytes for each connection.
 */
const CLIENT = `
import socket, sys
connections = []
for reader in range(${READERS}):
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 1400)
    connection.connect(("127.0.0.1", int(sys.argv[1])))
    connection.sendall(b"GET ${PATH} HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n")
    connections.append(connection)
for connection in connections:
    connection.recv(1)
print("stopped", flush=True)
sys.stdin.read()
`

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

interface Memory {
  /** In KiB for each reader. The bytes of archives are outside the heap. */
  buffers: number
  heap: number
  resident: number
}

function memory(): Memory {
  collectGarbage()
  const { arrayBuffers, heapUsed, rss } = process.memoryUsage()
  const ofReader = (bytes: number) => bytes / KIB / READERS
  return { buffers: ofReader(arrayBuffers), heap: ofReader(heapUsed), resident: ofReader(rss) }
}

function growth(after: Memory, before: Memory): Memory {
  return {
    buffers: after.buffers - before.buffers,
    heap: after.heap - before.heap,
    resident: after.resident - before.resident,
  }
}

/** Waits until the condition holds, for a minute at most. */
async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 300 && !condition(); tries++) await sleep(200)
}

/** Waits until the connections have taken what they can: the event loop waits for something to do. */
async function untilNothingIsSent(): Promise<void> {
  let idle = 0
  let before = performance.eventLoopUtilization()
  await until(() => {
    const { utilization } = performance.eventLoopUtilization(before)
    before = performance.eventLoopUtilization()
    idle = utilization < 0.2 ? idle + 1 : 0
    return idle === 3
  })
}

/** The 99th percentile of the CPU time of this thread during a list, in µs. Other processes hardly change it, unlike the time that passes. */
async function slowList(url: string): Promise<number> {
  const headers = { authorization: 'Bearer YOUR_API_KEY' }
  const times: number[] = []
  for (let sent = 0; sent < LISTS; sent++) {
    const before = process.threadCpuUsage()
    await call({ url }, { path: '/backend/api/v1/disasterRecoveryFiles/', headers, contract: false })
    const { user, system } = process.threadCpuUsage(before)
    times.push(user + system)
  }
  return times.toSorted((one, other) => one - other)[LISTS * 0.99] as number
}

t.test('a thousand clients that have stopped reading', async t => {
  const server = await boot(t)
  await call(server, { path: PATH, headers: { range: 'bytes=0-0' } })
  await slowList(server.url)
  const alone = await slowList(server.url)
  const before = memory()
  const client = spawn('python3', ['-c', CLIENT, new URL(server.url).port], { stdio: ['pipe', 'pipe', 'inherit'] })
  t.teardown(() => client.kill())
  await once(client.stdout, 'data')
  await untilNothingIsSent()

  // The kernel holds about 270 KiB for each of these connections.
  const stalled = growth(memory(), before)
  t.ok(stalled.resident < 256, `${stalled.resident.toFixed(1)} KiB of memory each`)
  t.ok(stalled.buffers < 128, `${stalled.buffers.toFixed(1)} KiB of bytes to send each`)
  const beside = await slowList(server.url)
  t.ok(beside < 3 * alone + 5000, `other requests take ${beside} µs, and ${alone} µs without these clients`)

  client.kill()
  await once(client, 'close')
  let left = stalled
  await until(() => {
    left = growth(memory(), before)
    return left.heap < 2 && left.buffers < 2
  })
  t.ok(left.heap < 2, `${left.heap.toFixed(1)} KiB of objects are left of each`)
  t.ok(left.buffers < 2, `${left.buffers.toFixed(1)} KiB of bytes are left of each`)
})
