// A journal entry as texts: with its secrets, to be matched, and without them, to be shown.
import { withoutSandbox } from '../../http/addressing.ts'
import { type Mask, Redaction, redacted } from '../../http/journal/redaction.ts'
import type { Capture } from '../../sandbox/journal/capture.ts'
import type { Entry } from '../../sandbox/journal/entry.ts'
import { type Header, headerPairs, valuesOf } from '../../sandbox/patterns/requests.ts'

export interface Exchange {
  method: string
  /** Path and query, without what leads to the sandbox. */
  url: string
  /** Path and query as sent. */
  sentUrl: string
  /** Path and query as routed. */
  path: string
  headers: Header[]
  /** Undefined where it cannot be shown. */
  body: string | undefined
  answer: { status: number; headers: Header[]; body: string | undefined } | undefined
}

/** As it was. What is in it must not leave the process. */
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

/** What may be shown of it, with `mask` in place of secrets; bodies only when they are text. */
export function shownExchange(entry: Entry, mask: Mask = redacted): Exchange {
  const raw = rawExchange(entry)
  const redaction = redactionOf(raw, mask)
  const shown = (headers: Header[]) => headers.map(([name, value]): Header => [name, redaction.header(name, value)])
  const text = (capture: Capture, headers: Header[]) => {
    const body = textOf(capture, headers)
    return body === undefined ? undefined : redaction.text(body)
  }
  return {
    method: raw.method,
    url: redaction.text(raw.url),
    sentUrl: redaction.text(raw.sentUrl),
    path: redaction.text(raw.path),
    headers: shown(raw.headers),
    body: text(entry.body, raw.headers),
    answer: entry.answer &&
      raw.answer && {
        status: raw.answer.status,
        headers: shown(raw.answer.headers),
        body: text(entry.answer.body, raw.answer.headers),
      },
  }
}

/** Takes the secrets of an exchange out of what is said about it. */
export function redactionOf({ sentUrl, headers, body, answer }: Exchange, mask?: Mask): Redaction {
  const texts = [sentUrl, body ?? '', answer?.body ?? '']
  return new Redaction([...headers, ...(answer?.headers ?? [])], texts, mask)
}

function answerHeaders(headers: NonNullable<Entry['answer']>['headers']): Header[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((each): Header => [name, String(each)]),
  )
}

/** Only what can be read can be searched for secrets. */
function textOf(capture: Capture, headers: Header[]): string | undefined {
  const [coding = 'identity'] = valuesOf(headers, 'content-encoding')
  if (coding !== 'identity') return undefined
  try {
    // The end of what was kept may be in the middle of a character.
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(capture.bytes(), {
      stream: !capture.isWhole,
    })
    return text.includes('\0') ? undefined : text
  } catch {
    return undefined
  }
}
