// disaster-recovery-files: the pages with forms: sign in, request the archive password, generate an API key.
import { html } from 'ghtml'
import type { Page } from '../../../http/html.ts'
import type { Frame } from './frame.ts'
import { alert, type Field, form, layout } from './layout.ts'

const PASSWORD: Field = { name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password' }
const CODE: Field = {
  name: 'code',
  label: 'Six-digit code from your authenticator app',
  autocomplete: 'one-time-code',
  numeric: true,
}

/** What a form shows when it is shown again. */
export interface Retry {
  message?: string | undefined
  /** Of the field with that name. */
  username?: string | undefined
}

/** `next` is the page to open after signing in. */
export function signInPage(frame: Frame, { message, username = '', next }: Retry & { next: string }): Page {
  const fields: Field[] = [{ name: 'username', label: 'Username', value: username, autocomplete: 'username' }, PASSWORD]
  const action = `${frame.basePath}/sign-in`
  const body = html`!${alert(message)}
!${form({ action, submit: 'Sign in', fields, hidden: { next } })}`
  return layout({ ...frame, user: undefined }, 'Sign in', body)
}

export function archivePasswordPage(frame: Frame, { message }: Retry = {}): Page {
  const action = `${frame.basePath}/archive-password`
  const body = html`<p>All archives are encrypted with a single platform-wide password. Confirm your identity to see it.</p>
!${alert(message)}
!${form({ action, submit: 'Request Archive Password', fields: [CODE] })}`
  return layout(frame, 'Request Archive Password', body)
}

export function archivePasswordShownPage(frame: Frame, password: string): Page {
  return shownOnce(frame, 'Request Archive Password', 'Archive password', password)
}

/** `usernames` are the users whose keys the caller may replace. */
export function apiKeyPage(frame: Frame, usernames: readonly string[], { message, username }: Retry = {}): Page {
  const choice = { name: 'username', label: 'User', values: usernames, value: username ?? frame.user?.username ?? '' }
  const action = `${frame.basePath}/api-key`
  const body = html`<p>Each user has one API key. A new key is shown once, and the key before it is no longer valid.</p>
!${alert(message)}
!${form({ action, submit: 'Generate API key', choice, fields: [PASSWORD, CODE] })}`
  return layout(frame, 'API Key', body)
}

export function apiKeyShownPage(frame: Frame, username: string, apiKey: string): Page {
  return shownOnce(frame, `API Key of ${username}`, 'API key', apiKey)
}

function shownOnce(frame: Frame, title: string, label: string, value: string): Page {
  const body = html`<p class="secret">${label}: ${value}</p>
<p>Keep it in a safe place. This page shows it only once.</p>`
  return layout(frame, title, body)
}
