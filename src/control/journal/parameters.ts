// Finds the query and form parameters of a request that its operation does not know.
import { closest } from 'fastest-levenshtein'
import type { UnknownParameter } from '../../../schemas/control.ts'
import { PREFER_PARAMETER } from '../../http/forced.ts'
import type { Operations } from '../../http/operations.ts'
import type { Entry } from '../../sandbox/journal/entry.ts'
import { queryOf, valuesOf } from '../../sandbox/patterns/requests.ts'
import { rawExchange } from './exchange.ts'

/** Without parameters that have no value: some APIs treat them as absent, and for others the whole query is a key. */
export function unknownParameters(entry: Entry, operations: Operations): UnknownParameter[] {
  const operation = operations.get(entry.operation ?? '')
  if (!operation) return []
  const { url, headers, body } = rawExchange(entry)
  const [mediaType = ''] = valuesOf(headers, 'content-type')
  const form = mediaType.toLowerCase().startsWith('application/x-www-form-urlencoded') ? queryOf(`?${body ?? ''}`) : []
  const given = new Map([...queryOf(url), ...form])
  const isUnknown = (name: string) => !operation.parameters.includes(name) && name !== PREFER_PARAMETER
  return [...given]
    .filter(([name, values]) => isUnknown(name) && values.some(value => value !== ''))
    .map(([name]) => ({
      name,
      nearest: operation.parameters.length === 0 ? null : closest(name, operation.parameters),
    }))
}
