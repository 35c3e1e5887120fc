// Describes the last requests to a sandbox, for the output of a failed test.
import type { SandboxControl } from '../index.ts'

const MAX_REQUESTS = 10
const MAX_LINE_LENGTH = 400

/** A heading and a line for each of the last requests, without secrets. */
export function lastRequests({ name, requests }: SandboxControl): string[] {
  try {
    const log = requests.list({ limit: MAX_REQUESTS })
    const lines = log.requests.toReversed().map(event => requestLine(event, () => requests.explain(event.id).verdict))
    const counted =
      log.meta.total > lines.length ? `the last ${lines.length} of ${log.meta.total} requests` : 'the requests'
    return lines.length === 0
      ? [`firedrill: no requests to sandbox ${name}`]
      : [`firedrill: ${counted} to sandbox ${name}:`, ...lines]
  } catch (error) {
    // The test may have dropped its sandbox.
    return [`firedrill: the requests to sandbox ${name} cannot be shown: ${(error as Error).message}`]
  }
}

type ServeEvent = ReturnType<SandboxControl['requests']['list']>['requests'][number]

function requestLine({ request, response, firedrill }: ServeEvent, verdictOf: () => string): string {
  const { virtualTime, fault, error } = firedrill
  const isPlain = response !== undefined && response.status < 400 && fault === null && error === null
  const words = [virtualTime, response ? String(response.status) : '---', request.method, request.url]
  if (fault !== null) words.push(`fault ${fault.fault}`)
  if (!isPlain) words.push(`(${verdictOf().replace(/^Answered \d+: /, '')})`)
  // One line, in which control characters have no effect on a terminal.
  const line = `  ${words.join(' ').replace(/[\p{Cc}\s]+/gu, ' ')}`
  return line.length > MAX_LINE_LENGTH ? `${line.slice(0, MAX_LINE_LENGTH)}…` : line
}
