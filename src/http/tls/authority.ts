// A certificate authority that exists as long as the server. Clients that trust it accept the server's TLS certificates.
import { webcrypto } from 'node:crypto'
import { BitString, Integer, OctetString, Utf8String } from 'asn1js'
import ipaddr from 'ipaddr.js'
import {
  AttributeTypeAndValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  Extension,
  ExtKeyUsage,
  GeneralName,
  GeneralNames,
  RelativeDistinguishedNames,
  Time,
} from 'pkijs'
import { hostNow } from '../../sandbox/clock/clock.ts'
import { DAY_MS } from '../../sandbox/clock/durations.ts'
import { freshBytes } from '../../sandbox/random.ts'

/** Of the authority and of what it signs, by the clock of the machine. */
const VALID_MS = 30 * DAY_MS

/** Clients whose clock is a little behind accept the certificates as well. */
const CLOCK_SKEW_MS = 300_000

type CryptoKey = webcrypto.CryptoKey
type CryptoKeyPair = webcrypto.CryptoKeyPair

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' }
const NAME = 'Firedrill certificate authority of one run'

/** Object identifiers of RFC 5280. */
const OID = {
  commonName: '2.5.4.3',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
}

const KEY_USAGE = { digitalSignature: 0x80, keyCertSignAndCrlSign: 0x06 }

/** The tags of the two kinds of subject alternative name. */
const DNS_NAME = 2
const IP_ADDRESS = 7

/** PEM, as Node's TLS takes it. */
export interface CertificateAndKey {
  cert: string
  key: string
}

/** What a certificate is valid for: DNS names and IP addresses. */
export interface Subjects {
  names: readonly string[]
  addresses?: readonly string[]
}

export class Authority {
  /** Its own certificate, as PEM. */
  readonly certificate: string
  readonly #keys: CryptoKeyPair
  readonly #keyId: ArrayBuffer
  /** One key serves all certificates that are signed. */
  readonly #leafPublicKey: CryptoKey
  readonly #leafKey: string

  private constructor(certificate: string, keys: CryptoKeyPair, keyId: ArrayBuffer, leaf: CryptoKey, leafKey: string) {
    this.certificate = certificate
    this.#keys = keys
    this.#keyId = keyId
    this.#leafPublicKey = leaf
    this.#leafKey = leafKey
  }

  /** With new keys each time. The authority's private key cannot be exported. */
  static async create(): Promise<Authority> {
    const { subtle } = webcrypto
    const keys = (await subtle.generateKey(ALGORITHM, false, ['sign', 'verify'])) as CryptoKeyPair
    const leaf = (await subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])) as CryptoKeyPair
    const keyId = await subtle.digest('SHA-1', await subtle.exportKey('raw', keys.publicKey))
    const certificate = await sign(keys.publicKey, keys.privateKey, NAME, [
      extension(OID.basicConstraints, true, new BasicConstraints({ cA: true, pathLenConstraint: 0 }).toSchema()),
      extension(OID.keyUsage, true, bits(KEY_USAGE.keyCertSignAndCrlSign)),
      extension(OID.subjectKeyIdentifier, false, new OctetString({ valueHex: keyId })),
    ])
    const leafKey = pem('PRIVATE KEY', await subtle.exportKey('pkcs8', leaf.privateKey))
    return new Authority(certificate, keys, keyId, leaf.publicKey, leafKey)
  }

  /** A server certificate for these names and addresses. */
  async issue({ names, addresses = [] }: Subjects): Promise<CertificateAndKey> {
    const subjects = [
      ...names.map(value => new GeneralName({ type: DNS_NAME, value })),
      ...addresses.map(address => new GeneralName({ type: IP_ADDRESS, value: addressBytes(address) })),
    ]
    const authority = new AuthorityKeyIdentifier({ keyIdentifier: new OctetString({ valueHex: this.#keyId }) })
    const cert = await sign(this.#leafPublicKey, this.#keys.privateKey, 'Firedrill', [
      extension(OID.basicConstraints, true, new BasicConstraints({ cA: false }).toSchema()),
      extension(OID.keyUsage, true, bits(KEY_USAGE.digitalSignature)),
      extension(OID.extKeyUsage, false, new ExtKeyUsage({ keyPurposes: [OID.serverAuth] }).toSchema()),
      extension(OID.authorityKeyIdentifier, false, authority.toSchema()),
      extension(OID.subjectAltName, false, new GeneralNames({ names: subjects }).toSchema()),
    ])
    return { cert, key: this.#leafKey }
  }
}

async function sign(
  publicKey: CryptoKey,
  signer: CryptoKey,
  subject: string,
  extensions: Extension[],
): Promise<string> {
  const certificate = new Certificate()
  certificate.version = 2
  certificate.serialNumber = new Integer({ valueHex: serialNumber() })
  certificate.subject = distinguishedName(subject)
  certificate.issuer = distinguishedName(NAME)
  const now = hostNow()
  certificate.notBefore = new Time({ value: new Date(now - CLOCK_SKEW_MS) })
  certificate.notAfter = new Time({ value: new Date(now + VALID_MS) })
  certificate.extensions = extensions
  await certificate.subjectPublicKeyInfo.importKey(publicKey)
  await certificate.sign(signer, 'SHA-256')
  return pem('CERTIFICATE', certificate.toSchema(true).toBER())
}

/** 16 bytes; positive, and with a first byte that is not zero, as DER needs it. */
function serialNumber(): ArrayBuffer {
  const [first = 0, ...rest] = freshBytes(16)
  return Uint8Array.from([(first & 0x3f) | 0x40, ...rest]).buffer
}

function distinguishedName(commonName: string): RelativeDistinguishedNames {
  const value = new Utf8String({ value: commonName })
  return new RelativeDistinguishedNames({
    typesAndValues: [new AttributeTypeAndValue({ type: OID.commonName, value })],
  })
}

function extension(extnID: string, critical: boolean, value: { toBER(): ArrayBuffer }): Extension {
  return new Extension({ extnID, critical, extnValue: value.toBER() })
}

function addressBytes(address: string): OctetString {
  return new OctetString({ valueHex: Uint8Array.from(ipaddr.parse(address).toByteArray()).buffer })
}

function bits(byte: number): BitString {
  return new BitString({ valueHex: Uint8Array.of(byte).buffer })
}

function pem(label: string, der: ArrayBuffer): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}
