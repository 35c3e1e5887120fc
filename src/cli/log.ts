// Writes what --log prints: one line for each request, as text in colours or as JSON.
import { styleText } from 'node:util'
import type { Log, LogLine, ProgressLine, RequestLine } from '../http/log-line.ts'

export type LogFormat = 'text' | 'json'

/** Colours only if `stream` is a terminal that shows them; NO_COLOR and FORCE_COLOR decide otherwise. */
export function logTo(stream: NodeJS.WriteStream, format: LogFormat): Log {
  if (format === 'json') return line => stream.write(`${JSON.stringify(line)}\n`)
  const paint = (style: Style, text: string) => styleText(style, text, { stream })
  return line => stream.write(`${textOf(line, paint)}\n`)
}

type Style = Parameters<typeof styleText>[0]
type Paint = (style: Style, text: string) => string

function textOf(line: LogLine, paint: Paint): string {
  const time = paint('dim', line.at.slice(11, 23))
  return [time, ...(line.event === 'request' ? requestParts(line, paint) : progressParts(line, paint))].join(' ')
}

function requestParts(line: RequestLine, paint: Paint): string[] {
  const { status, method, path, durationMs, sandbox, operation, fault, forced, reason } = line
  return [
    paint(styleOf(line), status === undefined ? '---' : String(status)),
    method,
    shown(path),
    paint('dim', `${durationMs} ms`),
    ...(sandbox === undefined ? [] : [paint('cyan', shown(sandbox))]),
    ...(operation === undefined ? [] : [operation]),
    ...(fault === undefined ? [] : [paint('magenta', `fault ${fault}`)]),
    ...(forced === undefined ? [] : [paint('magenta', `forced ${shown(forced)}`)]),
    ...(status === undefined ? ['no response was sent'] : []),
    ...(reason === undefined ? [] : [paint('dim', `(${shown(reason)})`)]),
  ]
}

function progressParts({ sandbox, operation, elapsedMs, virtualTime }: ProgressLine, paint: Paint): string[] {
  const seconds = Math.round(elapsedMs / 1000)
  return ['...', operation, paint('cyan', shown(sandbox)), `runs for ${seconds} s, the clock is at ${virtualTime}`]
}

/** ArcGIS sends its errors with status 200. */
function styleOf({ status = 0, reason }: RequestLine): Style {
  if (status >= 500 || status === 0) return 'red'
  if (status >= 400 || reason !== undefined) return 'yellow'
  return status >= 300 ? 'cyan' : 'green'
}

/** Control characters of a request must not reach the terminal. */
function shown(text: string): string {
  return text.replace(/\p{Cc}/gu, character => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
}
