// Sends requests on several connections and measures the responses. A child process: it must not take time from the server.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { createHistogram } from 'node:perf_hooks'

export interface Order {
  host: string
  port: number
  /** Complete requests, sent in turn; `{n}` stands for a number of eight digits that is different in each. */
  requests: string[]
  connections: number
  /** How long to send, or how many requests. */
  amount: { seconds: number } | { count: number }
}

export interface Load {
  requests: number
  requestsPerSecond: number
  p99Ms: number
  bytesPerSecond: number
}

const HEAD_END = Buffer.from('\r\n\r\n')
const NS_PER_MS = 1e6
let lastNumber = 0

process.on('message', async (order: Order) => {
  try {
    process.send?.({ load: await measure(order) })
  } catch (error) {
    process.send?.({ error: String(error) })
  }
})

async function measure({ host, port, requests, connections, amount }: Order): Promise<Load> {
  const texts = requests.map(text => text.split('{n}'))
  const sockets = await Promise.all(Array.from({ length: connections }, () => opened(host, port)))
  const latencies = createHistogram()
  const begun = performance.now()
  const until = 'seconds' in amount ? begun + amount.seconds * 1000 : Number.POSITIVE_INFINITY
  const most = 'count' in amount ? amount.count : Number.POSITIVE_INFINITY
  let sent = 0
  let bytes = 0
  const next = () => {
    if (sent >= most || performance.now() >= until) return undefined
    const parts = texts[sent++ % texts.length] ?? []
    return parts.length === 1 ? parts[0] : parts.join(String(++lastNumber).padStart(8, '0'))
  }
  const record = (ms: number, length: number) => {
    latencies.record(Math.max(1, Math.round(ms * NS_PER_MS)))
    bytes += length
  }
  try {
    await Promise.all(sockets.map(socket => talk(socket, next, record)))
  } finally {
    for (const socket of sockets) socket.destroy()
  }
  const seconds = (performance.now() - begun) / 1000
  return {
    requests: sent,
    requestsPerSecond: sent / seconds,
    p99Ms: latencies.percentile(99) / NS_PER_MS,
    bytesPerSecond: bytes / seconds,
  }
}

async function opened(host: string, port: number): Promise<Socket> {
  const socket = connect({ host, port, noDelay: true })
  await once(socket, 'connect')
  return socket
}

/** Sends one request after the other until there are no more. Rejects when a response is not a success. */
function talk(
  socket: Socket,
  next: () => string | undefined,
  record: (ms: number, length: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let sentAt = 0
    let received: Buffer = Buffer.alloc(0)
    /** The length of the response that is being received, once its head is complete. */
    let expected: number | undefined
    let length = 0
    const send = () => {
      const text = next()
      if (text === undefined) return resolve()
      sentAt = performance.now()
      socket.write(text, 'latin1')
    }
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the server closed the connection')))
    socket.on('data', chunk => {
      length += chunk.length
      if (expected === undefined) {
        received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
        const end = received.indexOf(HEAD_END)
        if (end < 0) return
        const head = received.toString('latin1', 0, end)
        const size = bodySize(head)
        if (size === undefined)
          return reject(new Error(`unexpected response: ${received.toString('latin1', 0, end + 500)}`))
        expected = end + HEAD_END.length + size
      }
      if (length < expected) return
      record(performance.now() - sentAt, length)
      received = Buffer.alloc(0)
      expected = undefined
      length = 0
      send()
    })
    send()
  })
}

/** Undefined unless it is a success whose length is known. */
function bodySize(head: string): number | undefined {
  if (!head.startsWith('HTTP/1.1 2')) return undefined
  if (head.startsWith('HTTP/1.1 204')) return 0
  const size = /^content-length: (\d+)$/im.exec(head)?.[1]
  return size === undefined ? undefined : Number(size)
}
