// Fuzzed requests that are at no operation, or no HTTP: made from others by a small change.
import fc from 'fast-check'
import type { FuzzRequest } from './requests.ts'
import { sendable } from './texts.ts'
import { NASTY_TEXTS, nastyText } from './values.ts'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY', 'TRACE', 'PROPFIND', 'MKCOL']
const PLACES = [
  '/',
  '//',
  '/nowhere',
  '/v1',
  '/v1/instances',
  '/v3/apps',
  '/backend/api/v1',
  '/arcgis/admin',
  '//admin/login',
  '/arcgis/sharing/rest',
  '/__admin',
  '/__admin/',
  '/openapi.yaml',
  '/@/',
  '/@calm',
  '*',
  '/favicon.ico',
  '/.well-known/x',
]

/** Another method, or a path near the one that is served. */
export function astray(request: FuzzRequest): fc.Arbitrary<FuzzRequest> {
  const changed = (target: string): fc.Arbitrary<string> =>
    fc.oneof(
      fc.constant(target),
      fc.constantFrom(...PLACES),
      fc.constantFrom(...NASTY_TEXTS).map(tail => `${target.split('?')[0]}/${sendable(tail)}`),
      fc.constant(target.replaceAll('/', '//')),
      fc.nat(target.length).map(end => target.slice(0, Math.max(end, 1))),
    )
  return fc
    .tuple(fc.constantFrom(...METHODS), changed(request.target))
    .map(([method, target]) => ({ ...request, name: `astray from ${request.name}`, method, target }))
}

/** Changes of the request as text, each of which may leave it HTTP or not. */
const MANGLES: readonly ((at: number, junk: string) => (request: string) => string)[] = [
  at => request => request.slice(0, at % request.length),
  (at, junk) => request => request.slice(0, at % request.length) + junk + request.slice(at % request.length),
  () => request => request.replace(/host: [^\r]*\r\n/, ''),
  () => request => request.replace(/host: /, 'host: x\r\nhost: '),
  () => request => request.replace('HTTP/1.1', 'HTTP/1.0'),
  () => request => request.replace('HTTP/1.1', 'HTTP/2.0'),
  () => request => request.replaceAll('\r\n', '\n'),
  () => request => request.replace('\r\n', `\r\nx-long: ${'y'.repeat(20_000)}\r\n`),
  () => request => request.replace(/^(\S+ \/?)/, `$1${'z'.repeat(2_000)}`),
  () => request => request.replace(/^(\S+) /, '$1 http://localhost:1'),
  () => request => request.replace(/content-length: \d+/, 'content-length: 999'),
  () => request => request.replace(/content-length: \d+/, 'content-length: -1'),
  () => request => request.replace(/content-length: \d+/, 'transfer-encoding: chunked'),
  () => request => request.replace('\r\n', '\r\ntransfer-encoding: chunked\r\n'),
  () => request => request.replace('\r\n', '\r\nexpect: x\r\n'),
  () => request => request.replace('\r\n', '\r\nconnection: upgrade\r\nupgrade: websocket\r\n'),
  (_at, junk) => request => request.replace('\r\n', `\r\n${junk}: ${junk}\r\n`),
  () => request => request + request,
  () => request => `\r\n\r\n${request}`,
  () => request => request.toLowerCase(),
  () => request => request.replace(/^\S+/, 'CONNECT'),
]

export function mangled(request: FuzzRequest): fc.Arbitrary<FuzzRequest> {
  const change = fc.tuple(fc.nat(MANGLES.length - 1), fc.nat(2000), nastyText)
  return fc.array(change, { minLength: 1, maxLength: 2 }).map(changes => ({
    ...request,
    name: `mangled ${request.name}`,
    mangle: (bytes: string) =>
      changes.reduce((all, [which, at, junk]) => (all === '' ? all : (MANGLES[which]?.(at, junk)(all) ?? all)), bytes),
  }))
}
