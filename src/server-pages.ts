// The part of the server that serves the console or the index at `/`, the reference at /docs, the OpenAPI documents and the icon.
import type { FastifyInstance } from 'fastify'
import { apis } from './apis/index.ts'
import { CONTROL_PREFIX } from './control/prefix.ts'
import { serveConsole } from './http/pages/console.ts'
import { serveDocs } from './http/pages/docs.ts'
import { serveDocuments } from './http/pages/documents.ts'
import { serveFavicon } from './http/pages/favicon.ts'
import { serveRoot } from './http/pages/root.ts'
import { packageFile, packageVersion } from './package.ts'
import type { ServerOptions } from './server-options.ts'
import { listedApis } from './server-urls.ts'

export function servePages(app: FastifyInstance, { describeApis, describeControl, toYaml }: ServerOptions): void {
  const sendConsole = serveConsole(app, packageFile('dist/console/'))
  const version = packageVersion()
  serveRoot(app, { version, apis: listedApis, controlPath: CONTROL_PREFIX }, sendConsole)
  serveDocs(app, { folder: packageFile('dist/docs/'), version, apis })
  serveFavicon(app)
  serveDocuments(app, { apis, describeApis, describeControl, toYaml })
}
