// Converts a journal entry to text: with its secrets, for matching, and redacted, for display.
import { withoutSandbox } from '../../http/addressing.ts'
import { type Mask, Redaction, redacted } from '../../http/journal/redaction.ts'
import type { Capture } from '../../sandbox/journal/capture.ts'
import type { Entry } from '../../sandbox/journal/entry.ts'
import { type Header, headerPairs, valuesOf } from '../../sandbox/patterns/requests.ts'

export interface Exchange {
  method: string
  /** Path and query, without the sandbox prefix. */
  url: string
  /** Path and query as sent. */
  sentUrl: string
  /** Path and query as routed. */
  path: string
  headers: Header[]
  /** Undefined if it is binary or compressed. */
  body: string | undefined
  answer: { status: number; headers: Header[]; body: string | undefined } | undefined
}

/** The entry with its secrets, which must not be returned to clients. */
export function rawExchange({ method, url, path, rawHeaders, body, answer }: Entry): Exchange {
  return {
    method,
    url: withoutSandbox(url),
    sentUrl: url,
    path,
    headers: headerPairs(rawHeaders),
    body: body.bytes().toString(),
    answer: answer && {
      status: answer.status,
      headers: answerHeaders(answer.headers),
      body: answer.body.bytes().toString(),
    },
  }
}

/** The entry with its secrets replaced by `mask`; bodies only if they are text. */
export function shownExchange(entry: Entry, mask: Mask = redacted): Exchange {
  const raw = rawExchange(entry)
  const redaction = redactionOf(entry, mask)
  const shown = (headers: Header[]) => headers.map(([name, value]): Header => [name, redaction.header(name, value)])
  const text = (capture: Capture, headers: Header[]) => {
    const body = textOf(capture, headers)
    return body === undefined ? undefined : redaction.text(body)
  }
  const answerBody = ({ status, body }: NonNullable<Entry['answer']>, headers: Header[]) => {
    const isSecret = body.sizeBytes > 0 && entry.secretMarks?.secretResponses.has(status)
    return isSecret ? mask({ name: 'body', value: body.bytes().toString(), unquoted: false }) : text(body, headers)
  }
  return {
    method: raw.method,
    url: redaction.url(raw.url),
    sentUrl: redaction.url(raw.sentUrl),
    path: redaction.url(raw.path),
    headers: shown(raw.headers),
    body: text(entry.body, raw.headers),
    answer: entry.answer &&
      raw.answer && {
        status: raw.answer.status,
        headers: shown(raw.answer.headers),
        body: answerBody(entry.answer, raw.answer.headers),
      },
  }
}

/** Redacts the secrets of an entry in any text. */
export function redactionOf(entry: Entry, mask?: Mask): Redaction {
  const { sentUrl, headers, body, answer } = rawExchange(entry)
  return new Redaction(
    {
      url: sentUrl,
      headers: [...headers, ...(answer?.headers ?? [])],
      bodies: [body ?? '', answer?.body ?? ''],
      marks: entry.secretMarks,
    },
    mask,
  )
}

function answerHeaders(headers: NonNullable<Entry['answer']>['headers']): Header[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((each): Header => [name, String(each)]),
  )
}

/** Undefined for anything but UTF-8 text: the secrets in other content cannot be found. */
function textOf(capture: Capture, headers: Header[]): string | undefined {
  const [coding = 'identity'] = valuesOf(headers, 'content-encoding')
  if (coding !== 'identity') return undefined
  try {
    // The kept part can end in the middle of a character.
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(capture.bytes(), {
      stream: !capture.isWhole,
    })
    return text.includes('\0') ? undefined : text
  } catch {
    return undefined
  }
}
