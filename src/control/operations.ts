// The list of control operations, from which routes, documents, commands and the embedded API are made.
import * as certifications from './certifications/operations.ts'
import * as clock from './clock/operations.ts'
import * as credentials from './credentials/operations.ts'
import * as drills from './drills/operations.ts'
import * as faults from './faults/operations.ts'
import * as jobs from './jobs/operations.ts'
import * as journal from './journal/operations.ts'
import type { Operation } from './operation.ts'
import * as sandboxes from './sandboxes/operations.ts'
import * as server from './server/operations.ts'
import * as state from './state/operations.ts'

/** In the order of the documents. */
export const controlOperations: readonly Operation[] = [
  server,
  sandboxes,
  clock,
  jobs,
  faults,
  journal,
  credentials,
  state,
  drills,
  certifications,
].flatMap(rows => Object.values<Operation>(rows))
