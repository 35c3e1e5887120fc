// Converts journal entries to WireMock's format with additional metadata, without secrets.
import type * as wire from '../../../schemas/control.ts'
import { principalOf } from '../../http/journal/redaction.ts'
import { isoInstant } from '../../sandbox/clock/clock.ts'
import type { Capture } from '../../sandbox/journal/capture.ts'
import type { Entry } from '../../sandbox/journal/entry.ts'
import { cookiesOf, groupByName, type Header, queryOf } from '../../sandbox/patterns/requests.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { hasTransfer, sentBody } from './downloads.ts'
import { type Exchange, rawExchange, shownExchange } from './exchange.ts'

export function serveEvent(entry: Entry, sandbox: Sandbox): wire.ServeEvent {
  const shown = shownExchange(entry)
  const { answer } = shown
  return {
    id: entry.id,
    request: flatRequest(entry, shown),
    responseDefinition: answer ? { status: answer.status } : {},
    ...(answer
      ? { response: { status: answer.status, headers: headersView(answer.headers), ...bodyView(answer.body) } }
      : {}),
    wasMatched: entry.matched,
    firedrill: requestMetadata(entry, shown, sandbox),
  }
}

export function loggedRequest(entry: Entry): wire.LoggedRequest {
  return flatRequest(entry, shownExchange(entry))
}

function flatRequest(entry: Entry, shown: Exchange): wire.LoggedRequest {
  return {
    url: shown.url,
    absoluteUrl: entry.origin + shown.sentUrl,
    method: shown.method,
    clientIp: entry.clientIp,
    headers: headersView(shown.headers),
    cookies: Object.fromEntries([...cookiesOf(shown.headers)].map(([name, [value = '']]) => [name, value])),
    queryParams: Object.fromEntries([...queryOf(shown.url)].map(([key, values]) => [key, { key, values }])),
    browserProxyRequest: false,
    loggedDate: entry.receivedAt,
    loggedDateString: isoInstant(entry.receivedAt),
    ...bodyView(shown.body),
    protocol: `HTTP/${entry.httpVersion}`,
  }
}

function requestMetadata(entry: Entry, shown: Exchange, { name, history }: Sandbox): wire.RequestMetadata {
  const { api, operation, virtualAt, trace, secretMarks, body, answer, durationMs } = entry
  const raw = rawExchange(entry)
  return {
    sandbox: name,
    api: api ?? null,
    operation: operation ?? null,
    path: shown.path,
    principal: principalOf({ url: raw.url, headers: raw.headers, bodies: [raw.body ?? ''], marks: secretMarks }),
    virtualTime: isoInstant(virtualAt),
    fault: trace.fault ?? null,
    forced: trace.forced ?? null,
    error: trace.failure && trace.failure.stage !== 'forced' ? trace.failure.name : null,
    durationMs: durationMs === undefined ? null : Math.round(durationMs * 1000) / 1000,
    requestBody: sizeView(body, shown.body),
    sent: hasTransfer(entry) ? sentBody(entry) : null,
    responseBody: answer ? sizeView(answer.body, shown.answer?.body) : null,
    canRewind: history?.has(entry.sequence) ?? false,
  }
}

function sizeView(capture: Capture, shown: string | undefined): wire.RequestMetadata['requestBody'] {
  const { sizeBytes } = capture
  if (sizeBytes > 0 && (shown === undefined || capture.keptBytes === 0)) return { sizeBytes, shown: 'none' }
  return { sizeBytes, shown: capture.isWhole ? 'whole' : 'start' }
}

function bodyView(body = ''): { body: string; bodyAsBase64: string } {
  return { body, bodyAsBase64: Buffer.from(body).toString('base64') }
}

/** A header with several values is a list. */
export function headersView(headers: readonly Header[]): Record<string, string | string[]> {
  return Object.fromEntries(
    [...groupByName(headers)].map(([name, values]) => [name, values.length === 1 ? (values[0] as string) : values]),
  )
}
