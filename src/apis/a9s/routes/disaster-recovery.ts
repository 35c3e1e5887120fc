// a9s: the routes that prepare and perform a disaster recovery.
import * as wire from '../../../../schemas/a9s.ts'
import type { TypedApp } from '../../../http/mount.ts'
import type { Provenance } from '../../../http/provenance.ts'
import { json } from '../../../http/responses.ts'
import { scopeOf } from '../../../http/scope.ts'
import { failuresOf } from '../errors.ts'
import * as service from '../service.ts'
import { ACCEPTED, CLIENT, COMMON, checkInstance, DONE, security, tags } from './common.ts'

const PREPARE = { backup_guid: '3a2e59ee-40cb-472a-91d0-502ab259918c' }
const PERFORM = { restore_id: 1 }

export function disasterRecovery(app: TypedApp): void {
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
            behaviour: 'A key has at least 8 characters, or as many as the backup configuration demands',
            mark: 'documented',
            source: 'a9s custom backup encryption key, default length',
          },
          {
            behaviour: 'Earlier backups are no longer downloadable after a new key',
            mark: 'client-code',
            source: CLIENT,
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
          { behaviour: 'When the restore is done, the destination holds what the backup holds', mark: 'inferred' },
          { behaviour: 'Status 202; 200 with the restore completed is an option', mark: 'inferred' },
          {
            behaviour: 'The data service, the state and the free space of the destination are not checked',
            mark: 'inferred',
          },
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
