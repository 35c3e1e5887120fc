// a9s Public API V1: disaster recovery of service instances.
import fixture from '../../../fixtures/a9s.json' with { type: 'json' }
import { bearerToken } from '../../http/bearer.ts'
import { scopeOf } from '../../http/scope.ts'
import type { Api } from '../api.ts'
import { fileOf } from './archive.ts'
import { DEMO } from './demo.ts'
import { errorFormat } from './errors.ts'
import { options } from './options.ts'
import { routes } from './routes.ts'
import { rowViews } from './row-views.ts'
import * as service from './service.ts'
import { migrations, tables } from './state.ts'
import { tableExamples } from './table-examples.ts'

export const a9s: Api = {
  name: service.API,
  title: 'a9s Public API V1',
  description: 'Backups, restores and disaster recovery of a9s service instances.',
  mounts: [
    {
      basePath: '/v1/instances',
      errorFormat,
      authenticate: request =>
        service.authenticate(
          scopeOf(request),
          bearerToken(request.headers.authorization),
          (request.params as { instance_id?: string }).instance_id,
        ),
      // No field of prepare is required. With perform, the error then names the fields that are missing.
      emptyBodies: true,
      routes,
    },
  ],
  errorFormat,
  securitySchemes: {
    a9sBearer: {
      type: 'http',
      scheme: 'bearer',
      description: 'A token that is authorized to access the a9s Public API for the given Service Instance',
    },
  },
  credentialHeaders: ['authorization'],
  options,
  fixture,
  migrations,
  tables,
  tableExamples,
  kinds: {
    jobs: {
      prepare: service.prepareKind,
      restore: service.restoreKind,
      'backup-restore': service.backupRestoreKind,
      backup: service.backupKind,
    },
    schedules: { [service.NIGHTLY]: service.nightly },
  },
  seed: service.seed,
  check(sandbox) {
    service.checkRestores(sandbox)
    service.checkBackups(sandbox)
  },
  rowViews,
  backupFile(sandbox, id) {
    const backup = service.findStoredBackup(sandbox.store, id)
    return backup && fileOf(sandbox, backup, id)
  },
  tryIt: origin =>
    `curl -X POST -H 'Authorization: Bearer ${DEMO.token}' ${origin}/v1/instances/${DEMO.instance}/disaster-recovery/prepare`,
  demoCredentials: { a9sBearer: DEMO.token },
  environment: ({ origin }) => ({
    FIREDRILL_A9S_URL: `${origin}/v1`,
    FIREDRILL_A9S_TOKEN: DEMO.token,
    FIREDRILL_A9S_INSTANCE_ID: DEMO.instance,
    FIREDRILL_A9S_DESTINATION_ID: '10000000-0000-4000-8000-000000000002',
  }),
}
