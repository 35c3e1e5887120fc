// TLS as the options ask for it: with certificates made at start, or with the user's own.
import { readFileSync, writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { TlsOptions } from 'node:tls'
import { type Config, OptionError } from './config.ts'
import type { Subjects } from './http/tls/authority.ts'

export interface Tls {
  options: TlsOptions
  /** The authority that clients must trust, as PEM; undefined with the user's own certificate. */
  authority: string | undefined
}

/** Undefined when the server serves plain HTTP. Throws OptionError. */
export async function openTls(config: Config): Promise<Tls | undefined> {
  checkCombination(config)
  const { tls, tlsCert, tlsKey, host, label } = config
  if (tlsCert !== undefined && tlsKey !== undefined) {
    const options = { cert: read(tlsCert, label('tlsCert')), key: read(tlsKey, label('tlsKey')) }
    try {
      process.getBuiltinModule('node:tls').createSecureContext(options)
    } catch (cause) {
      const files = `${label('tlsCert')} ${tlsCert} and ${label('tlsKey')} ${tlsKey}`
      throw new OptionError(`${files} are not a certificate and its key, both as PEM: ${messageOf(cause)}`, { cause })
    }
    return { options, authority: undefined }
  }
  if (!tls) return undefined
  const [{ Authority }, { certificatesOf }] = await Promise.all([
    import('./http/tls/authority.ts'),
    import('./http/tls/certificates.ts'),
  ])
  const authority = await Authority.create()
  return { options: await certificatesOf(authority, subjectsOf(host)), authority: authority.certificate }
}

/** Writes the authority's certificate for clients to trust. Call it when the server listens: another one may use the file. Throws OptionError. */
export function writeAuthority(authority: string | undefined, { tlsCa, label }: Config): void {
  if (tlsCa === undefined || authority === undefined) return
  try {
    writeFileSync(tlsCa, authority)
  } catch (cause) {
    throw new OptionError(`${label('tlsCa')} ${tlsCa} cannot be written: ${messageOf(cause)}`, { cause })
  }
}

function checkCombination({ tls, tlsCa, tlsCert, tlsKey, httpPort, label }: Config): void {
  const hasOwn = tlsCert !== undefined || tlsKey !== undefined
  if (hasOwn && tlsKey === undefined) throw new OptionError(`${label('tlsCert')} needs ${label('tlsKey')}`)
  if (hasOwn && tlsCert === undefined) throw new OptionError(`${label('tlsKey')} needs ${label('tlsCert')}`)
  if (tlsCa !== undefined && hasOwn) {
    throw new OptionError(
      `${label('tlsCa')} and ${label('tlsCert')} exclude each other: your own certificate has its own authority`,
    )
  }
  if (tlsCa !== undefined && !tls) throw new OptionError(`${label('tlsCa')} needs ${label('tls')}`)
  if (httpPort !== undefined && !tls && !hasOwn) {
    throw new OptionError(`${label('httpPort')} needs ${label('tls')}: without it ${label('port')} serves plain HTTP`)
  }
}

function read(path: string, label: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new OptionError(`${label} ${path} cannot be read: ${messageOf(cause)}`, { cause })
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

/** The names and addresses of a server that listens on `host`, for clients that ask for no other name. */
function subjectsOf(host: string): Subjects {
  const addresses = ['127.0.0.1', '::1', ...addressesOf(host)]
  const names = isIP(host) === 0 && host !== 'localhost' ? ['localhost', host.toLowerCase()] : ['localhost']
  return { names, addresses: [...new Set(addresses)] }
}

/** The addresses of all network interfaces if the server listens on all of them. */
function addressesOf(host: string): string[] {
  if (isIP(host) === 0) return []
  if (host !== '0.0.0.0' && host !== '::') return [host]
  return Object.values(networkInterfaces()).flatMap(all => (all ?? []).map(({ address }) => address))
}
