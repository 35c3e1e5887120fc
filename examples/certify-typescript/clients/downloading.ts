// A client that downloads a file correctly whatever the server does, and that can be made to make one mistake.
import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { type Attempt, type Call, failure, type Report, type Session, sha256, success } from './session.ts'

/** What the client does instead of the right thing. */
export type Mistake =
  | 'appends a whole file'
  | 'appends any part'
  | 'takes 416 for the end'
  | 'takes 416 for an error'
  | 'decodes nothing'
  | 'accepts any encoding'
  | 'decodes once'
  | 'mixes versions'
  | 'does not follow redirects'
  | 'follows redirects for ever'
  | 'sends its key everywhere'
  | 'ignores Retry-After'
  | 'gives up when a connection ends'
  | 'gives up at a 404'
  | 'gives up at a 412'
  | 'does not resume'
  | 'tries for ever'
  | 'trusts the end of the connection'
  | 'does not compare checksums'
  | 'believes the total size'

/** Other ways to be correct than to ask for the same part again. */
export type Way = 'starts again' | 'takes what fits' | 'parses multipart' | 'decodes'

export interface Target extends Pick<Call, 'path'> {
  headers?: Record<string, string>
  /** What is known of the file beforehand. */
  sizeBytes?: number
  sha1?: string
  /** How long the connection may stand still, in ms of this machine's time. */
  idleMs?: number
  /** The condition of requests for the rest, `if-range` by default. */
  condition?: 'if-match'
  way?: Way
  /** The header that no other host may see. */
  key?: Record<string, string>
}

const MAX_REQUESTS = 10
const MAX_FRUITLESS = 5
const EMPTY = Buffer.alloc(0)

export function download(session: Session, target: Target, mistake?: Mistake): Promise<Report> {
  return new Downloader(session, target, mistake).run()
}

class Downloader {
  readonly #session: Session
  readonly #target: Target
  readonly #mistake: Mistake | undefined
  #path: string
  #host: string | undefined
  #bytes: Buffer = EMPTY
  #etag: string | undefined
  #sizeBytes: number | undefined
  #fruitless = 0
  #isConditional = true

  constructor(session: Session, target: Target, mistake: Mistake | undefined) {
    this.#session = session
    this.#target = target
    this.#mistake = mistake
    this.#path = target.path
    this.#sizeBytes = target.sizeBytes
  }

