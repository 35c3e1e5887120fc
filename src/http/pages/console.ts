// Serves the console at `/` to browsers, and its files.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type BuiltFiles, sendFile, serveFiles } from './files.ts'
import { sendNotBuilt } from './not-built.ts'

/** Scripts and styles come from files only. The page connects to this server alone. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const PATH = '/__console'

/** Sends the page. */
export type SendConsole = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>

/**
 * `folder` is what the build of the console writes: index.html, and the files that it loads from `__console/…`. Returns what
 * sends the page.
 */
export function serveConsole(app: FastifyInstance, folder: URL): SendConsole {
  const files: BuiltFiles = { folder, policy: POLICY }
  serveFiles(app, PATH, files)
  return async (request, reply) =>
    (await sendFile(request, reply, files, 'index.html'))
      ? reply
      : sendNotBuilt(reply, 'The console', 'node build/console.ts')
}
