// Shared by the tests of the ArcGIS directory: pages and forms as a browser requests them.
import type { Test } from 'tap'
import { type Answer, boot, call } from '../../helpers.ts'
import { encode, type Fields, FORM, tokenOf } from './client.ts'

export const siteadmin = { username: 'siteadmin', password: 'siteadmin.pass1' }

/** A server, and the session of a user who has signed in with a browser. */
export async function browse(t: Test, options = {}) {
  const server = await boot(t, options)
  const token = await tokenOf(server)
  const cookie = { cookie: `agsadmintoken=${token}` }
  const page = (path: string, headers: Record<string, string> = cookie) =>
    call(server, { path, headers, contract: false })
  const submit = (path: string, fields: Fields, headers = {}) =>
    call(server, { method: 'POST', path, headers: { ...FORM, ...headers }, body: encode(fields), contract: false })
  return { server, token, cookie, page, submit }
}

/** The links in a page by their text. */
export function linksIn({ text }: Answer): Record<string, string> {
  const links = [...text.matchAll(/<a href="([^"]*)">([^<]*)<\/a>/g)]
  return Object.fromEntries(links.map(([, href = '', name]) => [name, unescaped(href)]))
}

/** The targets of all links in a page. */
export function hrefsIn({ text }: Answer): string[] {
  return [...text.matchAll(/<a href="([^"]*)">/g)].map(([, href = '']) => unescaped(href))
}

function unescaped(html: string): string {
  return html.replaceAll(/&#(\d+);/g, (_reference, code) => String.fromCodePoint(Number(code))).replaceAll('&amp;', '&')
}

export function isPage(t: Test, answer: Answer): void {
  t.equal(answer.status, 200)
  t.equal(answer.headers['content-type'], 'text/html;charset=utf-8')
  t.match(
    answer.headers['content-security-policy'],
    /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self';/,
  )
  t.equal(answer.headers['x-content-type-options'], 'nosniff')
  t.equal(answer.headers['cache-control'], 'no-store')
  t.match(answer.text, /^<!doctype html>\n<html lang="en">/)
}
