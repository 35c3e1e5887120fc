// How fuzzed requests say which sandbox they are for.
import fc from 'fast-check'
import type { Pair } from './headers.ts'
import type { FuzzRequest } from './requests.ts'
import { encoded } from './texts.ts'
import { nastyText } from './values.ts'

export const HOSTS = [
  'localhost',
  'example.com:443',
  'a:99999',
  '1.2.3.999',
  '[:::]',
  '[::1]:80',
  'a b',
  'x@y',
  'calm.localhost',
]

/** How a request says which sandbox it is for. */
interface Way {
  sandbox: FuzzRequest['sandbox']
  prefix: string
  headers: readonly Pair[]
  host: string
}

const way = (sandbox: Way['sandbox'], prefix = '', headers: readonly Pair[] = [], host = 'localhost'): Way => ({
  sandbox,
  prefix,
  headers,
  host,
})
export const calmWays = fc.constantFrom(
  way('default'),
  way('default'),
  way('calm', '/@calm'),
  way('calm', '', [['x-firedrill-sandbox', 'calm']]),
  way('calm', '', [], 'calm.localhost:80'),
)
export const stormyWays = fc.constantFrom(
  way('stormy', '/@stormy'),
  way('stormy', '', [['x-firedrill-sandbox', 'stormy']]),
)
const strangeWays = fc.oneof(
  nastyText.map(name => way('any', `/@${encoded(name, true)}`)),
  nastyText.map(name => way('any', '', [['x-firedrill-sandbox', name.replace(/[^\x20-\x7e]/g, '?')]])),
  fc.constantFrom(...HOSTS).map(host => way('any', '', [], host)),
)
export const anyWay = fc.oneof(
  { weight: 60, arbitrary: calmWays },
  { weight: 2, arbitrary: stormyWays },
  { weight: 3, arbitrary: strangeWays },
)
