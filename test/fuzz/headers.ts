// Headers for fuzzed requests: those that the server reads, with valid and invalid values, and others.
import fc from 'fast-check'
import { HOSTS } from './addresses.ts'
import { TOKEN } from './hints.ts'
import { unexpectedText } from './values.ts'

export type Pair = readonly [string, string]
export const none = fc.constant<Pair[]>([])

export function maybe(weight: number, arbitrary: fc.Arbitrary<Pair[]>): fc.Arbitrary<Pair[]> {
  return fc.oneof({ weight: 100 - weight, arbitrary: none }, { weight, arbitrary })
}

function header(name: string, values: readonly string[]): fc.Arbitrary<Pair[]> {
  return fc
    .oneof({ weight: 3, arbitrary: fc.constantFrom(...values) }, { weight: 1, arbitrary: unexpectedText })
    .map(value => [[name, value.replace(/[^\x20-\x7e]/g, '?')]])
}

const RANGES = ['bytes=0-9', 'bytes=-5', 'bytes=5-', 'bytes=9-1', 'bytes=0-0,2-3', 'items=1-2', 'bytes=1e3-']

const accept = header('accept', [
  '*/*',
  'application/json',
  'text/html',
  'image/png',
  'application/json;q=0',
  'application/x-7z-compressed',
  ';;,',
])

export const extraHeaders = fc
  .tuple(
    maybe(5, accept),
    maybe(4, header('range', RANGES)),
    maybe(3, header('if-range', ['"x"', 'W/"x"', 'Wed, 10 Jun 2026 12:00:00 GMT'])),
    maybe(3, header('if-match', ['*', '"x"', 'W/"x", "y"'])),
    maybe(3, header('if-none-match', ['*', '"x"', ',,,'])),
    maybe(3, header('if-modified-since', ['Wed, 10 Jun 2026 12:00:00 GMT', '9999', 'x'])),
    maybe(
      4,
      header('prefer', ['code=404', 'example=NotFound', 'code=500', 'example=constructor', 'a="', 'code=304; x']),
    ),
    maybe(3, header('x-forwarded-host', HOSTS)),
    maybe(2, header('x-forwarded-proto', ['https', 'javascript', 'http, https'])),
    maybe(
      2,
      header(
        'forwarded',
        HOSTS.map(host => `for=1;host="${host}";proto=https`),
      ),
    ),
    maybe(1, header('expect', ['100-continue', 'x'])),
    maybe(1, header('origin', ['http://evil.example', 'null', 'http://localhost'])),
    maybe(2, header('cookie', [`agsadmintoken=${TOKEN}`, 'agsadmintoken=', ';;=', 'a=b; __proto__=c'])),
    maybe(1, header('x-http-method-override', ['DELETE'])),
    maybe(1, header('accept-encoding', ['gzip', 'identity;q=0', '*'])),
  )
  .map(headers => headers.flat())

export const downloadHeaders = fc
  .tuple(
    maybe(20, accept),
    maybe(40, header('range', RANGES)),
    maybe(15, header('if-none-match', ['*', '"x"'])),
    maybe(5, header('if-modified-since', ['Tue, 09 Jun 2099 12:00:00 GMT', 'Wed, 10 Jun 2020 12:00:00 GMT'])),
  )
  .map(headers => headers.flat())

/** The names are valid: a request with an invalid name is not HTTP. */
export const undeclaredHeader = maybe(
  3,
  fc
    .tuple(fc.constantFrom('__proto__', 'constructor', 'x', 'token', 'content-encoding', 'te'), unexpectedText)
    .map(([name, value]) => [[name, value.replace(/[^\x20-\x7e]/g, '?')]]),
)

const CREDENTIALS: Record<string, readonly (readonly Pair[])[]> = {
  a9s: [[['authorization', 'bearer demo-token']], [['authorization', 'Bearer viewer-token']]],
  dscloud: [[['authorization', '23457145698959364-demo']], [['authorization', '98765432109876543-free']]],
  'disaster-recovery-files': [
    [['authorization', 'Bearer YOUR_API_KEY']],
    [['authorization', 'bearer no-api-access-key']],
  ],
  arcgis: [[['authorization', `Bearer ${TOKEN}`]], [['x-esri-authorization', `Bearer ${TOKEN}`]]],
}

export function credentials(api: string | undefined): fc.Arbitrary<Pair[]> {
  const [usual = [], other = []] = CREDENTIALS[api ?? ''] ?? []
  const invalid = header('authorization', ['Bearer', 'Basic eDp5', 'bearer  x'])
  return fc.oneof(
    { weight: 20, arbitrary: fc.constant<Pair[]>([...usual]) },
    { weight: 2, arbitrary: fc.constant<Pair[]>([...other]) },
    { weight: 1, arbitrary: none },
    { weight: 1, arbitrary: invalid },
  )
}
