// The list of control operations with the functions that implement them.
import { certificationImplementations } from './certifications/certifications.ts'
import { clockImplementations } from './clock/clock.ts'
import { timelineImplementations } from './clock/timeline.ts'
import { credentialImplementations } from './credentials/credentials.ts'
import { drillImplementations } from './drills/drills.ts'
import { faultImplementations } from './faults/faults.ts'
import type { Implementation } from './invoke.ts'
import { jobImplementations } from './jobs/jobs.ts'
import { journalImplementations } from './journal/requests.ts'
import { sandboxImplementations } from './sandboxes/sandboxes.ts'
import { serverImplementations } from './server/server.ts'
import { stateImplementations } from './state/state.ts'
import { tableImplementations } from './state/tables.ts'

export const implementations: readonly Implementation[] = [
  ...serverImplementations,
  ...sandboxImplementations,
  ...drillImplementations,
  ...certificationImplementations,
  ...clockImplementations,
  ...timelineImplementations,
  ...jobImplementations,
  ...faultImplementations,
  ...journalImplementations,
  ...credentialImplementations,
  ...stateImplementations,
  ...tableImplementations,
]
