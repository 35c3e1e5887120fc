// Whether a download may be compressed.
import Negotiator from 'negotiator'
import type { RequestHeaders } from '../archives/download.ts'
import type { DownloadPersonality } from '../archives/personalities.ts'

export function acceptsGzip(headers: RequestHeaders, { compresses }: DownloadPersonality): boolean {
  return compresses && new Negotiator({ headers }).encodings(['gzip']).length > 0
}
