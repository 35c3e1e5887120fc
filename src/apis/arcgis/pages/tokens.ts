// arcgis: the pages for generating a token and for signing in.
import { html } from 'ghtml'
import type { ArcgisToken } from '../../../../schemas/arcgis.ts'
import type { Page } from '../../../http/html.ts'
import type { Frame } from '../frame.ts'
import { type Field, form, layout, properties } from './layout.ts'

const credentials: Field[] = [
  { name: 'username', label: 'Username', required: true },
  { name: 'password', label: 'Password', type: 'password', required: true },
]

export function generateTokenPage(frame: Frame): Page {
  const fields: Field[] = [
    ...credentials,
    { name: 'client', label: 'Client', value: 'requestip', hint: 'referer, ip or requestip' },
    { name: 'referer', label: 'Referer', hint: 'Required when the client is referer' },
    { name: 'ip', label: 'IP address', hint: 'Required when the client is ip' },
    { name: 'expiration', label: 'Expiration', type: 'number', value: '60', hint: 'In minutes' },
  ]
  const body = form({ action: frame.path, submit: 'Generate Token', fields, formats: true })
  return layout(frame, 'Generate Token', body)
}

export function tokenPage(frame: Frame, token: ArcgisToken): Page {
  return layout(frame, 'Generate Token', properties(token))
}

/** `redirect` is the page to open after signing in. */
export function signInPage(
  frame: Frame,
  { redirect, message }: { redirect: string | undefined; message?: string | undefined },
): Page {
  const alert = message === undefined ? '' : html`<p class="error" role="alert">${message}</p>`
  const action = `${frame.contextPath}/admin/login`
  const fields = form({ action, submit: 'Login', fields: credentials, hidden: { redirect } })
  return layout(frame, 'Login', html`!${alert}!${fields}`)
}
