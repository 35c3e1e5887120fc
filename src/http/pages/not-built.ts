// The page in place of one that has not been built, which happens only in a checkout.
import type { FastifyReply } from 'fastify'
import { html } from 'ghtml'
import { sendPage, stylesheet } from '../html.ts'

/** `what` starts the sentence that says what is missing. */
export function sendNotBuilt(reply: FastifyReply, what: string, command: string): FastifyReply {
  return sendPage(reply, {
    title: 'Firedrill',
    style: STYLE,
    body: html`<main>
<h1>Firedrill is running</h1>
<p>${what} is not built. In a checkout, run this, and load the page again:</p>
<pre>${command}</pre>
</main>`,
  })
}

const STYLE = stylesheet(`
:root { color-scheme: light dark }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem }
`)
