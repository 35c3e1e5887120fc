// Reads the events of a control operation that sends them until either side ends the connection.
import { once } from 'node:events'
import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'

/** Does not use `fetch`, which fails when no event arrives for five minutes. Uses a separate connection, because it stays open. */
export async function openEvents(url: string, headers: Record<string, string>): Promise<IncomingMessage> {
  const { get } = url.startsWith('https:') ? https : http
  const [response] = await once(get(url, { headers, agent: false }), 'response')
  return response
}

/** The data of each event, which the server writes in one line. */
export async function* eventsIn(response: IncomingMessage): AsyncGenerator<unknown> {
  let rest = ''
  for await (const chunk of response.setEncoding('utf8')) {
    const lines: string[] = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line.startsWith('data: ')) yield JSON.parse(line.slice('data: '.length))
  }
}
