// dscloud: the routes that show an application, and the account with its applications.
import * as wire from '../../../../schemas/dscloud.ts'
import type { TypedApp } from '../../../http/mount.ts'
import type { Provenance } from '../../../http/provenance.ts'
import { json } from '../../../http/responses.ts'
import { scopeOf } from '../../../http/scope.ts'
import { failuresOf } from '../errors.ts'
import * as service from '../service/apps.ts'
import type { App } from '../state.ts'
import { SQUARE_CLOUD, security, tags, WITH_KEY } from './common.ts'

const SHOWN_APP: wire.DscloudApp = {
  status: 'success',
  response: {
    name: 'Best bot forever',
    id: '64d0c750212742ca8704fb458c9771af',
    owner: '23457145698959364',
    cluster: 'fl-micron-1',
    ram: 1024,
    language: 'rust',
    domain: null,
    custom: null,
  },
}
const SHOWN_USER: wire.DscloudUser = {
  status: 'success',
  response: {
    user: {
      id: '23457145698959364',
      name: 'demo',
      email: 'demo@example.com',
      plan: { name: 'Titanium', memory: { limit: 8192, available: 7168, used: 1024 }, duration: null },
    },
    applications: [
      {
        id: '64d0c750212742ca8704fb458c9771af',
        name: 'Best bot forever',
        cluster: 'fl-micron-1',
        ram: 1024,
        language: 'rust',
      },
    ],
    databases: [],
  },
}

export function appRoutes(app: TypedApp): void {
  app.get(
    '/apps/:app_id',
    {
      schema: {
        operationId: 'getApplication',
        summary: 'Get an Application',
        description: 'The name, the owner and the resources of an application.',
        tags,
        security,
        params: wire.DscloudAppParams,
        response: {
          200: json('The application.', wire.DscloudApp, { upstream: SHOWN_APP }),
          ...failuresOf('ACCESS_DENIED', 'APP_NOT_FOUND'),
        },
        'x-provenance': [
          {
            behaviour: 'The SDK reads an application by its ID',
            mark: 'documented',
            source: 'README of @dscloud/sdkapi',
          },
          { behaviour: 'The path and the fields of an application', mark: 'upstream', source: SQUARE_CLOUD },
          { behaviour: '404 APP_NOT_FOUND, also for apps of other accounts', mark: 'inferred' },
          ...WITH_KEY,
        ] satisfies Provenance[],
      },
    },
    (request): wire.DscloudApp => {
      const found = service.requireApp(scopeOf(request), request.params.app_id)
      const { accountId, domain, customDomain } = found
      const { id, name, ...resources } = shortForm(found)
      return { status: 'success', response: { name, id, owner: accountId, ...resources, domain, custom: customDomain } }
    },
  )

  app.get(
    '/users/me',
    {
      schema: {
        operationId: 'getUser',
        summary: 'Get the Account',
        description:
          'The account that the API key belongs to, its plan, and its applications in the order of their IDs.',
        tags,
        security,
        response: {
          200: json('The account.', wire.DscloudUser, { upstream: SHOWN_USER }),
          ...failuresOf('ACCESS_DENIED'),
        },
        'x-provenance': [
          { behaviour: 'The SDK reads the account', mark: 'documented', source: 'README of @dscloud/sdkapi' },
          { behaviour: 'The path, and the fields of user', mark: 'upstream', source: SQUARE_CLOUD },
          { behaviour: 'The fields of applications; no databases; a plan that does not end', mark: 'inferred' },
          ...WITH_KEY,
        ] satisfies Provenance[],
      },
    },
    (request): wire.DscloudUser => {
      const { account, plan, apps } = service.getAccount(scopeOf(request))
      const used = apps.reduce((sum, { memoryMb }) => sum + memoryMb, 0)
      const memory = { limit: plan.memoryMb, available: Math.max(plan.memoryMb - used, 0), used }
      const { accountId: id, name, email } = account
      const user = { id, name, email, plan: { name: plan.name, memory, duration: null } }
      return { status: 'success', response: { user, applications: apps.map(shortForm), databases: [] } }
    },
  )
}

function shortForm({ id, name, cluster, memoryMb, language }: App) {
  return { id, name, cluster, ram: memoryMb, language }
}
