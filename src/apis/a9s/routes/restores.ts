// a9s: the routes that list restores.
import * as wire from '../../../../schemas/a9s.ts'
import type { TypedApp } from '../../../http/mount.ts'
import type { Provenance } from '../../../http/provenance.ts'
import { json } from '../../../http/responses.ts'
import { scopeOf } from '../../../http/scope.ts'
import { isoInstant } from '../../../sandbox/clock/clock.ts'
import { failuresOf } from '../errors.ts'
import * as service from '../service.ts'
import { COMMON, DONE, security, tags } from './common.ts'

const RESTORES: wire.A9sRestore[] = [
  {
    id: 2,
    backup_id: 1,
    metadata: { restored_from: '2021-04-21T15:32:10.332Z' },
    status: 'done',
    triggered_at: '2021-04-21T15:34:12.295Z',
    finished_at: '2021-04-21T15:34:14.322Z',
  },
]

const RESTORE_PROVENANCE: Provenance[] = [
  ...COMMON,
  { behaviour: 'Fields and states of a restore', mark: 'documented', source: 'a9s Public API V1, restore endpoints' },
  { behaviour: 'finished_at is null until the restore has ended; the durations of its states', mark: 'inferred' },
]

export function restores(app: TypedApp): void {
  app.get(
    '/:instance_id/restores',
    {
      schema: {
        operationId: 'listRestores',
        summary: 'List All Restores',
        description: 'The restores of a Service Instance, newest first.',
        tags,
        security,
        params: wire.A9sInstanceParams,
        response: { 200: json(DONE, wire.A9sRestoreList, { documented: RESTORES }), ...failuresOf() },
        'x-provenance': [
          ...RESTORE_PROVENANCE,
          { behaviour: 'A bare array, newest first', mark: 'documented' },
        ] satisfies Provenance[],
      },
    },
    request => service.listRestores(scopeOf(request), request.params.instance_id).map(toWire),
  )

  app.get(
    '/:instance_id/restores/:restore_id',
    {
      schema: {
        operationId: 'getRestore',
        summary: 'Get a Specific Restore',
        description: 'One restore of a Service Instance.',
        tags,
        security,
        params: wire.A9sRestoreParams,
        response: { 200: json(DONE, wire.A9sRestore, { documented: RESTORES[0] }), ...failuresOf() },
        'x-provenance': RESTORE_PROVENANCE,
      },
    },
    request => toWire(service.getRestore(scopeOf(request), request.params.instance_id, request.params.restore_id)),
  )
}

function statusOf({ state, phase }: service.RestoreView['status']): wire.A9sRestore['status'] {
  if (state === 'running') return phase === 'queued' ? 'queued' : 'running'
  return state === 'completed' ? 'done' : 'failed'
}

function toWire({ restore, job, status }: service.RestoreView): wire.A9sRestore {
  return {
    id: restore.id,
    backup_id: restore.backupId,
    metadata: { restored_from: isoInstant(restore.restoredFrom) },
    status: statusOf(status),
    triggered_at: isoInstant(job.submittedAt),
    finished_at: status.endedAt === null ? null : isoInstant(status.endedAt),
  }
}
