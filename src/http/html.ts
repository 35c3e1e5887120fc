// HTML answers: one skeleton for every page, and the headers that keep what stands in it from running or leaking.
import { createHash } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import { html } from 'ghtml'

export interface Stylesheet {
  css: string
  /** As Content-Security-Policy names it. */
  source: string
}

export interface Page {
  title: string
  style: Stylesheet
  /** Escaped already: made with ghtml's `html`. */
  body: string
}

/** Styles stand in the page itself; their hash is what lets them, and nothing else, take effect. */
export function stylesheet(css: string): Stylesheet {
  return { css, source: `'sha256-${createHash('sha256').update(css).digest('base64')}'` }
}

/** Pages may hold tokens: they are not stored, not framed, and nobody learns their address from a link in them. */
export function sendPage(reply: FastifyReply, page: Page): FastifyReply {
  return reply
    .headers({
      'content-security-policy': `default-src 'none'; style-src ${page.style.source}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    })
    .type('text/html;charset=utf-8')
    .send(renderPage(page))
}

function renderPage({ title, style, body }: Page): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>!${style.css}</style>
</head>
<body>
!${body}
</body>
</html>
`
}
