// disaster-recovery-files: the layout of the pages of the web interface: header, menu, forms.
import { html } from 'ghtml'
import { type Page, stylesheet } from '../../../http/html.ts'
import type { Frame } from './frame.ts'

const PLATFORM = 'SAFE Billing Platform'

const style = stylesheet(`
body { margin: 0; font: 15px/1.5 "Segoe UI", Helvetica, Arial, sans-serif; color: #24303c; background: #f4f6f8; }
a { color: #0b5c94; }
header { display: flex; justify-content: space-between; align-items: center; gap: 1rem; flex-wrap: wrap; padding: .7rem 1.5rem; background: #1d3a56; color: #fff; }
header form { margin: 0; }
header span { display: flex; align-items: center; gap: .8rem; }
nav { display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; padding: .5rem 1.5rem; background: #e3e9ef; border-bottom: 1px solid #c8d2dc; }
nav [aria-current] { color: inherit; font-weight: 600; text-decoration: none; }
main { max-width: 60rem; margin: 1.2rem auto; padding: .4rem 1.5rem 1.5rem; background: #fff; border: 1px solid #d9e0e7; border-radius: 6px; overflow-wrap: anywhere; }
h1 { margin: .8rem 0; font-size: 1.4rem; }
table { width: 100%; border-collapse: collapse; }
caption { padding-bottom: .6rem; text-align: left; }
th, td { padding: .4rem .6rem; text-align: left; border-bottom: 1px solid #e3e9ef; }
td.status { white-space: nowrap; }
.mark { display: inline-block; padding: 0 .6rem; border: 1px solid; border-radius: 1rem; white-space: nowrap; }
.downloaded { color: #14612b; background: #dff3e4; }
.saved { color: #12508f; background: #deebfa; }
.new { color: #4a5560; background: #eceff2; }
form.fields { display: grid; gap: .3rem; max-width: 24rem; }
input, select { box-sizing: border-box; width: 100%; padding: .45rem .6rem; margin-bottom: .6rem; font: inherit; border: 1px solid #8b99a6; border-radius: 4px; }
button { justify-self: start; padding: .45rem 1.1rem; font: inherit; color: #fff; background: #0b5c94; border: 0; border-radius: 4px; cursor: pointer; }
header button { padding: .1rem .7rem; background: transparent; border: 1px solid #9db2c6; }
.error { padding: .5rem .9rem; border-left: 4px solid #b3261e; background: #fcebea; }
.secret { padding: .7rem 1rem; border: 1px solid #c8d2dc; border-radius: 4px; background: #f4f6f8; font-size: 1.1rem; }
small { color: #55626e; }
@media (max-width: 40rem) { .dates { display: none; } main { margin: 0; border: 0; border-radius: 0; } }
`)

const MENU = [
  { name: 'Disaster Recovery Files', path: '/disaster-recovery-files' },
  { name: 'Request Archive Password', path: '/archive-password' },
  { name: 'API Key', path: '/api-key' },
] as const

/** `body` must already be escaped. */
export function layout(frame: Frame, title: string, body: string): Page {
  return {
    title: `${title} - ${PLATFORM}`,
    style,
    referrerPolicy: 'same-origin',
    body: html`<header><b>${PLATFORM}</b>!${session(frame)}</header>
!${frame.user ? menu(frame) : ''}
<main>
<h1>${title}</h1>
!${body}
</main>`,
  }
}

function session({ user, basePath }: Frame): string {
  if (!user) return ''
  return html`<span>${user.username}<form method="post" action="${basePath}/sign-out"><button>Sign out</button></form></span>`
}

function menu({ basePath, path }: Frame): string {
  const items = MENU.map(item => {
    const href = basePath + item.path
    return html`<a href="${href}" !${href === path ? 'aria-current="page"' : ''}>${item.name}</a>`
  })
  return html`<nav aria-label="Main menu">!${items}</nav>`
}

export function alert(message: string | undefined): string {
  return message === undefined ? '' : html`<p class="error" role="alert">${message}</p>`
}

export interface Field {
  name: string
  label: string
  type?: 'text' | 'password'
  value?: string
  autocomplete: 'username' | 'current-password' | 'one-time-code'
  numeric?: boolean
}

export interface Form {
  action: string
  submit: string
  fields: readonly Field[]
  hidden?: Readonly<Record<string, string>>
  /** A choice; only shown when there are several. */
  choice?: { name: string; label: string; values: readonly string[]; value: string }
}

export function form({ action, submit, fields, hidden = {}, choice }: Form): string {
  return html`<form class="fields" method="post" action="${action}">
!${Object.entries(hidden).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
!${choice && choice.values.length > 1 ? select(choice) : ''}
!${fields.map(input)}
<button>${submit}</button>
</form>`
}

function select({ name, label, values, value }: NonNullable<Form['choice']>): string {
  const options = values.map(each => html`<option !${each === value ? 'selected' : ''}>${each}</option>`)
  return html`<label for="${name}">${label}</label>
<select id="${name}" name="${name}">!${options}</select>`
}

function input({ name, label, type = 'text', value = '', autocomplete, numeric = false }: Field): string {
  return html`<label for="${name}">${label}</label>
<input type="${type}" id="${name}" name="${name}" value="${value}" autocomplete="${autocomplete}" !${numeric ? 'inputmode="numeric"' : ''} required>`
}
