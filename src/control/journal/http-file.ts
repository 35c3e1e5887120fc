// Exports a request in the `.http` format of the HTTP clients in editors (IntelliJ, VS Code), with variables for its secrets.
import type { Entry } from '../../sandbox/journal/entry.ts'
import { sentHeaders } from './curl.ts'
import { shownExchange } from './exchange.ts'
import { Variables } from './variables.ts'

/** What a client would take for a variable, a file to insert, a script or the start of the next request. */
const SPECIAL_BODY = /\{\{|^(?:#{3}|<@|<>|[<>] |>>)/m

/** A file with one request to `serverUrl`. Its variables stand for the secrets as they were sent. */
export function httpFileOf(entry: Entry, serverUrl: string): string {
  const variables = new Variables()
  const shown = shownExchange(entry, variables.mask)
  const filled = (text: string) =>
    variables
      .partsOf(text)
      .map(part => ('variable' in part ? `{{${part.variable}}}` : part.text))
      .join('')
  // The same path and query for the server, without the braces that stand for variables.
  const url = filled(serverUrl + shown.sentUrl.replaceAll('{', '%7B').replaceAll('}', '%7D'))
  const headers = sentHeaders(shown, serverUrl).map(([name, value]) => `${name}: ${filled(value)}`.trimEnd())
  const isShown = shown.body !== undefined && entry.body.isWhole && !SPECIAL_BODY.test(shown.body)
  const body = entry.body.sizeBytes === 0 ? [] : ['', isShown ? filled(shown.body ?? '') : '< ./body']
  const names = variables.names
  return `${[
    ...names.map(name => `@${name} =`),
    ...(names.length === 0 ? [] : ['']),
    `### ${entry.operation ?? 'no operation'}`,
    ...(entry.body.sizeBytes === 0 || isShown ? [] : ['# Save the body of the request as a file with the name body.']),
    `${shown.method} ${url}`,
    ...headers,
    ...body,
  ].join('\n')}\n`
}
