// The part of the server for people: the console or the index at `/`, and the OpenAPI documents.
import type { FastifyInstance } from 'fastify'
import { CONTROL_PREFIX } from './control/prefix.ts'
import { serveConsole } from './http/pages/console.ts'
import { serveDocuments } from './http/pages/documents.ts'
import { serveRoot } from './http/pages/root.ts'
import { packageFile, packageVersion } from './package.ts'
import type { ServerOptions } from './server-options.ts'
import { listedApis } from './server-urls.ts'

export function servePages(app: FastifyInstance, { describeApis }: ServerOptions): void {
  const sendConsole = serveConsole(app, packageFile('dist/console/'))
  serveRoot(app, { version: packageVersion(), apis: listedApis, controlPath: CONTROL_PREFIX }, sendConsole)
  serveDocuments(app, describeApis)
}
