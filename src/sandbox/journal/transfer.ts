// The body of one response to a download: which bytes of which version of a file it consists of, and how many were sent.
import { type ByteRange, rangesAmong, type SentPart, sizeOfPart } from './byte-ranges.ts'

export interface TransferredFile {
  /** Identifies the file to the API that serves it. */
  file: string
  /** Of the whole file, even if a fault has shortened it. */
  sizeBytes: number
  /** The ETag of the bytes, which a fault may hide or replace in the response. */
  contentETag: string
  /** Of the bytes; epoch ms. */
  lastModified: number
}

export interface TransferredBody {
  /** As sent; undefined if none was. */
  etag: string | undefined
  contentRange: string | undefined
  /** The body, unless it is cut. */
  parts: readonly SentPart[]
}

export class Transfer implements TransferredFile, TransferredBody {
  readonly file: string
  readonly sizeBytes: number
  readonly contentETag: string
  readonly lastModified: number
  readonly etag: string | undefined
  readonly contentRange: string | undefined
  readonly parts: readonly SentPart[]
  /**
   * Bytes of the body that were handed to the connection. If the client has disconnected, they include those that were waiting
   * to be sent (at most a few chunks), so that no byte counts as not sent that the client may have.
   */
  sentBytes = 0
  state: 'sending' | 'ended' | 'cut' = 'sending'
  /** Whether a content coding was applied, so that the position in the body says nothing about the position in the file. */
  isEncoded = false

  constructor(
    { file, sizeBytes, contentETag, lastModified }: TransferredFile,
    { etag, contentRange, parts }: TransferredBody,
  ) {
    this.file = file
    this.sizeBytes = sizeBytes
    this.contentETag = contentETag
    this.lastModified = lastModified
    this.etag = etag
    this.contentRange = contentRange
    this.parts = parts
  }

  /**
   * `isWhole`: whether the connection was open until the body had ended; otherwise the last byte has not been sent, however much
   * was handed to the connection. `announcedBytes`: 0 if no length was announced.
   */
  end(isWhole: boolean, announcedBytes: number): void {
    this.state = isWhole && this.sentBytes >= announcedBytes ? 'ended' : 'cut'
    const wholeBytes = announcedBytes || this.bodyBytes
    if (!isWhole && !this.isEncoded) this.sentBytes = Math.min(this.sentBytes, Math.max(0, wholeBytes - 1))
  }

  /** The bytes of the file that were sent, in the order of the body. Of an encoded body that was cut, none are known. */
  get ranges(): ByteRange[] {
    if (!this.isEncoded) return rangesAmong(this.parts, this.sentBytes)
    return this.state === 'ended' ? rangesAmong(this.parts, this.bodyBytes) : []
  }

  /** Of the whole body without a content coding. */
  get bodyBytes(): number {
    return this.parts.reduce<number>((sum, part) => sum + sizeOfPart(part), 0)
  }
}
