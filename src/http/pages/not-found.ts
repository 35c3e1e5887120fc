// The page at a path where nothing is served, for browsers.
import type { FastifyReply } from 'fastify'
import { html } from 'ghtml'
import { sendPage, stylesheet } from '../html.ts'

export interface NotFound {
  /** What was requested, and that it does not exist. */
  detail: string
  /** At the start of links, which lead into the addressed sandbox. */
  origin: string
  apis: readonly { title: string; basePaths: readonly string[] }[]
}

export function sendNotFound(reply: FastifyReply, { detail, origin, apis }: NotFound): FastifyReply {
  return sendPage(reply.status(404), {
    title: 'Nothing is served here - Firedrill',
    style: STYLE,
    body: html`<main>
<h1>Nothing is served here</h1>
<p>${detail}</p>
<ul>
<li><a href="${origin}/">Console</a>: requests, faults, data and time of this server</li>
<li><a href="${origin}/?demo">Guided demo</a>: three minutes</li>
<li><a href="${origin}/docs">Reference</a>: the operations of each API, to read and to try</li>
</ul>
<h2>APIs</h2>
<ul>
!${apis.map(({ title, basePaths }) => html`<li>${title}: <code>${basePaths.join(', ')}</code></li>`)}
</ul>
</main>`,
  })
}

const STYLE = stylesheet(`
:root { color-scheme: light dark }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem }
code { overflow-wrap: anywhere }
`)
