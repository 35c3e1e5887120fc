// Runs a client for one drill, with its task in the environment, and reads its result.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CertificationTask } from '../../schemas/control/certifications.ts'
import type { ReportResult } from '../../schemas/report.ts'
import { resultOf } from './answer.ts'
import { type ClientRun, runClient } from './process.ts'

export interface Client extends Pick<ClientRun, 'command' | 'env'> {
  cwd: string | undefined
  signal: AbortSignal
}

/** Undefined if the client was interrupted. Throws ClientStartError. */
export async function runTask(
  { environment, timeLimitMs }: Pick<CertificationTask, 'environment' | 'timeLimitMs'>,
  { command, env, cwd = process.cwd(), signal }: Client,
): Promise<ReportResult | undefined> {
  // Clients may save files beside their result; nothing of it is kept.
  const folder = await mkdtemp(join(tmpdir(), 'firedrill-client-'))
  try {
    const file = join(folder, 'result.json')
    const ownEnv = { ...env, ...environment, FIREDRILL_RESULT: file }
    const exit = await runClient({ command, cwd, signal, timeLimitMs, env: ownEnv })
    return exit.interrupted ? undefined : await resultOf(exit, file, cwd)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
