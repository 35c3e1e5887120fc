// Serves the console at `/` to browsers, and its files.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { html } from 'ghtml'
import { sendPage, stylesheet } from '../html.ts'
import { type BuiltFiles, sendFile, serveFiles } from './files.ts'

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
    (await sendFile(request, reply, files, 'index.html')) ? reply : sendNotBuilt(reply, folder)
}

function sendNotBuilt(reply: FastifyReply, folder: URL): FastifyReply {
  return sendPage(reply, {
    title: 'Firedrill',
    style: STYLE,
    body: html`<main>
<h1>Firedrill is running</h1>
<p>The console is not built: ${folder.pathname} has no index.html. In a checkout, run this and load the page again:</p>
<pre>node build/console.ts</pre>
<p>The published package contains the console.</p>
</main>`,
  })
}

const STYLE = stylesheet(`
:root { color-scheme: light dark }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem }
`)
