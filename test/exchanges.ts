// Reads and replays fixtures/exchanges: commands through bash and curl, raw requests through a socket.
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** The format is described in fixtures/exchanges/README.md. */
export interface Exchange {
  /** `[PLACEHOLDER, value]` in the order of declaration, including those of earlier exchanges of the session. */
  lets: [string, string][]
  /** Functions and variables for the command, including those of earlier exchanges of the session. */
  setup: string
  /** A command, or a raw request when it begins with a method and a path. */
  request: string
  status: string
  headers: [string, string][]
  body: string
}

export interface Session {
  /** Relative to the folder, without `.txt`. */
  name: string
  text: string
  /** Options of the server, by name. */
  options: Record<string, string>
  exchanges: Exchange[]
}

export interface Replayed {
  method: string
  /** With its query. */
  path: string
  statusLine: string
  headers: Record<string, string>
  body: Buffer
}

const FOLDER = new URL('../fixtures/exchanges/', import.meta.url)
const SERVER = 'http://127.0.0.1:8420'
const REQUEST_LINE = /^(curl|[A-Z]+ \/\S* HTTP\/1\.1$)/

export function readSessions(): Session[] {
  return readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.txt'))
    .sort()
    .map(path => parseSession(path.replace(/\.txt$/, ''), readFileSync(new URL(path, FOLDER), 'utf8')))
}

