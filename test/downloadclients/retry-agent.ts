// Downloads a file with undici's RetryAgent: URL, file, and headers as "NAME: VALUE".
import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { Agent, interceptors, RetryAgent, request } from 'undici'

const [url = '', path = '', ...lines] = process.argv.slice(2)
const headers = Object.fromEntries(lines.map(line => line.split(': ', 2)))
const agent = new Agent({ bodyTimeout: 2000 }).compose(interceptors.redirect({ maxRedirections: 10 }))
// Without the last code, which is not among the default ones, a body that ends early is not resumed.
const errorCodes = ['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_BODY_TIMEOUT']
const dispatcher = new RetryAgent(agent, { minTimeout: 50, maxTimeout: 200, errorCodes })
const { statusCode, body } = await request(url, { headers, dispatcher })
if (statusCode !== 200) throw new Error(`status ${statusCode}`)
await pipeline(body, createWriteStream(path))
