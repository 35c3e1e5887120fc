// Node's requests and responses, extended to record in the journal what is received and sent.
import { IncomingMessage, type OutgoingHttpHeader, type OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Capture } from '../../sandbox/journal/capture.ts'
import { Answer, type Entry } from '../../sandbox/journal/entry.ts'
import type { Transfer } from '../../sandbox/journal/transfer.ts'
import { SECURITY_HEADERS } from '../security-headers.ts'

export class RecordedRequest extends IncomingMessage {
  /** Receives the body as it arrives, even if it is never read. A `data` listener would start the stream before its reader is ready. */
  entry: Entry | undefined = undefined
  /** What has arrived of the body of a request that waits to be handled. */
  #early: Buffer[] | undefined

  override push(chunk: Buffer | null, encoding?: BufferEncoding): boolean {
    if (chunk !== null) {
      if (this.entry) this.entry.receive(chunk)
      else this.#early?.push(chunk)
    }
    return super.push(chunk, encoding)
  }

  /** Call it when the request will be handled later. */
  keepBody(): void {
    this.#early = []
  }

  recordBody(entry: Entry): void {
    for (const chunk of this.#early ?? []) entry.receive(chunk)
    this.entry = entry
  }
}

type Headers = OutgoingHttpHeaders | OutgoingHttpHeader[]

const SECURITY_HEADER_NAMES = Object.keys(SECURITY_HEADERS) as (keyof typeof SECURITY_HEADERS)[]

const BODYLESS = new Set([204, 304])

const latestResponses = new WeakMap<Socket, RecordedResponse>()

/** The response to the latest request whose head has arrived on the connection, whether or not it has been sent. */
export function latestResponse(socket: Socket): RecordedResponse | undefined {
  return latestResponses.get(socket)
}

/** What pages of other origins may read of a response. */
export interface CrossOrigin {
  /** Undefined if the page of this request may not read it. */
  allowOrigin: string | undefined
  exposed: string
  variesByOrigin: boolean
}

export class RecordedResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  /** Receives the response when its head is written: the headers are not known before. */
  entry: Entry | undefined = undefined
  /** The body to be sent; of a stream only the announced length is recorded. */
  payload: unknown = undefined
  /** Counts the bytes of a body that is streamed. */
  transfer: Transfer | undefined = undefined
  /** Undefined where pages of other origins are not considered. */
  crossOrigin: CrossOrigin | undefined = undefined

  constructor(...parameters: ConstructorParameters<typeof ServerResponse<Request>>) {
    super(...parameters)
    const [{ socket }] = parameters
    latestResponses.set(socket, this)
  }

  override write(chunk: unknown, ...rest: unknown[]): boolean {
    if (this.transfer && chunk instanceof Uint8Array && !this.destroyed) this.transfer.sentBytes += chunk.length
    return super.write(chunk, ...(rest as []))
  }

  override writeHead(status: number, reason?: string | Headers, headers?: Headers): this {
    this.#addSecurityHeaders(typeof reason === 'string' ? headers : reason)
    if (this.crossOrigin) this.#addCrossOriginHeaders(this.crossOrigin, typeof reason === 'string' ? headers : reason)
    // Throws for headers that cannot be sent; another response follows.
    super.writeHead(status, reason as string, headers)
    // The headers of a stream are set one by one instead of passed.
    const sent = (typeof reason === 'string' ? headers : reason) ?? this.getHeaders()
    this.entry?.end(this.#answer(status, sent as OutgoingHttpHeaders))
    return this
  }

  /** Adds them to the passed headers, or to those set one by one if none are passed. */
  #addSecurityHeaders(passed: Headers | undefined): void {
    const given = passed === undefined || Array.isArray(passed) ? undefined : passed
    for (const name of SECURITY_HEADER_NAMES) {
      if (this.hasHeader(name)) continue
      if (given) given[name] ??= SECURITY_HEADERS[name]
      else this.setHeader(name, SECURITY_HEADERS[name])
    }
  }

  #addCrossOriginHeaders({ allowOrigin, exposed, variesByOrigin }: CrossOrigin, passed: Headers | undefined): void {
    const given = passed === undefined || Array.isArray(passed) ? undefined : passed
    const set = (name: string, value: string) => {
      if (given) given[name] = value
      else this.setHeader(name, value)
    }
    if (allowOrigin !== undefined) {
      set('access-control-allow-origin', allowOrigin)
      set('access-control-expose-headers', exposed)
    }
    if (!variesByOrigin) return
    const others = given?.vary ?? this.getHeader('vary')
    set('vary', others === undefined ? 'Origin' : `${others}, Origin`)
  }

  #answer(status: number, headers: OutgoingHttpHeaders): Answer {
    const { payload, req } = this
    const body = new Capture()
    const isHead = req.method === 'HEAD'
    if (typeof payload === 'string' || Buffer.isBuffer(payload)) {
      if (!isHead && !BODYLESS.has(status)) body.add(payload)
    } else if (!isHead) {
      body.skip(Number(headers['content-length'] ?? 0))
    }
    return new Answer(status, headers, body)
  }
}
