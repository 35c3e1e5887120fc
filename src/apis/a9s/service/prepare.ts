// a9s: preparing a disaster recovery: the GUID of an instance's backups, and a new encryption key. Synchronous.
import { type Static, Type } from '@sinclair/typebox'
import type { Scope } from '../../../http/scope.ts'
import type { JobKind } from '../../../sandbox/jobs/kinds.ts'
import { hasResult, jobAt } from '../../../sandbox/jobs/plan.ts'
import { catalogue } from '../errors.ts'
import * as state from '../state.ts'
import { API, optionsOf, requireUsableInstance } from './access.ts'
import { requireKeyLength } from './keys.ts'

const PrepareSubject = Type.Object({
  instanceId: Type.String(),
  encryptionKey: Type.Union([Type.String(), Type.Null()]),
})
type PrepareSubject = Static<typeof PrepareSubject>

/** The durations are invented; in the vendor's samples, a restore of a small backup takes some seconds. */
export const prepareKind: JobKind<PrepareSubject> = {
  operation: 'prepareDisasterRecovery',
  subject: PrepareSubject,
  phases: [{ name: 'preparing', ms: 5_000 }],
  timeLimitMs: 60_000,
  ended({ store }, { subject, ending }) {
    if (!hasResult(ending) || subject.encryptionKey === null) return
    state.setEncryptionKey(store, subject.instanceId, subject.encryptionKey)
  },
}

/** Returns the GUID of the instance's backups. A given key replaces that of the instance for later backups. */
export function prepare(scope: Scope, id: string, encryptionKey: string | undefined): string {
  const { sandbox } = scope
  const instance = requireUsableInstance(scope, id)
  const instanceId = instance.id
  if (encryptionKey !== undefined) requireKeyLength(instance, encryptionKey)
  if (isPreparing(scope, instance)) throw catalogue.error('Conflict')
  if (optionsOf(sandbox).a9sPrepareStatus === 202)
    submitPrepare(scope, { instanceId, encryptionKey: encryptionKey ?? null })
  else if (encryptionKey !== undefined) state.setEncryptionKey(sandbox.store, instanceId, encryptionKey)
  return instance.backupGuid
}

function submitPrepare({ sandbox: { store, ids, jobs }, now }: Scope, subject: PrepareSubject): void {
  store.transaction(() => {
    const id = `prepare/${subject.instanceId}/${ids.next(`a9s/prepare/${subject.instanceId}`)}`
    jobs.submit({ api: API, id, kind: 'prepare', subject, outcome: { result: 'success' } }, now)
    state.setPrepareJob(store, subject.instanceId, id)
  })
}

function isPreparing({ sandbox, now }: Scope, { prepareJobId }: state.InstanceAccess): boolean {
  const job = prepareJobId === null ? undefined : sandbox.jobs.find(API, prepareJobId)
  return job !== undefined && jobAt(job, now).state === 'running'
}
