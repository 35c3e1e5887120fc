// Exports the journal as an HTTP Archive 1.2, which the developer tools of browsers can open.
import { STATUS_CODES } from 'node:http'
import { parseSetCookie } from 'cookie'
import { packageVersion } from '../../package.ts'
import { isoInstant } from '../../sandbox/clock/clock.ts'
import type { Capture } from '../../sandbox/journal/capture.ts'
import type { Entry } from '../../sandbox/journal/entry.ts'
import { cookiesOf, type Header, queryOf, valuesOf } from '../../sandbox/patterns/requests.ts'
import { transferText } from './downloads.ts'
import { type Exchange, shownExchange } from './exchange.ts'

interface NameValue {
  name: string
  value: string
}

/** http://www.softwareishard.com/blog/har-12-spec; there, -1 means unknown. */
export function harOf(entries: readonly Entry[]) {
  return { log: { version: '1.2' as const, creator: creator(), entries: entries.map(harEntry) } }
}

/** The journals of several sandboxes as one archive, in parts, because together they may be larger than a string can be. */
export function* harParts(entries: readonly { sandbox: string; entry: Entry }[]): Generator<string> {
  yield `{"log":{"version":"1.2","creator":${JSON.stringify(creator())},"entries":[`
  for (const [index, { sandbox, entry }] of entries.entries()) {
    // Names of fields that the format does not have begin with an underscore.
    yield `${index === 0 ? '' : ','}\n${JSON.stringify({ ...harEntry(entry), _sandbox: sandbox })}`
  }
  yield '\n]}}\n'
}

function creator() {
  return { name: 'Firedrill', version: packageVersion() }
}

function harEntry(entry: Entry) {
  const { receivedAt, operation, trace, durationMs = 0 } = entry
  const shown = shownExchange(entry)
  return {
    startedDateTime: isoInstant(receivedAt),
    time: durationMs,
    request: harRequest(entry, shown),
    response: harResponse(entry, shown),
    cache: {},
    timings: { send: 0, wait: durationMs, receive: 0 },
    comment: [operation ?? 'no operation', trace.fault && `fault ${trace.fault.fault}`].filter(Boolean).join(', '),
  }
}

function harRequest({ origin, httpVersion, body: sent }: Entry, shown: Exchange) {
  const { headers, body } = shown
  const [mimeType = ''] = valuesOf(headers, 'content-type')
  const queryString = [...queryOf(shown.url)].flatMap(([name, values]) => values.map(value => ({ name, value })))
  return {
    method: shown.method,
    url: origin + shown.sentUrl,
    httpVersion: `HTTP/${httpVersion}`,
    cookies: requestCookies(headers),
    headers: nameValues(headers),
    queryString,
    ...(sent.sizeBytes > 0 ? { postData: { mimeType, params: [], text: body ?? '' } } : {}),
    headersSize: -1,
    bodySize: sent.sizeBytes,
  }
}

/** Browsers use status 0 for a response that was not received. */
function harResponse({ httpVersion, answer, transfer }: Entry, shown: Exchange) {
  const headers = shown.answer?.headers ?? []
  const status = answer?.status ?? 0
  return {
    status,
    statusText: STATUS_CODES[status] ?? '',
    httpVersion: `HTTP/${httpVersion}`,
    cookies: valuesOf(headers, 'set-cookie').map(setCookie),
    headers: nameValues(headers),
    content: contentOf(answer?.body, headers, shown.answer?.body),
    redirectURL: valuesOf(headers, 'location')[0] ?? '',
    headersSize: -1,
    bodySize: transfer?.sentBytes ?? answer?.body.sizeBytes ?? -1,
    ...(transfer ? { comment: transferText(transfer) } : {}),
  }
}

function contentOf(capture: Capture | undefined, headers: readonly Header[], text: string | undefined) {
  const [mimeType = 'x-unknown'] = valuesOf(headers, 'content-type')
  return { size: capture?.sizeBytes ?? 0, mimeType, ...(text === undefined ? {} : { text }) }
}

function nameValues(headers: readonly Header[]): NameValue[] {
  return headers.map(([name, value]) => ({ name, value }))
}

function requestCookies(headers: readonly Header[]): NameValue[] {
  return [...cookiesOf(headers)].flatMap(([name, values]) => values.map(value => ({ name, value })))
}

function setCookie(header: string): NameValue & { path?: string; httpOnly: boolean; secure: boolean } {
  const { name, value = '', path, httpOnly = false, secure = false } = parseSetCookie(header, { decode: text => text })
  return { name, value, ...(path === undefined ? {} : { path }), httpOnly, secure }
}
