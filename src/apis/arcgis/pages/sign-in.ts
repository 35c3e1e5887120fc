// arcgis: the sign-in page.
import { Type } from '@sinclair/typebox'
import { html } from 'ghtml'
import { secret } from '../../../../schemas/secret.ts'
import type { Page } from '../../../http/html.ts'
import type { Frame } from '../frame.ts'
import { form } from './form.ts'
import { layout } from './layout.ts'

const CREDENTIALS = Type.Object({ username: Type.String(), password: Type.String(secret) })

/** What the page shows besides its fields. */
export interface SignIn {
  /** The page to open after signing in. */
  redirect: string | undefined
  /** As it was submitted. */
  username?: string | undefined
  message?: string | undefined
}

export function signInPage(frame: Frame, { redirect, username = '', message }: SignIn): Page {
  const alert = message === undefined ? '' : html`<p class="error" role="alert">${message}</p>`
  const fields = form({
    action: `${frame.contextPath}/admin/login`,
    submit: 'Login',
    body: CREDENTIALS,
    state: { values: { username }, problems: {} },
    hidden: { redirect },
  })
  return layout(frame, 'Login', html`!${alert}!${fields}`)
}
