// Reads the host that a request names. A server keeps the last one that it has read, because most requests name the same.
import { memoizeLast } from '../sandbox/memoize.ts'

export interface Host {
  /** In lower case, without the port; empty if there is none. */
  name: string
  /** The sandbox of a host such as `t1.localhost`. */
  sandbox: string | undefined
  /** Whether it is a host with an optional port, and nothing else: only then may it be copied into links. */
  isAuthority: boolean
  /** `http://host[:port]`, with `localhost` in place of what is not a host and port. */
  httpOrigin: string
}

/** For the host in the `Host` header, and for the one that a proxy adds, which differs from it. */
export interface Hosts {
  sent(host: string | undefined): Host
  forwarded(host: string | undefined): Host
}

/** Each server has its own: the last host that was read is part of its state. */
export function hostReaders(): Hosts {
  return { sent: memoizeLast(readHost), forwarded: memoizeLast(readHost) }
}

const AUTHORITY = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i
const SANDBOX_HOST = /^(.+)\.localhost$/

function readHost(host = ''): Host {
  const name = host.replace(/:\d+$/, '').toLowerCase()
  // URL.canParse rejects ports and addresses that are out of range, which the expression accepts.
  const isAuthority = AUTHORITY.test(host) && URL.canParse(`http://${host}`)
  return {
    name,
    sandbox: SANDBOX_HOST.exec(name)?.[1],
    isAuthority,
    httpOrigin: `http://${isAuthority ? host : 'localhost'}`,
  }
}
