// HTML responses: the template of every page, and headers that prevent scripts, framing and leaks through Referer or caches.
import { createHash } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import { html } from 'ghtml'

export interface Stylesheet {
  css: string
  /** The source expression for Content-Security-Policy. */
  source: string
}

export interface Page {
  title: string
  style: Stylesheet
  /** Already escaped: made with ghtml's `html`. */
  body: string
  /** `same-origin` where URLs contain no secrets: browsers then say from which origin they send the page's forms. */
  referrerPolicy?: 'same-origin'
}

/** Styles are inline; the Content-Security-Policy allows them, and only them, by their hash. */
export function stylesheet(css: string): Stylesheet {
  return { css, source: `'sha256-${createHash('sha256').update(css).digest('base64')}'` }
}

/** Pages and their URLs may contain tokens, so pages are not cached and not framed, and links in them send no Referer. */
export function sendPage(reply: FastifyReply, page: Page): FastifyReply {
  return reply
    .headers({
      'content-security-policy': `default-src 'none'; style-src ${page.style.source}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
      'referrer-policy': page.referrerPolicy ?? 'no-referrer',
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