export function parseSession(name: string, text: string): Session {
  const lets: [string, string][] = []
  const setup: string[] = []
  const options = [...text.matchAll(/^# server --(\S+) (.+)$/gm)].map(([, option, value]) => [camelCase(option), value])
  const exchanges = text.split(/^###\n/m).map(part => {
    lets.push(
      ...[...part.matchAll(/^# let (\S+) = (.+)$/gm)].map((match): [string, string] => [`${match[1]}`, `${match[2]}`]),
    )
    const lines = part.split('\n').filter(line => !line.startsWith('#'))
    const first = lines.findIndex(line => REQUEST_LINE.test(line))
    const answer = lines.findIndex(line => line.startsWith('HTTP/1.1 '))
    const blank = lines.indexOf('', answer)
    if (first === -1 || answer < first || blank === -1) throw new Error(`${name}: no request with its answer`)
    setup.push(...lines.slice(0, first))
    return {
      lets: [...lets],
      setup: setup.join('\n'),
      request: lines.slice(first, answer).join('\n').trimEnd(),
      status: `${lines[answer]}`,
      headers: lines.slice(answer + 1, blank).map((line): [string, string] => {
        const [header = '', ...value] = line.split(': ')
        return [header.toLowerCase(), value.join(': ')]
      }),
      body: lines.slice(blank).join('\n').trim(),
    }
  })
  return { name, text, options: Object.fromEntries(options), exchanges }
}

function camelCase(option = ''): string {
  return option.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}

/** Sends the request to the server at `url`. `expected` is the answer with its placeholders replaced by their values. */
export async function replay(url: string, exchange: Exchange): Promise<{ replayed: Replayed; expected: Exchange }> {
  const folder = mkdtempSync(join(tmpdir(), 'exchange-'))
  try {
    const shell = new Shell(folder)
    const put = await substitution(url, exchange.lets, shell)
    const request = put(exchange.request)
    const replayed = exchange.request.startsWith('curl')
      ? await shell.curl(`${put(exchange.setup)}\n${request}`)
      : await sendRaw(url, request)
    const headers = exchange.headers.map(([name, value]): [string, string] => [name, put(value)])
    return { replayed, expected: { ...exchange, request, headers, body: put(exchange.body) } }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function substitution(url: string, lets: Exchange['lets'], shell: Shell): Promise<(text: string) => string> {
  const values: [string, string][] = []
  const put = (text: string) =>
    [...values, [SERVER, url] as const].reduce((done, [what, value]) => done.replaceAll(what, () => value), text)
  for (const [what, value] of lets) {
    const text = put(value)
    values.push([what, text.startsWith('$(') ? await shell.valueOf(text) : text])
  }
  return put
}

/** A shell whose curl also reports what it sent and received. Its configuration file does that, so the commands are unchanged. */
class Shell {
  readonly #home: string
  readonly #work: string

  constructor(folder: string) {
    this.#home = join(folder, 'home')
    this.#work = join(folder, 'work')
    for (const path of [this.#home, this.#work]) mkdirSync(path)
    writeFileSync(
      join(this.#home, '.curlrc'),
      `silent\nshow-error\nnoproxy = "*"\ndump-header = "${this.#home}/headers"\nwrite-out = "%{stderr}%{method} %{url_effective}"\n`,
    )
  }

  async valueOf(text: string): Promise<string> {
    return (await this.#run(`printf %s "${text}"`)).stdout.toString()
  }

  async curl(script: string): Promise<Replayed> {
    const { stdout, stderr } = await this.#run(script)
    const [, method = '', url = ''] = /^([A-Z]+) (http\S+)$/m.exec(stderr.toString()) ?? []
    const { pathname, search } = new URL(url)
    const saved = readdirSync(this.#work)[0]
    const body = saved === undefined ? stdout : readFileSync(join(this.#work, saved))
    return { method, path: pathname + search, ...parseHead(readFileSync(join(this.#home, 'headers'), 'utf8')), body }
  }

  #run(script: string) {
    const env = { ...process.env, CURL_HOME: this.#home, LC_ALL: 'C' }
    return promisify(execFile)('bash', ['-c', script], { cwd: this.#work, env, encoding: 'buffer' })
  }
}

function parseHead(head: string): Pick<Replayed, 'statusLine' | 'headers'> {
  const [statusLine = '', ...lines] = head.trimEnd().split('\r\n')
  const pairs = lines.map(line => [
    line.slice(0, line.indexOf(':')).toLowerCase(),
    line.slice(line.indexOf(':') + 1).trim(),
  ])
  return { statusLine, headers: Object.fromEntries(pairs) }
}

async function sendRaw(url: string, request: string): Promise<Replayed> {
  const [head = '', body = ''] = request.split('\n\n')
  const [method = '', path = ''] = head.split(' ')
  const length = String(Buffer.byteLength(body))
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port) })
  socket.write(`${head.replace('[]', length).replaceAll('\n', '\r\n')}\r\n\r\n${body}`)
  let received = Buffer.alloc(0)
  for await (const chunk of socket) {
    received = Buffer.concat([received, chunk])
    const end = received.indexOf('\r\n\r\n')
    if (end === -1) continue
    const parsed = parseHead(received.toString('latin1', 0, end))
    const bytes = received.subarray(end + 4)
    if (bytes.length >= Number(parsed.headers['content-length'])) return { method, path, ...parsed, body: bytes }
  }
  throw new Error(`the connection ended after ${received.length} bytes`)
}

const TYPES: Record<string, (value: unknown) => boolean> = {
  '<integer>': Number.isInteger,
  '<boolean>': value => typeof value === 'boolean',
  '<string>': value => typeof value === 'string' && value !== '',
}

/** Wildcards that can be a part of a text. */
const PATTERNS: Record<string, string> = {
  '<uuid>': '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}',
  '<date-time>': '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?(?:Z|[+-]\\d\\d:\\d\\d)',
}

/** `expected` with each wildcard replaced by the value in `actual` if it matches; then equal to `actual` if the answer is as expected. */
export function fill(expected: unknown, actual: unknown): unknown {
  if (typeof expected === 'string') return matches(expected, actual) ? actual : expected
  if (Array.isArray(expected)) {
    const items = Array.isArray(actual) ? actual : []
    const open = expected.at(-1) === '…'
    const known = open ? expected.slice(0, -1) : expected
    return [...known.map((item, index) => fill(item, items[index])), ...(open ? items.slice(known.length) : [])]
  }
  if (typeof expected !== 'object' || expected === null) return expected
  const fields = (typeof actual === 'object' ? actual : null) as Record<string, unknown> | null
  return Object.fromEntries(Object.entries(expected).map(([name, value]) => [name, fill(value, fields?.[name])]))
}

function matches(expected: string, actual: unknown): boolean {
  const isOfType = TYPES[expected]
  if (isOfType) return isOfType(actual)
  const parts = expected.split(/(<uuid>|<date-time>)/)
  const source = parts.map(part => PATTERNS[part] ?? part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  return typeof actual === 'string' && new RegExp(`^${source.join('')}$`).test(actual)
}