  async run(): Promise<Report> {
    const isPatient = this.#makes('tries for ever') || this.#makes('follows redirects for ever')
    for (let requests = 0; requests < (isPatient ? 30 : MAX_REQUESTS); requests++) {
      const before = this.#bytes.length
      const answer = await this.#request()
      const result = this.#take(answer)
      if (result === 'complete') return { ...success, sha256: sha256(this.#bytes) }
      if (result === 'failed') return failure
      if (this.#target.way === 'starts again' && this.#bytes.length === before) this.#restart()
      this.#fruitless = this.#bytes.length > before ? 0 : this.#fruitless + 1
      if (this.#fruitless >= MAX_FRUITLESS && !isPatient) return failure
      await this.#session.wait(this.#pauseMs(answer))
    }
    return failure
  }

  #makes(mistake: Mistake): boolean {
    return this.#mistake === mistake
  }

  #request(): Promise<Attempt> {
    const { headers = {}, idleMs, key, condition = 'if-range' } = this.#target
    const isRest = this.#bytes.length > 0
    return this.#session.attempt({
      path: this.#path,
      headers: {
        ...headers,
        ...((this.#host === undefined || this.#makes('sends its key everywhere')) && key),
        'accept-encoding': this.#makes('accepts any encoding') ? '*' : 'identity',
        ...(isRest && { range: `bytes=${this.#bytes.length}-` }),
        ...(isRest && this.#etag !== undefined && this.#isConditional && { [condition]: this.#etag }),
        ...(this.#host !== undefined && { host: this.#host }),
      },
      ...(idleMs !== undefined && { idleMs }),
    })
  }

  #take(answer: Attempt): 'complete' | 'failed' | 'again' {
    const { status = 0, headers, error } = answer
    if (error !== undefined && this.#makes('gives up when a connection ends')) return 'failed'
    if (status >= 300 && status < 400) return this.#redirect(String(headers.location))
    if (status === 416) return this.#end(String(headers['content-range']))
    if (status === 412) return this.#refused()
    if (status >= 400) return status === 404 && this.#makes('gives up at a 404') ? 'failed' : 'again'
    const codings = this.#makes('decodes nothing') ? [] : codingsOf(answer)
    if (codings.length > 0) return this.#encoded(answer, codings)
    if (status === 200) return this.#whole(answer)
    if (status !== 206) return 'again'
    return this.#part(this.#target.way === 'parses multipart' ? onlyPart(answer) : answer)
  }

  #encoded(answer: Attempt, codings: string[]) {
    const isDecoded = this.#target.way === 'decodes' || this.#makes('decodes once')
    const bytes = isDecoded && decoded(answer, this.#makes('decodes once') ? 1 : codings.length)
    return bytes ? this.#whole({ ...answer, bytes }) : 'again'
  }

  #whole({ headers, bytes, error }: Attempt) {
    const isAppended = this.#makes('appends a whole file') || this.#makes('appends any part')
    if (headers['content-range'] !== undefined && !isAppended) return 'again'
    this.#bytes = isAppended ? Buffer.concat([this.#bytes, bytes]) : bytes
    this.#etag = strongEtag(headers.etag)
    if (headers['content-length'] !== undefined) this.#sizeBytes ??= Number(headers['content-length'])
    // A part without a strong ETag cannot be continued.
    if (error !== undefined && this.#etag === undefined && !this.#makes('mixes versions')) return this.#restart()
    return this.#completeIf(error === undefined)
  }

  #part({ headers, bytes, error }: Attempt) {
    const [, first, last, total = '*'] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(headers['content-range'] ?? '') ?? []
    if (this.#makes('appends any part')) {
      this.#bytes = Buffer.concat([this.#bytes, bytes])
      return 'complete'
    }
    const start = Number(first)
    const isPlain = first !== undefined && !String(headers['content-type']).startsWith('multipart/')
    if (!isPlain || start > this.#bytes.length) return 'again'
    if (strongEtag(headers.etag) !== this.#etag && !this.#makes('mixes versions')) return this.#restart()
    const announcedBytes = Number(last) - start + 1
    if (this.#target.way === 'takes what fits') {
      this.#bytes = Buffer.concat([this.#bytes.subarray(0, start), bytes.subarray(0, announcedBytes)])
      return this.#completeIf(error === undefined)
    }
    if (this.#makes('believes the total size')) this.#sizeBytes = Number(total)
    else if (total !== '*' && Number(total) !== (this.#sizeBytes ?? Number(total))) return 'again'
    if (error === undefined ? bytes.length !== announcedBytes : bytes.length > announcedBytes) return 'again'
    this.#bytes = Buffer.concat([this.#bytes.subarray(0, start), bytes])
    return this.#completeIf(error === undefined)
  }

  #completeIf(isClosedProperly: boolean) {
    const isUncounted = this.#makes('trusts the end of the connection') || this.#makes('appends a whole file')
    if (isClosedProperly && isUncounted) return 'complete'
    if (this.#sizeBytes === undefined ? !isClosedProperly : this.#bytes.length !== this.#sizeBytes) {
      if (this.#makes('does not resume')) this.#bytes = EMPTY
      return 'again'
    }
    const isChecked = this.#target.sha1 !== undefined && this.#mistake === undefined
    const isRight = !isChecked || createHash('sha1').update(this.#bytes).digest('hex') === this.#target.sha1
    return isRight ? 'complete' : this.#restart()
  }

  /** A range that begins at the end of the file. */
  #end(contentRange: string) {
    const [, total] = /^bytes \*\/(\d+)$/.exec(contentRange) ?? []
    if (this.#makes('takes 416 for an error')) return 'failed'
    if (this.#makes('takes 416 for the end')) return 'complete'
    if (total === undefined || Number(total) !== this.#bytes.length) return this.#restart()
    this.#sizeBytes ??= Number(total)
    return this.#completeIf(true)
  }

  /** The file is no longer the one that the part is of. */
  #refused() {
    if (this.#makes('gives up at a 412')) return 'failed'
    this.#isConditional = !this.#makes('mixes versions')
    return this.#isConditional ? this.#restart() : 'again'
  }

  #restart() {
    this.#bytes = EMPTY
    return 'again' as const
  }

  #redirect(location: string) {
    if (this.#makes('does not follow redirects')) return 'failed'
    const { host, pathname, search } = new URL(location, 'http://same.example')
    if (host !== 'same.example') this.#host = host
    this.#path = `${pathname}${search}`.replace(/^\/(@[^/]*\/)?/, '')
    return 'again'
  }

  #pauseMs({ headers }: Attempt): number {
    const text = headers['retry-after']
    if (text === undefined) return 1000
    if (this.#makes('ignores Retry-After')) return 0
    const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.parse(String(headers.date))
    return Math.min(Math.max(ms || 0, 1000), 60_000)
  }
}

/** What Content-Encoding names. */
function codingsOf({ headers }: Attempt): string[] {
  return (headers['content-encoding'] ?? 'identity').split(', ').filter(coding => coding !== 'identity')
}

/** The complete file after that many decompressions; undefined if it is not compressed. */
function decoded({ status, bytes, error }: Attempt, times: number): Buffer | undefined {
  if (status !== 200 || error !== undefined) return undefined
  try {
    let file = bytes
    for (let count = 0; count < times; count++) file = gunzipSync(file)
    return file
  } catch {
    return undefined
  }
}

/** The part of a multipart/byteranges response that has one, as if it were sent by itself; other responses as they are. */
function onlyPart(answer: Attempt): Attempt {
  const [, boundary] = /^multipart\/byteranges; boundary=(.*)$/.exec(answer.headers['content-type'] ?? '') ?? []
  if (boundary === undefined) return answer
  const headEnd = answer.bytes.indexOf('\r\n\r\n')
  const [, contentRange] = /^content-range: (.*)$/im.exec(answer.bytes.toString('latin1', 0, headEnd)) ?? []
  return {
    ...answer,
    headers: { etag: answer.headers.etag, 'content-range': contentRange?.trim() },
    bytes: answer.bytes.subarray(headEnd + 4, answer.bytes.lastIndexOf(`\r\n--${boundary}--`)),
  }
}

/** A weak one does not prove that bytes are the same. */
function strongEtag(etag: string | undefined): string | undefined {
  return etag?.startsWith('"') ? etag : undefined
}
