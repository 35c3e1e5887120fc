// a9s: the routes of backups.
import * as wire from '../../../../schemas/a9s.ts'
import type { TypedApp } from '../../../http/mount.ts'
import type { Provenance } from '../../../http/provenance.ts'
import { json } from '../../../http/responses.ts'
import { scopeOf } from '../../../http/scope.ts'
import { isoInstant } from '../../../sandbox/clock/clock.ts'
import { fileSizeOf } from '../archive.ts'
import { failuresOf } from '../errors.ts'
import * as service from '../service.ts'
import { ACCEPTED, CLIENT, COMMON, checkInstance, DONE, FROM_CLIENT, security, tags } from './common.ts'

const BACKUPS: wire.A9sBackup[] = [
  {
    id: 2,
    backup_id: '8377f207-21b4-48fd-a75b-78c1bcdef8ca-1742693407644',
    size: 2792,
    status: 'done',
    triggered_at: '2021-04-21T01:30:03.832Z',
    started_at: '2021-04-21T01:30:04.832Z',
    finished_at: '2021-04-21T01:30:32.163Z',
    downloadable: true,
  },
  {
    id: 1,
    backup_id: '8377f207-21b4-48fd-a75b-78c1bcdef8ca-1742607006559',
    size: 2792,
    status: 'done',
    triggered_at: '2021-04-20T01:30:02.898Z',
    started_at: '2021-04-20T01:30:04.898Z',
    finished_at: '2021-04-20T01:30:31.883Z',
    downloadable: false,
  },
]
const QUEUED = 'job to backup is queued'
const DELETED = { message: 'backup deleted' }

const BACKUP_PROVENANCE: Provenance[] = [
  { behaviour: 'Fields and states of a backup', mark: 'documented', source: 'a9s Public API V1, backup endpoints' },
  {
    behaviour: '`downloadable` is true for done backups made since a user last set the encryption key',
    mark: 'client-code',
    source: CLIENT,
  },
  {
    behaviour:
      '`started_at` is null until a backup starts, `finished_at` until it ends; `size` is 0 until it is done, and if it fails; the ' +
      'durations of its states',
    mark: 'inferred',
  },
  {
    behaviour:
      'Every night at 01:30 UTC, provisioned and available instances are backed up unless their configuration excludes them; such a ' +
      'backup is listed when it has ended',
    mark: 'inferred',
  },
  {
    behaviour: 'Expired backups become `deleted` with the nightly backup, except the newest `min_backup_count`',
    mark: 'inferred',
  },
]

export function backups(app: TypedApp): void {
  readingBackups(app)
  changingBackups(app)
}

function readingBackups(app: TypedApp): void {
  app.get(
    '/:instance_id/backups',
    {
      schema: {
        operationId: 'listInstanceBackups',
        summary: 'List All Backups',
        description: 'The backups of a Service Instance, newest first.',
        tags,
        security,
        params: wire.A9sInstanceParams,
        response: { 200: json(DONE, wire.A9sBackupList, { documented: BACKUPS }), ...failuresOf() },
        'x-provenance': [
          ...COMMON,
          ...BACKUP_PROVENANCE,
          { behaviour: 'A bare array, newest first', mark: 'documented' },
        ] satisfies Provenance[],
      },
    },
    request => service.listBackups(scopeOf(request), request.params.instance_id).map(toWire),
  )

  app.get(
    '/:instance_id/backups/:backup_id',
    {
      schema: {
        operationId: 'getInstanceBackup',
        summary: 'Get a Specific Backup',
        description: 'One backup of a Service Instance.',
        tags,
        security,
        params: wire.A9sBackupParams,
        response: { 200: json(DONE, wire.A9sBackup, { documented: BACKUPS[0] }), ...failuresOf() },
        'x-provenance': [...FROM_CLIENT, ...BACKUP_PROVENANCE],
      },
    },
    request => toWire(service.getBackup(scopeOf(request), request.params.instance_id, request.params.backup_id)),
  )
}

