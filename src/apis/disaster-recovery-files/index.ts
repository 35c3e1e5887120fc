// Disaster Recovery Files of the SAFE Billing Platform: lists the backup archives and serves their download.
import fixture from '../../../fixtures/disaster-recovery-files.json' with { type: 'json' }
import { bearerToken } from '../../http/bearer.ts'
import { scopeOf } from '../../http/scope.ts'
import type { Api } from '../api.ts'
import { archiveOf } from './archive.ts'
import { errorFormat } from './errors.ts'
import { type Options, options } from './options.ts'
import { routes } from './routes.ts'
import * as service from './service.ts'
import { migrations, tables } from './state.ts'

const DEMO_KEY = 'YOUR_API_KEY'

export const disasterRecoveryFiles: Api = {
  name: service.API,
  title: 'Disaster Recovery Files',
  description:
    'Automatic, encrypted backup archives of the SAFE Billing Platform: list the available files, download them.',
  mounts: [
    {
      basePath: '/backend/api/v1',
      errorFormat,
      authenticate(request) {
        const key = service.authenticate(scopeOf(request), bearerToken(request.headers.authorization))
        // An unknown path is answered 404 before the rights of the caller are checked.
        if (!request.is404) service.requireDownloadAccess(key)
        return key
      },
      routes,
    },
  ],
  errorFormat,
  securitySchemes: {
    disasterRecoveryKey: {
      type: 'http',
      scheme: 'bearer',
      description: 'The API key of a user with read access to the API and data-protection download access',
    },
  },
  credentialHeaders: ['authorization'],
  options,
  fixture,
  migrations,
  tables,
  kinds: { jobs: {}, schedules: { [service.GENERATION]: service.generation } },
  seed: service.seed,
  tryIt: origin => `curl -H 'Authorization: Bearer ${DEMO_KEY}' ${origin}/backend/api/v1/disasterRecoveryFiles/`,
  environment: ({ origin, options }) => ({
    FIREDRILL_DRF_URL: `${origin}/backend/api/v1`,
    FIREDRILL_DRF_API_KEY: DEMO_KEY,
    FIREDRILL_DRF_ARCHIVE_PASSWORD: (options as Options).archivePassword,
  }),
  async archiveAt(sandbox, url) {
    const [, id = ''] = /\/disasterRecoveryFiles\/([^/?]*)/.exec(url) ?? []
    return archiveOf(sandbox.settings, service.getFile({ sandbox, now: sandbox.settle() }, id))
  },
}
