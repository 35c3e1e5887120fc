// How fuzzed requests name their sandbox: by path, header or host.
import fc from 'fast-check'
import type { Pair } from './headers.ts'
import type { FuzzRequest } from './requests.ts'
import { encoded } from './texts.ts'
import { unexpectedText } from './values.ts'

export const HOSTS = [
  'localhost',
  'example.com:443',
  'a:99999',
  '1.2.3.999',
  '[:::]',
  '[::1]:80',
  'a b',
  'x@y',
  'base.localhost',
]

/** What a request contains to name its sandbox. */
interface Address {
  sandbox: FuzzRequest['sandbox']
  prefix: string
  headers: readonly Pair[]
  host: string
}

const addressed = (
  sandbox: Address['sandbox'],
  prefix = '',
  headers: readonly Pair[] = [],
  host = 'localhost',
): Address => ({
  sandbox,
  prefix,
  headers,
  host,
})
export const baseAddresses = fc.constantFrom(
  addressed('default'),
  addressed('default'),
  addressed('base', '/@base'),
  addressed('base', '', [['x-firedrill-sandbox', 'base']]),
  addressed('base', '', [], 'base.localhost:80'),
)
export const faultyAddresses = fc.constantFrom(
  addressed('faulty', '/@faulty'),
  addressed('faulty', '', [['x-firedrill-sandbox', 'faulty']]),
)
const strangeAddresses = fc.oneof(
  unexpectedText.map(name => addressed('any', `/@${encoded(name, true)}`)),
  unexpectedText.map(name => addressed('any', '', [['x-firedrill-sandbox', name.replace(/[^\x20-\x7e]/g, '?')]])),
  fc.constantFrom(...HOSTS).map(host => addressed('any', '', [], host)),
)
export const anyAddress = fc.oneof(
  { weight: 60, arbitrary: baseAddresses },
  { weight: 2, arbitrary: faultyAddresses },
  { weight: 3, arbitrary: strangeAddresses },
)