function changingBackups(app: TypedApp): void {
  app.post(
    '/:instance_id/backups',
    {
      onRequest: checkInstance,
      schema: {
        operationId: 'createInstanceBackup',
        summary: 'Create a Backup',
        description: 'Queues a backup of a Service Instance under its current encryption key.',
        tags,
        security,
        params: wire.A9sInstanceParams,
        response: {
          201: json('The backup is queued.', wire.A9sCreatedBackup, { queued: { id: 3, message: QUEUED } }),
          ...failuresOf('BadRequest', 'PayloadTooLarge', 'UnsupportedMediaType'),
        },
        'x-provenance': [
          ...FROM_CLIENT,
          {
            behaviour: 'The text of the message',
            mark: 'documented',
            source: 'a9s PostgreSQL backup, an older version',
          },
          {
            behaviour: 'Several backups of an instance can be made at the same time, and in each of its states',
            mark: 'inferred',
          },
        ] satisfies Provenance[],
      },
    },
    (request, reply) => {
      const id = service.createBackup(scopeOf(request), request.params.instance_id)
      return reply.code(201).send({ id, message: QUEUED })
    },
  )

  app.delete(
    '/:instance_id/backups/:backup_id',
    {
      onRequest: checkInstance,
      schema: {
        operationId: 'deleteInstanceBackup',
        summary: 'Delete a Backup',
        description:
          'Deletes the contents of a backup from the storage. It stays in the list, with the status deleted.',
        tags,
        security,
        params: wire.A9sBackupParams,
        response: {
          200: json(DONE, wire.A9sMessage, { deleted: DELETED }),
          ...failuresOf('BadRequest', 'Conflict', 'Locked', 'PayloadTooLarge', 'UnsupportedMediaType'),
        },
        'x-provenance': [
          ...FROM_CLIENT,
          {
            behaviour: 'The text of the message; 400 for a backup that is deleted, 409 for one that is not finished',
            mark: 'inferred',
          },
        ] satisfies Provenance[],
      },
    },
    request => {
      service.deleteBackup(scopeOf(request), request.params.instance_id, request.params.backup_id)
      return DELETED
    },
  )

  app.post(
    '/:instance_id/backups/:backup_id/restore',
    {
      onRequest: checkInstance,
      schema: {
        operationId: 'restoreInstanceBackup',
        summary: 'Restore a Backup',
        description: 'Restores a Service Instance from one of its own backups.',
        tags,
        security,
        params: wire.A9sBackupParams,
        response: {
          202: json(ACCEPTED, wire.A9sCreatedRestore, { accepted: { id: 1 } }),
          ...failuresOf(
            'BadRequest',
            'RestoreInProgress',
            'BackupNonRestorableState',
            'PayloadTooLarge',
            'UnsupportedMediaType',
          ),
        },
        'x-provenance': [
          ...FROM_CLIENT,
          {
            behaviour: 'The restore fails if the key of the instance is not the one that the backup was made with',
            mark: 'inferred',
          },
          { behaviour: 'Only a done backup is restorable', mark: 'inferred' },
        ] satisfies Provenance[],
      },
    },
    (request, reply) => {
      const { instance_id, backup_id } = request.params
      return reply.code(202).send({ id: service.restoreBackup(scopeOf(request), instance_id, backup_id) })
    },
  )
}

function toWire({ backup, progress, storageId, isDownloadable }: service.BackupView): wire.A9sBackup {
  const { status, startedAt, finishedAt } = progress
  return {
    id: backup.id,
    backup_id: storageId,
    size: status === 'done' || status === 'deleted' ? fileSizeOf(backup) : 0,
    status,
    triggered_at: isoInstant(backup.triggeredAt),
    started_at: startedAt === null ? null : isoInstant(startedAt),
    finished_at: finishedAt === null ? null : isoInstant(finishedAt),
    downloadable: isDownloadable,
  }
}
