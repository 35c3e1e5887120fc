// a9s: the routes of the operations on an instance.
import type { FastifyReply, FastifyRequest } from 'fastify'
import * as wire from '../../../schemas/a9s.ts'
import type { TypedApp } from '../../http/mount.ts'
import type { Provenance } from '../../http/provenance.ts'
import { json } from '../../http/responses.ts'
import { scopeOf } from '../../http/scope.ts'
import { isoInstant } from '../../sandbox/clock/clock.ts'
import { failuresOf } from './errors.ts'
import * as service from './service.ts'

const PREPARE = { backup_guid: '3a2e59ee-40cb-472a-91d0-502ab259918c' }
const PERFORM = { restore_id: 1 }
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
const DONE = 'The request has been processed successfully.'
const ACCEPTED = 'The request has been accepted for processing, but the processing has not been completed.'
const security = [{ a9sBearer: [] }]
const tags = ['a9s']

const COMMON: Provenance[] = [
  {
    behaviour: 'Success and error bodies, statuses 200, 202, 401, 403, 404, 409, 500, 502, 504 and their texts',
    mark: 'documented',
  },
  {
    behaviour: 'Error names in UpperCamelCase',
    mark: 'client-code',
    source: 'anynines/klutchio clients/a9s-backup-manager',
  },
  {
    behaviour: 'The name of the Bearer scheme in upper or lower case',
    mark: 'documented',
    source: 'the samples send the output of `cf oauth-token`',
  },
  { behaviour: '400 for an invalid body, 405, 413 and 415', mark: 'inferred' },
  {
    behaviour: 'GUIDs are compared without regard to case; 401, 403 and 404 come before the body is read',
    mark: 'inferred',
  },
]

/** Refuses an unknown or forbidden instance before the body is read. */
function checkInstance(request: FastifyRequest, _reply: FastifyReply, done: () => void): void {
  const { instance_id } = request.params as { instance_id: string }
  const scope = scopeOf(request)
  // From the authentication straight to a rule: the parameters are checked after it.
  scope.trace.enter('authentication')
  scope.trace.enter('rules')
  service.requireInstance(scope, instance_id)
  scope.trace.enter('parameters')
  done()
}

export function routes(app: TypedApp): void {
  disasterRecovery(app)
  restores(app)
}

function disasterRecovery(app: TypedApp): void {
  app.post(
    '/:instance_id/disaster-recovery/prepare',
    {
      onRequest: checkInstance,
      schema: {
        operationId: 'prepareDisasterRecovery',
        summary: 'Prepare a Disaster Recovery',
        description: "This request prepares the required information for a Service Instance's disaster recovery.",
        tags,
        security,
        params: wire.A9sInstanceParams,
        body: wire.A9sPrepareRequest,
        response: {
          200: json(DONE, wire.A9sPrepareResponse, { documented: PREPARE }),
          202: json(ACCEPTED, wire.A9sPrepareResponse, { documented: PREPARE }),
          ...failuresOf('BadRequest', 'Conflict', 'PayloadTooLarge', 'UnsupportedMediaType'),
        },
        'x-provenance': [
          ...COMMON,
          {
            behaviour: 'A key replaces the previous one, is not returned and is not applied to earlier backups',
            mark: 'documented',
          },
          {
            behaviour: 'Status 200 with the work completed; 202 with the work still running is an option',
            mark: 'inferred',
          },
          {
            behaviour: 'A key has at least 8 characters',
            mark: 'documented',
            source: 'a9s custom backup encryption key, default length',
          },
          { behaviour: 'The body may be empty; without a key, the previous key remains', mark: 'inferred' },
        ] satisfies Provenance[],
      },
    },
    (request, reply) => {
      const scope = scopeOf(request)
      const guid = service.prepare(scope, request.params.instance_id, request.body.encryption_key)
      return reply.code(service.optionsOf(scope.sandbox).a9sPrepareStatus).send({ backup_guid: guid })
    },
  )

  app.post(
    '/:instance_id/disaster-recovery/perform',
    {
      onRequest: checkInstance,
      schema: {
        operationId: 'performDisasterRecovery',
        summary: 'Perform a Disaster Recovery',
        description:
          "This request performs a Service Instance's disaster recovery in the destination Service Instance.",
        tags,
        security,
        params: wire.A9sInstanceParams,
        body: wire.A9sPerformRequest,
        response: {
          200: json(DONE, wire.A9sPerformResponse, { documented: PERFORM }),
          202: json(ACCEPTED, wire.A9sPerformResponse, { documented: PERFORM }),
          ...failuresOf('BadRequest', 'RestoreInProgress', 'PayloadTooLarge', 'UnsupportedMediaType'),
        },
        'x-provenance': [
          ...COMMON,
          {
            behaviour: '`<guid>-<epoch ms>` restores that one backup',
            mark: 'documented',
            source: 'a9s fork a service instance',
          },
          {
            behaviour: 'A bare GUID restores its latest done backup; the source may be deleted',
            mark: 'documented',
            source: 'a9s disaster recovery guide',
          },
          { behaviour: 'A wrong key is accepted, and the restore then fails', mark: 'inferred' },
          { behaviour: 'Status 202; 200 with the restore completed is an option', mark: 'inferred' },
          { behaviour: 'The data service and the free space of the destination are not checked', mark: 'inferred' },
        ] satisfies Provenance[],
      },
    },
    (request, reply) => {
      const scope = scopeOf(request)
      const { backup_guid, encryption_key } = request.body
      const id = service.perform(scope, request.params.instance_id, backup_guid, encryption_key)
      return reply.code(service.optionsOf(scope.sandbox).a9sPerformStatus).send({ restore_id: id })
    },
  )
}

const RESTORE_PROVENANCE: Provenance[] = [
  ...COMMON,
  { behaviour: 'Fields and states of a restore', mark: 'documented', source: 'a9s Public API V1, restore endpoints' },
  { behaviour: 'finished_at is null until the restore has ended; the durations of its states', mark: 'inferred' },
]

function restores(app: TypedApp): void {
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
