// Whether a request has a body, which its headers say.
import type { IncomingMessage } from 'node:http'

/** False when the body is announced as empty, too. */
export function announcesBody({
  headers: { 'content-length': length = '0', 'transfer-encoding': encoding },
}: Pick<IncomingMessage, 'headers'>): boolean {
  return length !== '0' || encoding !== undefined
}
