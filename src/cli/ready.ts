// Asks a server whether it takes requests: the health check of the container image.
import { get, type IncomingMessage } from 'node:http'
import { type Config, commandVariables, configFromFlags, DEFAULT_URL } from '../config.ts'
import { readyz } from '../control/server/operations.ts'
import { type Command, CommandError, textOf } from './command.ts'
import { OptionError } from './flags.ts'

const TIMEOUT_MS = 5_000

export const readyCommand: Command = {
  name: 'ready',
  summary: 'Check that a server takes requests; for health checks of containers',
  arguments: [],
  flags: {
    url: {
      value: 'URL',
      help: `address of the server; without it, the one that the same FIREDRILL_… variables start [${DEFAULT_URL}]`,
      env: commandVariables.url,
    },
  },
  operations: [readyz],
  async run({ given, env }) {
    const server = textOf(given, 'url') ?? env[commandVariables.url] ?? ownUrl(configFromFlags({}, env))
    const url = controlUrl(server) + readyz.path
    const { statusCode } = await answerOf(url)
    if (statusCode !== 200) throw new CommandError(`${url} responded with ${statusCode}`)
    return { text: 'ready', exitCode: 0 }
  },
}

/** Throws OptionError. */
function controlUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new OptionError(`--url (FIREDRILL_URL) must be an http or https URL, not "${text}"`)
  }
  return `${text.replace(/\/+$/, '')}/__admin`
}

/** The address at which a server with these options can be asked on its own machine. Throws OptionError. */
function ownUrl({ host, port, tls, tlsCert, label }: Config): string {
  if (port === 0) throw new OptionError(`${label('port')} is 0: say which port the server has with --url`)
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `${tls || tlsCert !== undefined ? 'https' : 'http'}://${name.includes(':') ? `[${name}]` : name}:${port}`
}

/** The body is not read. Throws CommandError. */
function answerOf(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const options = { agent: false, timeout: TIMEOUT_MS } as const
    const done = (response: IncomingMessage) => {
      response.destroy()
      resolve(response)
    }
    // TLS takes time to load. Nothing secret is sent, and health checks do not have the authority of the certificates.
    const request = url.startsWith('https:')
      ? process.getBuiltinModule('node:https').get(url, { ...options, rejectUnauthorized: false }, done)
      : get(url, options, done)
    request.on('timeout', () => request.destroy(new Error(`no response within ${TIMEOUT_MS / 1000} s`)))
    request.on('error', cause => reject(new CommandError(`No server at ${url} (${cause.message})`, 1, { cause })))
  })
}
