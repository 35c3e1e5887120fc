// Writes docs/demo-authenticator.svg, the QR code with which an authenticator app gets the secret of a demo user.
import { TOTP } from 'otpauth'
import encodeQR from 'qr'
import fixture from '../fixtures/disaster-recovery-files.json' with { type: 'json' }

const BORDER_MODULES = 4

/** The URI that the app reads. */
export function authenticatorUri(): string {
  const user = fixture.users.find(({ username }) => username === 'primary')
  return new TOTP({ issuer: 'Firedrill', label: 'primary', secret: user?.totpSecret ?? '' }).toString()
}

/** Black on white, also on dark pages. */
export function authenticatorQr(): string {
  const svg = encodeQR(authenticatorUri(), 'svg', { border: BORDER_MODULES })
  return `${svg.replace(/(<svg [^>]*)>/, '$1 width="240" height="240" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h100v100H0Z"/>')}\n`
}
