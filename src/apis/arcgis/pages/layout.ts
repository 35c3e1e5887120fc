// arcgis: the layout and the components of the pages. ghtml's `html` escapes all text.
import { html } from 'ghtml'
import { type Page, stylesheet } from '../../../http/html.ts'
import { isoInstant } from '../../../sandbox/clock/clock.ts'
import { ownValue } from '../../../sandbox/own.ts'
import { type Crumb, type Frame, hrefOf, type Link, withToken } from '../frame.ts'

const ADMIN_DIRECTORY = 'ArcGIS Enterprise Administrator API Directory'
const PORTAL_DIRECTORY = 'ArcGIS Portal Directory'

const style = stylesheet(`
:root { color-scheme: light; }
body { margin: 0; font: 14px/1.5 "Avenir Next", "Segoe UI", Helvetica, Arial, sans-serif; color: #323232; background: #fff; }
a { color: #00619b; }
.title { display: flex; justify-content: space-between; align-items: center; gap: 1rem; flex-wrap: wrap; padding: .7rem 1.2rem; background: #004575; color: #fff; }
.title > b { font-size: 1.1rem; font-weight: 600; }
.title a { color: #fff; }
nav { padding: .45rem 1.2rem; background: #e8eef4; border-bottom: 1px solid #c9d6e2; overflow-wrap: anywhere; }
main { padding: .2rem 1.2rem 2rem; max-width: 70rem; overflow-wrap: anywhere; }
h2 { margin: .9rem 0 .6rem; font-weight: 600; color: #004575; }
ul { margin: .3rem 0 .9rem; padding-left: 1.4rem; }
li > ul { margin-bottom: .2rem; }
section { margin: .8rem 0; padding: .6rem 1rem .2rem; border: 1px solid #d8e0e8; border-radius: 4px; }
section h3 { margin: 0 0 .2rem; }
small { color: #5d6b78; }
form { display: grid; grid-template-columns: max-content minmax(12rem, 28rem); gap: .6rem 1rem; align-items: baseline; margin: 1rem 0; }
input, select, textarea { box-sizing: border-box; width: 100%; padding: .35rem .5rem; font: inherit; border: 1px solid #9aa8b5; border-radius: 3px; }
form small { grid-column: 2; margin-top: -.5rem; }
[aria-invalid] { border-color: #c4281b; }
.problem { color: #a32117; }
button { grid-column: 2; justify-self: start; padding: .4rem 1rem; font: inherit; color: #fff; background: #00619b; border: 0; border-radius: 3px; cursor: pointer; }
.error { padding: .5rem .8rem; border-left: 4px solid #c4281b; background: #fdeeec; }
@media (max-width: 40rem) { form { grid-template-columns: 1fr; } form small, button { grid-column: 1; } }
`)

/** `body` must already be escaped. */
export function layout(frame: Frame, title: string, body: string): Page {
  const directory = frame.rootPath.endsWith('/sharing/rest') ? PORTAL_DIRECTORY : ADMIN_DIRECTORY
  return {
    title: `${title} - ${directory}`,
    style,
    body: html`<header class="title"><b>${directory}</b> <span>!${greeting(frame)}</span></header>
<nav aria-label="Breadcrumbs">!${frame.crumbs.map(crumb).join(' &gt; ')}</nav>
<main>
<h2>${title}</h2>
!${body}
</main>`,
  }
}

function greeting(frame: Frame): string {
  const { session, contextPath, path } = frame
  if (!session) return html`<a href="${contextPath}/admin/login?redirect=${encodeURIComponent(path)}">Login</a>`
  const logout = withToken(frame, `${contextPath}/admin/logout`)
  return html`Logged in as <b>${session.username}</b> | <a href="${logout}">Logout</a>`
}

function crumb({ name, href }: Crumb): string {
  return href === undefined ? html`<span>${name}</span>` : html`<a href="${href}">${name}</a>`
}

/** A link to the same resource as JSON. */
export function interfaces(frame: Frame): string {
  return html`<p><b>Supported Interfaces:</b> <a href="${withToken(frame, '?f=pjson')}">JSON</a></p>`
}

/** Empty when there are no links. */
export function linkList(frame: Frame, label: string, links: readonly Link[]): string {
  if (links.length === 0) return ''
  const items = links.map(({ name, path }) => html`<li><a href="${hrefOf(frame, path)}">${name}</a></li>`)
  return html`<b>${label}:</b>
<ul>!${items}</ul>`
}

/** Lists the fields of a value, nested ones included; `links` maps field names to URLs. */
export function properties(value: object, links: Record<string, string> = {}): string {
  const items = Object.entries(value).map(([name, field]) => {
    const href = ownValue(links, name)
    const shown = href === undefined ? show(name, field) : html`<a href="${href}">${field}</a>`
    return html`<li><b>${name}:</b> !${shown}</li>`
  })
  return html`<ul>!${items}</ul>`
}

const INSTANT = /(time|date|expires|updated|created|modified|lastStart)$/i

function show(name: string, value: unknown): string {
  if (Array.isArray(value)) {
    const plain = value.every(item => typeof item !== 'object')
    return plain ? html`${value.join(', ')}` : value.map(item => properties(item)).join('')
  }
  if (typeof value === 'object' && value !== null) return properties(value)
  if (typeof value === 'number' && value > 0 && INSTANT.test(name)) {
    return html`${value} <small>(${isoInstant(value)})</small>`
  }
  return html`${value}`
}
