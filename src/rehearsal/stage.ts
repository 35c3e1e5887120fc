// What the rehearsals of one server share.
import type { Api } from '../apis/api.ts'
import type { Operation } from '../http/operations.ts'
import type { Registry } from '../sandbox/registry.ts'

export interface Stage {
  registry: Registry
  apis: readonly Api[]
  /** By operationId. */
  operations: ReadonlyMap<string, Operation>
}
