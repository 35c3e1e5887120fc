// The embedded API: starts servers inside a program and controls them. The only public import besides the test adapters.
/// <reference types="node" preserve="true" />
import { nodeProblem } from './node-version.ts'
import type { Firedrill, StartOptions } from './start.ts'

export type { ApiName, OperationId } from '../schemas/contract.ts'
export type { CertificationRequest, CertificationResult, CertificationTask } from '../schemas/control/certifications.ts'
export type { Advance, Advanced, Fired, SandboxRequest } from '../schemas/control.ts'
export type { Drill, DrillRun, DrillVerdict, DrillVerdictRequest } from '../schemas/drills.ts'
export type { DrillEvidence } from '../schemas/evidence.ts'
export type { Report, ReportDrill } from '../schemas/report.ts'
export type { CertifyOptions } from './certify/certify.ts'
export type { SearchClient, SearchOptions, SearchReport } from './certify/search.ts'
export { OptionError } from './cli/flags.ts'
export { Refusal } from './sandbox/refusal.ts'
export { StoreError } from './sandbox/store-error.ts'
export type { Firedrill, SandboxControl, StartOptions } from './start.ts'

/**
 * Starts a server, on a free port unless `port` is given. Throws OptionError for invalid options, and Error when this Node.js is
 * too old.
 */
export async function start(options: StartOptions = {}): Promise<Firedrill> {
  const problem = nodeProblem()
  if (problem !== undefined) throw new Error(problem)
  // Imported only now: an older Node.js would fail to load the native module instead of saying why.
  const { startServer } = await import('./start.ts')
  return startServer(options)
}
