// Certificates by the name that a client asks for (Server Name Indication), each made at its first use.
import type { SecureContext, SecureContextOptions, TlsOptions } from 'node:tls'
import { createSecureContext } from 'node:tls'
import { LRUCache } from 'lru-cache'
import type { Authority, Subjects } from './authority.ts'

/** The maximum number of certificates that are kept. Certificates for other names are made again. */
const MAX_NAMES = 500

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_][a-z0-9_-]{0,62})*$/

/**
 * TLS options with a certificate of the authority for every name that is asked for: clients such as Node do not accept
 * `*.localhost`. Clients that connect to an IP address ask for no name and get a certificate for `subjects`.
 */
export async function certificatesOf(authority: Authority, subjects: Subjects): Promise<TlsOptions> {
  const byName = new LRUCache<string, Promise<SecureContext>>({ max: MAX_NAMES })
  const contextFor = (name: string) => {
    const known = byName.get(name)
    if (known) return known
    const context = authority.issue({ names: [name] }).then(createSecureContext)
    byName.set(name, context)
    return context
  }
  const initial: SecureContextOptions = await authority.issue(subjects)
  return {
    ...initial,
    SNICallback(asked, done) {
      const name = asked.toLowerCase()
      // Without a context, Node uses the certificate for `subjects`.
      if (!HOST_NAME.test(name)) return done(null)
      contextFor(name).then(
        context => done(null, context),
        (error: Error) => done(error),
      )
    },
  }
}
