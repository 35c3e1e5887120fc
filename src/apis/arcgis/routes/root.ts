// arcgis: the root of the Administrator API and the resource System.
import * as wire from '../../../../schemas/arcgis.ts'
import type { TypedApp } from '../../../http/mount.ts'
import { scopeOf } from '../../../http/scope.ts'
import { child, contextPathOf } from '../frame.ts'
import { mayEnter } from '../service/access.ts'
import { ROOT } from './recovery-samples.ts'
import { resource } from './resource.ts'

export function root(app: TypedApp): void {
  app.get('/', { prefixTrailingSlash: 'slash', schema: { hide: true } }, (request, reply) => {
    const query = request.url.split('?')[1]
    const path = `${contextPathOf(request, scopeOf(request))}/admin`
    return reply.redirect(query === undefined ? path : `${path}?${query}`, 307)
  })
  resource(app, {
    path: '',
    operationId: 'getRoot',
    summary: 'Enterprise Administrator Root',
    description: 'The root of the directory: the version and the child resources.',
    params: wire.ArcgisContextParams,
    allow: mayEnter,
    response: { description: 'The version and the child resources.', schema: wire.ArcgisRoot, documented: ROOT },
    provenance: [
      {
        behaviour: 'fullVersion, resources, currentVersion and status; open to every privilege',
        mark: 'documented',
        source: 'Enterprise Administrator Root',
      },
      {
        behaviour: 'The states of the status',
        mark: 'client-code',
        source: 'ArcGIS Enterprise on Kubernetes, configure.sh',
      },
      { behaviour: 'Only resources that are served are listed; the number of currentVersion', mark: 'inferred' },
    ],
    read: () => ROOT,
    page: { children: ({ resources }) => resources.map(child) },
  })
  resource(app, {
    path: '/system',
    operationId: 'getSystem',
    summary: 'System',
    description: 'The parent of resources that concern the whole deployment. It has no properties.',
    params: wire.ArcgisContextParams,
    allow: mayEnter,
    response: { description: 'An empty object.', schema: wire.ArcgisSystem, documented: {} },
    provenance: [{ behaviour: 'The JSON is an empty object', mark: 'documented', source: 'System' }],
    read: () => ({}),
    page: { children: () => ['disasterrecovery', 'tasks'].map(child) },
  })
}
