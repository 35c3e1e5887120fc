// ArcGIS Enterprise Administrator API: backups, the jobs that make them, and tokens.
import type { FastifyRequest } from 'fastify'
import { defer } from '../../http/deferred.ts'
import type { TypedApp } from '../../http/mount.ts'
import { findScope } from '../../http/scope.ts'
import type { Api } from '../api.ts'
import { adminErrorFormat, sharingErrorFormat } from './error-format.ts'
import { catalogue } from './errors.ts'
import { readAllParameters } from './forms.ts'
import { hasNoContext } from './frame.ts'
import { DEMO, fixture, seed } from './initial-state.ts'
import { COOKIE } from './principal.ts'
import { backup } from './routes/backup.ts'
import { backups } from './routes/backups.ts'
import { callerOf } from './routes/common.ts'
import { items } from './routes/items.ts'
import { jobs } from './routes/jobs.ts'
import { legacy } from './routes/legacy.ts'
import { portal, serverInfo } from './routes/portal.ts'
import { recovery } from './routes/recovery.ts'
import { root } from './routes/root.ts'
import { runs } from './routes/runs.ts'
import { stores } from './routes/stores.ts'
import { tasks } from './routes/tasks.ts'
import { signIn, tokens } from './routes/tokens.ts'
import { backupKind, deleteKind } from './service/backups.ts'
import { API } from './service/jobs.ts'
import { isRestoring, restoreKind } from './service/restores.ts'
import { BACKUP_KIND, backupTaskKind, checkSchedules, RETENTION_KIND, retentionKind } from './service/schedules.ts'
import { registerKind } from './service/stores.ts'
import { migrations, tables } from './state.ts'
import { tableExamples } from './table-examples.ts'

export const arcgis: Api = {
  name: API,
  title: 'ArcGIS Enterprise Administrator API',
  description:
    'Disaster recovery backups of ArcGIS Enterprise, the jobs that create them, and the tokens that authorize requests.',
  mounts: [
    {
      basePath: '/{context}/admin',
      errorFormat: adminErrorFormat,
      guard: guardAdmin,
      formBodies: true,
      routes: withParameters(root, recovery, stores, backups, backup, legacy, tasks, runs, jobs, serverInfo, signIn),
    },
    {
      basePath: '/{context}/sharing/rest',
      errorFormat: sharingErrorFormat,
      guard,
      formBodies: true,
      routes: withParameters(portal, tokens, items),
    },
  ],
  errorFormat: adminErrorFormat,
  securitySchemes: {
    arcgisToken: { type: 'apiKey', in: 'query', name: 'token', description: 'A token from generateToken' },
    arcgisBearer: { type: 'http', scheme: 'bearer', description: 'A token from generateToken' },
    arcgisEsriAuthorization: {
      type: 'apiKey',
      in: 'header',
      name: 'X-Esri-Authorization',
      description: 'Bearer and a token from generateToken',
    },
    arcgisCookie: {
      type: 'apiKey',
      in: 'cookie',
      name: COOKIE,
      description: 'Set when a browser signs in; authorizes GET only',
    },
  },
  credentialHeaders: ['authorization', 'x-esri-authorization'],
  options: {},
  fixture,
  migrations,
  tables,
  tableExamples,
  kinds: {
    jobs: { backup: backupKind, restore: restoreKind, register: registerKind, delete: deleteKind },
    schedules: { [BACKUP_KIND]: backupTaskKind, [RETENTION_KIND]: retentionKind },
  },
  seed,
  check: checkSchedules,
  tryIt: origin =>
    `curl -d 'username=${DEMO.username}&password=${DEMO.password}&f=json' ${origin}/arcgis/sharing/rest/generateToken`,
  demoCredentials: {
    arcgisBearer: {
      path: 'arcgis/sharing/rest/generateToken',
      form: { username: DEMO.username, password: DEMO.password, f: 'json' },
      field: 'token',
      expired: 'Invalid token',
    },
  },
  environment: ({ origin }) => ({
    FIREDRILL_ARCGIS_URL: `${origin}/arcgis`,
    FIREDRILL_ARCGIS_USERNAME: DEMO.username,
    FIREDRILL_ARCGIS_PASSWORD: DEMO.password,
  }),
}

/**
 * The router matches `//admin` with an empty context. Throws UnknownPath, and OrganizationUnavailable, during a restore, when the
 * body has been read.
 */
function guard(request: FastifyRequest): void {
  const scope = findScope(request)
  if (hasNoContext(request)) {
    scope?.trace.enter('routing')
    throw catalogue.error('UnknownPath')
  }
  if (!scope || !isRestoring(scope) || request.routeOptions.config?.arcgisDuringRestore) return
  defer(request, () => {
    scope.trace.enter('rules')
    throw catalogue.error('OrganizationUnavailable')
  })
}

/** The token is checked before the path, as the vendor does at the root. Throws when the body has been read. */
function guardAdmin(request: FastifyRequest): void {
  guard(request)
  const scope = findScope(request)
  if (!request.is404) return
  defer(request, () => {
    scope?.trace.enter('authentication')
    callerOf(request)
    scope?.trace.enter('routing')
    throw catalogue.error('UnknownPath')
  })
}

function withParameters(...groups: ((app: TypedApp) => void)[]) {
  return (app: TypedApp): void => {
    readAllParameters(app)
    for (const addRoutes of groups) addRoutes(app)
  }
}
