// Sends bytes to a server over a socket and parses the answers, because an HTTP client cannot send invalid requests.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** Longer bodies are not read completely. */
const MAX_BODY_BYTES = 256 * 1024

export interface WireAnswer {
  status: number
  /** By names in lower case; the last one of several with the same name. */
  headers: Record<string, string>
  body: Buffer
  /** False when either side ended the body early. */
  isWhole: boolean
}

export interface Exchange {
  answers: WireAnswer[]
  /** Received bytes after the last answer. */
  rest: Buffer
  /** Whether no answer came in time, on a connection that was still open. */
  isSilent: boolean
  durationMs: number
}

export interface Sending {
  bytes: Buffer
  isHead: boolean
  /** How long an answer may take. */
  timeoutMs: number
}

export class Wire {
  readonly #port: number
  #socket: Socket | undefined
  #received: Buffer = Buffer.alloc(0)
  #isEnded = true

  constructor(url: string) {
    this.#port = Number(new URL(url).port)
  }

  /** Sends one request and reads its answer. Reuses the previous connection if it can. */
  async sendRequest({ bytes, isHead, timeoutMs }: Sending): Promise<Exchange> {
    const startedAt = performance.now()
    const socket = await this.#connected()
    socket.write(bytes)
    const answer = await this.#answer(isHead, startedAt + timeoutMs)
    const isReusable = answer?.isWhole && answer.headers.connection !== 'close' && this.#received.length === 0
    const rest = this.#received
    const isSilent = answer === undefined && !this.#isEnded
    if (!isReusable) this.close()
    return { answers: answer ? [answer] : [], rest, isSilent, durationMs: performance.now() - startedAt }
  }

  /** Sends bytes on a new connection, ends it on this side, and reads all answers. */
  async sendBytes({ bytes, isHead, timeoutMs }: Sending): Promise<Exchange> {
    this.close()
    const startedAt = performance.now()
    const socket = await this.#connected()
    socket.end(bytes)
    const answers: WireAnswer[] = []
    for (;;) {
      const answer = await this.#answer(isHead, startedAt + timeoutMs)
      if (!answer) break
      answers.push(answer)
      if (!answer.isWhole) break
    }
    const exchange = { answers, rest: this.#received, isSilent: !this.#isEnded && answers.length === 0 }
    this.close()
    return { ...exchange, durationMs: performance.now() - startedAt }
  }

  close(): void {
    this.#socket?.destroy()
    this.#socket = undefined
  }

  async #connected(): Promise<Socket> {
    if (this.#socket && !this.#isEnded) return this.#socket
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true })
    this.#socket = socket
    this.#received = Buffer.alloc(0)
    this.#isEnded = false
    socket.on('data', chunk => {
      this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk])
    })
    // A connection that the server resets has ended like any other.
    socket.on('error', () => {})
    socket.on('close', () => {
      if (this.#socket === socket) this.#isEnded = true
    })
    await Promise.race([once(socket, 'connect'), once(socket, 'close')])
    return socket
  }

  /** The next answer that is not informational; undefined if the deadline or the end of the connection comes first. */
  async #answer(isHead: boolean, deadline: number): Promise<WireAnswer | undefined> {
    for (;;) {
      const answer = parseAnswer(this.#received, isHead, this.#isEnded)
      if (answer) {
        this.#received = this.#received.subarray(answer.length)
        if (answer.status >= 200) return answer
      } else if (this.#isEnded || !(await this.#more(deadline))) {
        return undefined
      }
    }
  }

  /** Waits for more bytes or the end of the connection; false after the deadline. */
  #more(deadline: number): Promise<boolean> {
    const socket = this.#socket as Socket
    return new Promise(resolve => {
      const settle = (isMore: boolean) => () => {
        clearTimeout(timer)
        socket.off('data', onMore)
        socket.off('close', onMore)
        resolve(isMore)
      }
      const onMore = settle(true)
      const timer = setTimeout(settle(false), Math.max(0, deadline - performance.now()))
      socket.on('data', onMore)
      socket.on('close', onMore)
    })
  }
}

const BODYLESS = new Set([204, 304])

/** The first answer in the bytes, and its length in bytes; undefined while it is incomplete. */
export function parseAnswer(
  bytes: Buffer,
  isHead: boolean,
  isEnd: boolean,
): (WireAnswer & { length: number }) | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n')
  if (headEnd === -1) return undefined
  const [statusLine = '', ...lines] = bytes.toString('latin1', 0, headEnd).split('\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1] ?? 0)
  const headers = Object.fromEntries(
    lines.map(line => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    }),
  )
  const start = headEnd + 4
  const answer = (body: Buffer, end: number, isWhole: boolean) => ({ status, headers, body, isWhole, length: end })
  if (isHead || status < 200 || BODYLESS.has(status)) return answer(Buffer.alloc(0), start, true)
  const available = bytes.length - start
  if (headers['transfer-encoding'] === 'chunked') {
    // A stream of events does not end.
    if (headers['content-type'] === 'text/event-stream') return answer(Buffer.alloc(0), start, false)
    const body = unchunked(bytes, start)
    if (body) return answer(body.body, body.end, true)
    return isEnd || available > MAX_BODY_BYTES ? answer(bytes.subarray(start), bytes.length, false) : undefined
  }
  const size = headers['content-length'] === undefined ? undefined : Number(headers['content-length'])
  if (size !== undefined && available >= size) return answer(bytes.subarray(start, start + size), start + size, true)
  if (isEnd || available > MAX_BODY_BYTES || (size ?? 0) > MAX_BODY_BYTES) {
    return answer(bytes.subarray(start), bytes.length, size === undefined && isEnd)
  }
  return undefined
}

function unchunked(bytes: Buffer, start: number): { body: Buffer; end: number } | undefined {
  const chunks: Buffer[] = []
  for (let at = start; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd === -1) return undefined
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16)
    const chunkStart = lineEnd + 2
    if (bytes.length < chunkStart + size + 2) return undefined
    if (size === 0) return { body: Buffer.concat(chunks), end: chunkStart + 2 }
    chunks.push(bytes.subarray(chunkStart, chunkStart + size))
    at = chunkStart + size + 2
  }
}
