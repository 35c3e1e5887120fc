// a9s: the routes of the overview of an instance and of its backup configuration.
import * as wire from '../../../../schemas/a9s.ts'
import type { TypedApp } from '../../../http/mount.ts'
import type { Provenance } from '../../../http/provenance.ts'
import { json } from '../../../http/responses.ts'
import { scopeOf } from '../../../http/scope.ts'
import { isoInstant } from '../../../sandbox/clock/clock.ts'
import { failuresOf } from '../errors.ts'
import * as service from '../service.ts'
import { CLIENT, COMMON, checkInstance, DONE, REQUESTS, security, tags } from './common.ts'

const INSTANCE: wire.A9sInstance = {
  id: 1,
  name: 'orders-database',
  state: 'available',
  service_id: '6c1ec1a4-7b3c-4bd0-9c7b-3f0a8d9c5b11',
  plan_id: 'b2f8a1de-5d43-4b8e-8f07-9d3f5c1e7a22',
  tenant_id: '0f4bd2c6-1c39-4a53-8f6f-2a7c9e1d3b33',
  tenant_name: 'demo-organization',
  subtenant_id: '5a9e7c31-8d24-4f1b-b0c6-7e2d4f6a9c44',
  subtenant_name: 'demo-space',
  urls: [],
  available_updates: [],
  created_at: '2026-03-12T12:00:00.000Z',
  updated_at: '2026-03-12T12:00:00.000Z',
  data: { set: 'orders', rows: 1200 },
}

const CONFIG: wire.A9sBackupConfig = {
  min_backup_count: 1,
  retention_time: 30,
  min_encryption_key_length: 8,
  exclude_from_auto_backup: false,
}
const UPDATED = { message: 'instance updated' }

const CONFIG_PROVENANCE: Provenance[] = [
  {
    behaviour: 'The Public API has backup configurations',
    mark: 'documented',
    source: 'a9s Public API, operator guide',
  },
  { behaviour: 'Fields, and the message of a change', mark: 'client-code', source: CLIENT },
  {
    behaviour: 'The path, the method PATCH, and the error body and statuses of the other operations',
    mark: 'inferred',
  },
  ...REQUESTS,
]

export function instances(app: TypedApp): void {
  app.get(
    '/:instance_id',
    {
      schema: {
        operationId: 'getInstance',
        summary: 'Get an Instance Overview',
        description: 'The overview of a Service Instance.',
        tags,
        security,
        params: wire.A9sInstanceParams,
        response: { 200: json(DONE, wire.A9sInstance, { demo: INSTANCE }), ...failuresOf() },
        'x-provenance': [
          ...COMMON,
          {
            behaviour: 'Fields and states, except for `data`',
            mark: 'documented',
            source: 'a9s Public API V1, instance settings endpoints',
          },
          { behaviour: '`data` is not part of the a9s API; it shows what a restore has restored', mark: 'inferred' },
          { behaviour: 'A deleted instance is not found', mark: 'inferred' },
        ] satisfies Provenance[],
      },
    },
    request => overviewOf(service.readOverview(scopeOf(request), request.params.instance_id)),
  )

  app.get(
    '/:instance_id/backup-configs',
    {
      schema: {
        operationId: 'getBackupConfig',
        summary: 'Get the Backup Configuration',
        description: 'How long backups of a Service Instance are kept, and how long its encryption key has to be.',
        tags,
        security,
        params: wire.A9sInstanceParams,
        response: { 200: json(DONE, wire.A9sBackupConfig, { demo: CONFIG }), ...failuresOf() },
        'x-provenance': [
          ...CONFIG_PROVENANCE,
          { behaviour: '`backup_type` is left out, because no instance has one', mark: 'inferred' },
        ] satisfies Provenance[],
      },
    },
    request => configOf(service.readBackupConfig(scopeOf(request), request.params.instance_id)),
  )

  app.patch(
    '/:instance_id/backup-configs',
    {
      onRequest: checkInstance,
      schema: {
        operationId: 'updateBackupConfig',
        summary: 'Update the Backup Configuration',
        description: 'Sets the encryption key of later backups, or excludes a Service Instance from nightly backups.',
        tags,
        security,
        params: wire.A9sInstanceParams,
        body: wire.A9sBackupConfigChange,
        response: {
          200: json(DONE, wire.A9sMessage, { demo: UPDATED }),
          ...failuresOf('BadRequest', 'PayloadTooLarge', 'UnsupportedMediaType'),
        },
        'x-provenance': [
          ...CONFIG_PROVENANCE,
          { behaviour: 'Status 200, where the Backup Manager answers 201 or 200', mark: 'inferred' },
          {
            behaviour:
              'A new key counts as one that a user has set; `credentials_updated_by_user`, which the Backup Manager takes, is refused',
            mark: 'inferred',
          },
        ] satisfies Provenance[],
      },
    },
    request => {
      const { encryption_key: encryptionKey, exclude_from_auto_backup: excludeFromAutoBackup } = request.body
      const change = { encryptionKey, excludeFromAutoBackup }
      service.changeBackupConfig(scopeOf(request), request.params.instance_id, change)
      return UPDATED
    },
  )
}

function overviewOf({ instance, data }: service.Overview): wire.A9sInstance {
  const { number, name, state, serviceId, planId, tenant, subtenant, urls, availableUpdates } = instance
  return {
    id: number,
    name,
    state,
    service_id: serviceId,
    plan_id: planId,
    tenant_id: tenant.id,
    tenant_name: tenant.name,
    subtenant_id: subtenant.id,
    subtenant_name: subtenant.name,
    urls,
    available_updates: availableUpdates,
    created_at: isoInstant(instance.createdAt),
    updated_at: isoInstant(instance.updatedAt ?? instance.createdAt),
    data: { set: data.dataSet, rows: data.rowCount },
  }
}

function configOf(config: ReturnType<typeof service.readBackupConfig>): wire.A9sBackupConfig {
  return {
    min_backup_count: config.minBackupCount,
    retention_time: config.retentionDays,
    min_encryption_key_length: config.minEncryptionKeyLength,
    exclude_from_auto_backup: config.excludeFromAutoBackup,
  }
}
