// Tells which API a URL belongs to, whether or not something is served there.
import { type Api, basePathsOf } from './apis/api.ts'
import { apis } from './apis/index.ts'
import { errorFormat as controlErrorFormat } from './control/errors.ts'
import { CONTROL_PREFIX } from './control/prefix.ts'
import { urlsBelow } from './http/base-path.ts'
import type { ErrorFormat } from './http/failures.ts'

/** As the index and the 404 for paths of no API list them. */
export const listedApis = apis.map(({ name, title, mounts }) => ({ name, title, basePaths: basePathsOf({ mounts }) }))

const urlsOfApis = apis.map(api => ({ api, urls: urlsBelow(basePathsOf(api)) }))

export function ownerOf(url: string): Api | undefined {
  return urlsOfApis.find(({ urls }) => urls.test(url))?.api
}

const BELOW_CONTROL = new RegExp(`^${CONTROL_PREFIX}(?=[/?#]|$)`)

/** Whether a URL belongs to the control API, which finds sandboxes itself, after it has checked the caller. */
export function isControl(url: string): boolean {
  return BELOW_CONTROL.test(url)
}

const PAGES = /^\/(?:favicon\.ico|openapi\.(?:json|yaml)|(?:docs|openapi|__console)(?:\/[^?#]*)?)?(?=[?#]|$)/

/** Whether a URL that belongs to no API is one of the server's own pages, or of the files and documents that they load. */
export function isPage(url: string): boolean {
  return PAGES.test(url)
}

/** At paths of no API, the format is that of the control API, which follows RFC 9457. */
export function errorFormatAt(url: string): ErrorFormat {
  return ownerOf(url)?.errorFormat ?? controlErrorFormat
}
