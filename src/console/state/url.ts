// The URL of the page, which holds everything that a person selects, so that it can be sent to somebody else.
import { computed, signal } from '@preact/signals'

const search = signal(new URLSearchParams(location.search))

addEventListener('popstate', () => {
  search.value = new URLSearchParams(location.search)
})

/** The value of a parameter; undefined if it is missing or empty. Components that read it are rendered again when it changes. */
export function param(name: string): string | undefined {
  return search.value.get(name) || undefined
}

/** Whether the parameter is given, with or without a value. */
export function hasParam(name: string): boolean {
  return search.value.has(name)
}

const [, prefix = '', sandboxOfPath] = /^(.*?)\/(?:@([^/]+)\/?)?$/.exec(location.pathname) ?? []
const [, sandboxOfHost = 'default'] = /^(.+)\.localhost$/.exec(location.hostname) ?? []

/** The URL of the server, without a slash at its end. It has a path if a proxy serves it below one. */
export const serverUrl = `${location.origin}${prefix}`

/** The sandbox that is shown: of the query, of the path (`/@name/`), or of the host (`name.localhost`). */
export const sandboxName = computed(() => param('sandbox') ?? decodeURIComponent(sandboxOfPath ?? sandboxOfHost))

/** The URL of a path in the shown sandbox, for clients and links. */
export function inAddressedSandbox(path: string): string {
  const name = sandboxName.value
  return `${serverUrl}${name === sandboxOfHost ? '' : `/@${encodeURIComponent(name)}`}${path}`
}

/** Parameters to change; undefined removes one. */
export type Changes = Readonly<Record<string, string | undefined>>

/** The address of this page with other parameters. */
export function hrefWith(changes: Changes): string {
  const changed = new URLSearchParams(search.value)
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === '') changed.delete(name)
    else changed.set(name, value)
  }
  const query = changed.toString()
  return query === '' ? location.pathname : `${location.pathname}?${query}`
}

/** The address of a view of a sandbox, without the parameters of the view that is shown now. */
export function hrefOfView(view: string, more: Changes = {}): string {
  const kept = { demo: param('demo'), sandbox: param('sandbox'), view, ...more }
  const query = new URLSearchParams(Object.entries(kept).filter((entry): entry is [string, string] => !!entry[1]))
  return `${location.pathname}?${query}`
}

/** Goes there as a link does: the Back button returns. With `replace` it does not, as for each character of a filter. */
export function goTo(href: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, '', href)
  else if (href !== location.pathname + location.search) history.pushState(null, '', href)
  search.value = new URLSearchParams(location.search)
}

/** Changes parameters of this page. */
export function setParams(changes: Changes, options?: { replace?: boolean }): void {
  goTo(hrefWith(changes), options)
}
