// Finds the sandbox that a request is for: by path prefix, header, host or bound credential, in this order; else the default one.
import type { IncomingHttpHeaders } from 'node:http'
import { type Binding, DEFAULT_SANDBOX } from '../sandbox/registry.ts'
import type { Hosts } from './hosts.ts'

export interface Address {
  name: string
  /** Prefix of the paths of absolute URLs, so that a later request reaches the same sandbox; empty if the host names it. */
  urlPrefix: string
}

export const SANDBOX_HEADER = 'x-firedrill-sandbox'

const PREFIX_START = '/@'
const PATH_PREFIX = /^\/@([^/?]*)(?=[/?]|$)/

/** Kept from the routing of the URL for the first hook, which sees the URL without its prefix. */
const namedByPath = new WeakMap<Addressed, string>()

interface Addressed {
  url?: string | undefined
  headers: IncomingHttpHeaders
}

/**
 * The URL to route: without `/@{sandbox}`, and with the base path that the host stands for, if it stands for one.
 * `prefixOfHost`: base path by host name in lower case.
 */
export function routedUrl(request: Addressed, prefixOfHost: ReadonlyMap<string, string>, hosts: Hosts): string {
  const sent = originForm(request)
  const name = sent.startsWith(PREFIX_START) ? PATH_PREFIX.exec(sent)?.[1] : undefined
  if (name !== undefined) namedByPath.set(request, decodeName(name))
  const url = name === undefined ? sent : withoutSandbox(sent)
  const prefix = prefixOfHost.get(hosts.sent(request.headers.host).name)
  return prefix === undefined || url.startsWith(`${prefix}/`) ? url : prefix + url
}

/** A URL as it is sent to a proxy contains the host, which overrides the header (RFC 9112 §3.2.2). */
function originForm({ url = '/', headers }: Addressed): string {
  if (url.startsWith('/')) return url
  const [, host, path] = /^https?:\/\/([^/?#]+)(.*)$/is.exec(url) ?? []
  if (host === undefined || path === undefined) return url
  headers.host = host
  return withSlash(path)
}

/** The URL without `/@{sandbox}`. */
export function withoutSandbox(url: string): string {
  const [prefix] = PATH_PREFIX.exec(url) ?? []
  return prefix === undefined ? url : withSlash(url.slice(prefix.length))
}

/** `credentialHeaders` are those in which a bound credential is looked for, in this order; in lower case. */
export function addressOf(
  request: Addressed,
  bindings: ReadonlyMap<string, Binding>,
  credentialHeaders: readonly string[],
  hosts: Hosts,
): Address {
  const byPath = namedByPath.get(request)
  if (byPath !== undefined) return inPath(byPath)
  const byHeader = request.headers[SANDBOX_HEADER]
  if (byHeader !== undefined) return inPath(String(byHeader))
  const byHost = hosts.sent(request.headers.host).sandbox
  if (byHost !== undefined) return { name: byHost, urlPrefix: '' }
  const bound = bindings.size === 0 ? undefined : useBinding(request.headers, bindings, credentialHeaders)
  return bound === undefined ? { name: DEFAULT_SANDBOX, urlPrefix: '' } : inPath(bound)
}

/** Replaces a bound credential with the one that it stands for, which the API knows. Returns the sandbox. */
function useBinding(
  headers: IncomingHttpHeaders,
  bindings: ReadonlyMap<string, Binding>,
  credentialHeaders: readonly string[],
): string | undefined {
  for (const name of credentialHeaders) {
    const [, scheme = '', credential = ''] = /^(bearer +)?(.*)$/i.exec([headers[name]].flat()[0] ?? '') ?? []
    const binding = bindings.get(credential)
    if (!binding) continue
    headers[name] = scheme + binding.credential
    return binding.sandbox
  }
  return undefined
}

function inPath(name: string): Address {
  return { name, urlPrefix: name === DEFAULT_SANDBOX ? '' : `/@${name}` }
}

function withSlash(url: string): string {
  return url.startsWith('/') ? url : `/${url}`
}

/** A name that cannot be decoded is not valid, and is refused as such later. */
function decodeName(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
