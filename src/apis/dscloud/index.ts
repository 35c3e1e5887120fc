// DS Cloud v3: backups of applications, on the API's host and on the download host.
import fixture from '../../../fixtures/dscloud.json' with { type: 'json' }
import { scopeOf } from '../../http/scope.ts'
import type { Api } from '../api.ts'
import { DEMO } from './demo.ts'
import { errorFormat } from './errors.ts'
import { API, options, optionsOf } from './options.ts'
import { appRoutes } from './routes/apps.ts'
import { backupRoutes } from './routes/backups.ts'
import { DOWNLOAD_HOST, downloadRoutes, keyOf } from './routes/downloads.ts'
import { rowViews } from './row-views.ts'
import { authenticate } from './service/access.ts'
import { checkPlans } from './service/apps.ts'
import { openBackup } from './service/backups.ts'
import { jobKinds } from './service/creation.ts'
import { migrations, nameBackups, tables, withPlans } from './state.ts'
import { tableExamples } from './table-examples.ts'

export const dscloud: Api = {
  name: API,
  title: 'DS Cloud API v3',
  description: 'Backups of DS Cloud applications: create, list and download them; the account and its applications.',
  mounts: [
    {
      basePath: '/v3',
      errorFormat,
      authenticate: request => authenticate(scopeOf(request), request.headers.authorization),
      emptyBodies: true,
      routes(app) {
        appRoutes(app)
        backupRoutes(app)
      },
    },
    { basePath: `/${DOWNLOAD_HOST}`, host: DOWNLOAD_HOST, errorFormat, routes: downloadRoutes },
  ],
  errorFormat,
  securitySchemes: {
    dscloudApiKey: {
      type: 'apiKey',
      in: 'header',
      name: 'Authorization',
      description: 'The API key for your account, without a scheme. You can find this in your account settings.',
    },
  },
  credentialHeaders: ['authorization'],
  options,
  fixture,
  migrations,
  tables,
  tableExamples,
  kinds: { jobs: jobKinds, schedules: {} },
  upgrade: withPlans,
  check: checkPlans,
  seed: ({ store }) => nameBackups(store),
  tryIt: origin => `curl -H 'Authorization: ${DEMO.apiKey}' ${origin}/v3/apps/${DEMO.app}/backups`,
  demoCredentials: { dscloudApiKey: DEMO.apiKey },
  environment: ({ origin }) => ({
    FIREDRILL_DSCLOUD_URL: `${origin}/v3`,
    FIREDRILL_DSCLOUD_DOWNLOAD_URL: `${origin}/${DOWNLOAD_HOST}`,
    FIREDRILL_DSCLOUD_API_KEY: DEMO.apiKey,
    FIREDRILL_DSCLOUD_APP_ID: DEMO.app,
  }),
  rowViews,
  archives: { areEncrypted: false },
  async fileAt(sandbox, url) {
    const [, encoded = ''] = /\/([^/?]*)\?/.exec(url) ?? []
    const file = decodeURIComponent(encoded)
    const archive = await openBackup({ sandbox }, file, keyOf(url))
    return { file, archive, personality: optionsOf(sandbox.settings).downloadPersonality }
  },
}
