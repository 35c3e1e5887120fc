// A journal entry as texts: with its secrets, to be matched, and without them, to be shown.
import { withoutSandbox } from '../../http/addressing.ts'
import { type Mask, Redaction, redacted } from '../../http/redaction.ts'
import type { Capture } from '../../sandbox/capture.ts'
import type { Entry } from '../../sandbox/entry.ts'

export type Header = readonly [name: string, value: string]

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
    headers: pairs(rawHeaders),
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

function pairs(rawHeaders: readonly string[]): Header[] {
  return rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ''] as const] : []))
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

/** The values of a header, by its name in any case. */
export function valuesOf(headers: readonly Header[], name: string): string[] {
  const lower = name.toLowerCase()
  return headers.filter(([each]) => each.toLowerCase() === lower).map(([, value]) => value)
}

/** Parameters of a URL's query, in order; a part without `=` is a name. */
export function queryOf(url: string): Map<string, string[]> {
  const start = url.indexOf('?')
  return grouped(new URLSearchParams(start === -1 ? '' : url.slice(start)))
}

export function cookiesOf(headers: readonly Header[]): Map<string, string[]> {
  const cookies = valuesOf(headers, 'cookie').flatMap(header => header.split(/; */))
  return grouped(
    cookies.filter(Boolean).map(cookie => {
      const equals = cookie.indexOf('=')
      return [cookie.slice(0, Math.max(equals, 0)), cookie.slice(equals + 1)]
    }),
  )
}

function grouped(entries: Iterable<[string, string] | string[]>): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const [name = '', value = ''] of entries) groups.set(name, [...(groups.get(name) ?? []), value])
  return groups
}
