// The baseline's page of the backup stores.
import type { Static } from '@sinclair/typebox'
import type { Stores } from './arcgis-schemas.ts'
import { escapeHtml } from './common.ts'

type Store = Static<typeof Stores>['backupStores'][number]

const ADMIN = '/arcgis/admin'

export function storesPage(stores: Store[], username: string, token: string, style: string): string {
  const link = (path: string, name: string) =>
    `<a href="${ADMIN}${path}?token&#61;${encodeURIComponent(token)}">${escapeHtml(name)}</a>`
  const crumbs = ['system', 'disasterrecovery', 'stores'].map((name, index, names) =>
    link(`/${names.slice(0, index + 1).join('/')}`, name),
  )
  const children = stores.map(({ name }) => `<li>${link(`/system/disasterrecovery/stores/${name}`, name)}</li>`)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Stores - ArcGIS Enterprise Administrator API Directory</title>
<style>${style}</style>
</head>
<body>
<header class="title"><b>ArcGIS Enterprise Administrator API Directory</b> <span>Logged in as <b>${escapeHtml(username)}</b> | ${link('/logout', 'Logout')}</span></header>
<nav aria-label="Breadcrumbs">${[link('', 'Home'), ...crumbs].join(' &gt; ')}</nav>
<main>
<h2>Stores</h2>
<ul>${stores.map(store => `<li><b>${escapeHtml(store.name)}:</b> ${properties(store)}</li>`).join('')}</ul>
<b>Child Resources:</b>
<ul>${children.join('')}</ul>
<b>Supported Operations:</b>
<ul><li>${link('/system/disasterrecovery/stores/register', 'Register')}</li></ul>
<p><b>Supported Interfaces:</b> <a href="?f=pjson&amp;token=${encodeURIComponent(token)}">JSON</a></p>
</main>
</body>
</html>
`
}

function properties(value: object): string {
  const items = Object.entries(value).map(([name, field]) => {
    const shown = typeof field === 'object' && field !== null ? properties(field) : escapeHtml(String(field))
    return `<li><b>${name}:</b> ${shown}</li>`
  })
  return `<ul>${items.join('')}</ul>`
}
