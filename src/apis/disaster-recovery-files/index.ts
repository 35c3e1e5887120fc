// Disaster Recovery Files of the SAFE Billing Platform: lists the backup archives and serves their download.
import fixture from '../../../fixtures/disaster-recovery-files.json' with { type: 'json' }
import { bearerToken } from '../../http/bearer.ts'
import { scopeOf } from '../../http/scope.ts'
import type { Api } from '../api.ts'
import { archiveOf } from './archive.ts'
import { DEMO } from './demo.ts'
import { errorFormat as apiErrorFormat } from './errors.ts'
import { API, type Options, options, optionsOf } from './options.ts'
import { WEB_PATH } from './pages/frame.ts'
import { apiRoutes } from './routes/api.ts'
import { refuseCrossSiteForms, webRoutes } from './routes/web.ts'
import { errorFormat, webErrorFormat } from './routes/web-errors.ts'
import { COOKIE, sessionTokenOf } from './routes/web-session.ts'
import { rowViews } from './row-views.ts'
import * as access from './service/access.ts'
import { GENERATION, generation, getFile, seed } from './service/files.ts'
import { oneTimeCodes } from './service/one-time-codes.ts'
import { withUsers } from './state/users.ts'
import { migrations, tables } from './state.ts'
import { tableExamples } from './table-examples.ts'

export const disasterRecoveryFiles: Api = {
  name: API,
  title: 'Disaster Recovery Files',
  description:
    'Automatic, encrypted backup archives of the SAFE Billing Platform: list the available files, download them, and get their ' +
    'password in the web interface.',
  mounts: [
    {
      basePath: '/backend/api/v1',
      errorFormat: apiErrorFormat,
      authenticate(request) {
        const user = access.authenticate(scopeOf(request), bearerToken(request.headers.authorization))
        // An unknown path is answered 404 before the rights of the caller are checked.
        if (!request.is404) access.requireDownloadAccess(user)
        return user
      },
      routes: apiRoutes,
    },
    {
      basePath: WEB_PATH,
      errorFormat: webErrorFormat,
      guard: refuseCrossSiteForms,
      authenticate: request => access.findSignedIn(scopeOf(request), sessionTokenOf(request)),
      formBodies: true,
      emptyBodies: true,
      routes: webRoutes,
    },
  ],
  errorFormat,
  securitySchemes: {
    disasterRecoveryKey: {
      type: 'http',
      scheme: 'bearer',
      description: 'The API key of a user with read access to the API and data-protection download access',
    },
    disasterRecoverySession: {
      type: 'apiKey',
      in: 'cookie',
      name: COOKIE,
      description: 'Set when a user signs in to the web interface',
    },
  },
  credentialHeaders: ['authorization'],
  options,
  fixture,
  migrations,
  tables,
  tableExamples,
  kinds: { jobs: {}, schedules: { [GENERATION]: generation } },
  upgrade: withUsers,
  seed,
  oneTimeCodes,
  tryIt: origin => `curl -H 'Authorization: Bearer ${DEMO.apiKey}' ${origin}/backend/api/v1/disasterRecoveryFiles/`,
  demoCredentials: { disasterRecoveryKey: DEMO.apiKey },
  environment: ({ origin, options }) => ({
    FIREDRILL_DRF_URL: `${origin}/backend/api/v1`,
    FIREDRILL_DRF_API_KEY: DEMO.apiKey,
    FIREDRILL_DRF_WEB_URL: `${origin}${WEB_PATH}`,
    FIREDRILL_DRF_USERNAME: DEMO.username,
    FIREDRILL_DRF_PASSWORD: DEMO.password,
    FIREDRILL_DRF_TOTP_SECRET: DEMO.totpSecret,
    FIREDRILL_DRF_ARCHIVE_PASSWORD: (options as Options).archivePassword,
  }),
  rowViews,
  archives: { areEncrypted: true },
  async fileAt(sandbox, url) {
    const [, id = ''] = /\/(?:disasterRecoveryFiles|disaster-recovery-files)\/([^/?]*)/.exec(url) ?? []
    const { settings } = sandbox
    const file = getFile({ sandbox, now: sandbox.settle() }, id)
    return {
      file: String(file.id),
      archive: archiveOf(settings, file),
      personality: optionsOf(settings).downloadPersonality,
    }
  },
}
