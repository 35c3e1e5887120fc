// Serves /docs, where people read the reference of each API and try its operations.
import type { FastifyInstance } from 'fastify'
import { OWN } from '../routes.ts'
import { destinationOf } from '../scope.ts'
import { CONTROL_DOCUMENT } from './documents.ts'
import { type BuiltFiles, sendFile, serveFiles } from './files.ts'
import { sendNotBuilt } from './not-built.ts'

export interface DocsOptions {
  /** What its build writes: index.html, and the files that it loads from `docs/…`. */
  folder: URL
  version: string
  apis: readonly { name: string; title: string; demoCredentials: object }[]
}

/** As for the console. Swagger UI needs nothing more; its pictures are in its style sheet. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const PATH = '/docs'

export function serveDocs(app: FastifyInstance, { folder, version, apis }: DocsOptions): void {
  const files: BuiltFiles = { folder, policy: POLICY }
  const described = [
    ...apis.map(({ name, title, demoCredentials: credentials }) => ({ name, title, credentials })),
    { name: CONTROL_DOCUMENT, title: 'Control API', credentials: {} },
  ]
  app.get(PATH, { schema: OWN }, async (request, reply) =>
    (await sendFile(request, reply, files, 'index.html'))
      ? reply
      : sendNotBuilt(reply, 'The reference', 'node build/docs.ts'),
  )
  // The page loads its files relative to its own address.
  app.get(`${PATH}/`, { schema: OWN }, (request, reply) =>
    reply.redirect(`${destinationOf(request).origin}${PATH}${request.url.replace(/^[^?]*/, '')}`, 308),
  )
  app.get(`${PATH}/settings.json`, { schema: OWN }, (request, reply) =>
    reply
      .header('cache-control', 'no-store')
      .send({ version, sandbox: destinationOf(request).sandbox, apis: described }),
  )
  serveFiles(app, PATH, files)
}
