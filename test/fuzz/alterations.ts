// Small changes of fuzzed requests: to a method or path that no operation has, or to bytes that may not be HTTP.
import fc from 'fast-check'
import type { FuzzRequest } from './requests.ts'
import { sendable } from './texts.ts'
import { UNEXPECTED_TEXTS, unexpectedText } from './values.ts'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY', 'TRACE', 'PROPFIND', 'MKCOL']
const TARGETS = [
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
  '/@base',
  '*',
  '/favicon.ico',
  '/.well-known/x',
]

/** The request with any method, and with its own path, a similar one, or one of the list. */
export function otherTarget(request: FuzzRequest): fc.Arbitrary<FuzzRequest> {
  const changed = (target: string): fc.Arbitrary<string> =>
    fc.oneof(
      fc.constant(target),
      fc.constantFrom(...TARGETS),
      fc.constantFrom(...UNEXPECTED_TEXTS).map(tail => `${target.split('?')[0]}/${sendable(tail)}`),
      fc.constant(target.replaceAll('/', '//')),
      fc.nat(target.length).map(end => target.slice(0, Math.max(end, 1))),
    )
  return fc
    .tuple(fc.constantFrom(...METHODS), changed(request.target))
    .map(([method, target]) => ({ ...request, name: `other target than ${request.name}`, method, target }))
}

/** Changes of the whole request as text. The result may or may not be HTTP. */
const BYTE_CHANGES: readonly ((at: number, inserted: string) => (request: string) => string)[] = [
  at => request => request.slice(0, at % request.length),
  (at, inserted) => request => request.slice(0, at % request.length) + inserted + request.slice(at % request.length),
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
  (_at, inserted) => request => request.replace('\r\n', `\r\n${inserted}: ${inserted}\r\n`),
  () => request => request + request,
  () => request => `\r\n\r\n${request}`,
  () => request => request.toLowerCase(),
  () => request => request.replace(/^\S+/, 'CONNECT'),
]

/** The request with one or two changes of its bytes. */
export function changedBytes(request: FuzzRequest): fc.Arbitrary<FuzzRequest> {
  const change = fc.tuple(fc.nat(BYTE_CHANGES.length - 1), fc.nat(2000), unexpectedText)
  return fc.array(change, { minLength: 1, maxLength: 2 }).map(changes => ({
    ...request,
    name: `changed bytes of ${request.name}`,
    changeBytes: (bytes: string) =>
      changes.reduce(
        (all, [which, at, inserted]) => (all === '' ? all : (BYTE_CHANGES[which]?.(at, inserted)(all) ?? all)),
        bytes,
      ),
  }))
}
