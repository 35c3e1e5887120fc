// The requests and responses of the server: Node's own, noting in the journal what passes, whoever reads or sends it.
import { IncomingMessage, type OutgoingHttpHeader, type OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Capture } from '../../sandbox/journal/capture.ts'
import { Answer, type Entry } from '../../sandbox/journal/entry.ts'
import { SECURITY_HEADERS } from '../security-headers.ts'

export class NotedRequest extends IncomingMessage {
  /** Whose body it brings, noted as it comes, read or not: a listener would set it flowing before its reader is there. */
  bodyOf: Entry | undefined = undefined

  override push(chunk: Buffer | null, encoding?: BufferEncoding): boolean {
    if (chunk !== null) this.bodyOf?.receive(chunk)
    return super.push(chunk, encoding)
  }
}

type Headers = OutgoingHttpHeaders | OutgoingHttpHeader[]

const BODYLESS = new Set([204, 304])

const latestResponses = new WeakMap<Socket, NotedResponse>()

/** To the latest request whose head has arrived on the connection, whether it has been sent or not. */
export function latestResponse(socket: Socket): NotedResponse | undefined {
  return latestResponses.get(socket)
}

export class NotedResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  /** Whose answer it is, noted when its head is made: only then are the headers known. */
  answerOf: Entry | undefined = undefined
  /** What will be its body; of a stream only the announced length is noted. */
  payload: unknown = undefined

  constructor(...given: ConstructorParameters<typeof ServerResponse<Request>>) {
    super(...given)
    const [{ socket }] = given
    latestResponses.set(socket, this)
  }

  override writeHead(status: number, reason?: string | Headers, headers?: Headers): this {
    this.#addSecurityHeaders(typeof reason === 'string' ? headers : reason)
    // Headers that cannot be sent are refused here; another answer follows.
    super.writeHead(status, reason as string, headers)
    // Those of a stream were set one by one.
    const sent = (typeof reason === 'string' ? headers : reason) ?? this.getHeaders()
    this.answerOf?.end(this.#answer(status, sent as OutgoingHttpHeaders))
    return this
  }

  /** To those that are given with the head, or else beside those that were set one by one. */
  #addSecurityHeaders(given: Headers | undefined): void {
    for (const [name, value] of SECURITY_HEADERS) {
      if (this.hasHeader(name)) continue
      if (given === undefined || Array.isArray(given)) this.setHeader(name, value)
      else given[name] ??= value
    }
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
