// The policy headers of every HTML response: pages of the APIs that links lead to, their errors, the console and /docs.
import t, { type Test } from 'tap'
import { tokenOf } from '../../apis/arcgis/client.ts'
import { LIST, signedIn, WEB } from '../../apis/disaster-recovery-files/web-client.ts'
import { type Answer, boot, type Call, call } from '../../helpers.ts'

/** Everything is forbidden but what is listed, and nothing inline but styles that are named by their hash. */
function checkPolicy(t: Test, { headers, text }: Answer, name: string): void {
  const policy = String(headers['content-security-policy'])
  t.match(policy, /^default-src 'none';/, name)
  for (const directive of ["base-uri 'none'", "frame-ancestors 'none'", 'form-action ']) {
    t.ok(policy.includes(directive), `${name}: ${directive}`)
  }
  t.notMatch(policy, /unsafe|\*|https?:/, name)
  t.equal(headers['x-content-type-options'], 'nosniff', name)
  t.match(headers['referrer-policy'], /^(no-referrer|same-origin)$/, name)
  t.match(headers['cache-control'], /^no-(store|cache)$/, name)
  t.notMatch(text, /<[^>]*\s(?:style|on\w+)\s*=/i, `${name}: no inline styles or scripts`)
  for (const [, attributes = ''] of text.matchAll(/<script\b([^>]*)>/g)) t.match(attributes, /\ssrc="/, name)
}

const isHtml = ({ headers }: Answer) => /^text\/html/.test(headers['content-type'] ?? '')

function linksIn({ text }: Answer): string[] {
  return [...text.matchAll(/<a\b[^>]*\shref="([^"]*)"/g)].map(([, href = '']) => href.replaceAll('&amp;', '&'))
}

/** Follows all links below `base` from `start`, and checks every page. Returns how many there were. */
async function crawl(t: Test, get: (path: string) => Promise<Answer>, start: string, base: string): Promise<number> {
  const pending = [start]
  const seen = new Set(pending)
  let pages = 0
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const answer = await get(path)
    if (!isHtml(answer)) continue
    pages += 1
    checkPolicy(t, answer, path)
    const { location } = answer.headers
    for (const href of [...linksIn(answer), ...(location === undefined ? [] : [location])]) {
      const { pathname, search } = new URL(href, `http://localhost${path}`)
      if (!pathname.startsWith(base) || /logout|sign-out|f=p?json/.test(href) || seen.has(pathname + search)) continue
      seen.add(pathname + search)
      pending.push(pathname + search)
    }
  }
  return pages
}

t.test('the pages that links lead to', async t => {
  const server = await boot(t)
  const cookie = `agsadmintoken=${await tokenOf(server)}`
  const directory = (path: string) => call(server, { path, headers: { cookie }, contract: false })
  t.ok((await crawl(t, directory, '/arcgis/admin', '/arcgis/admin')) > 20)
  const browser = await signedIn(server)
  t.ok((await crawl(t, path => browser.get(path), LIST, WEB)) >= 3)
})

t.test('error pages, sign-in pages, and the pages of the server', async t => {
  const server = await boot(t)
  const html = { accept: 'text/html' }
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const pages: Readonly<Record<string, Call>> = {
    console: { path: '/', headers: html },
    docs: { path: '/docs' },
    'ArcGIS sign-in': { path: '/arcgis/admin/login' },
    'wrong password': { method: 'POST', path: '/arcgis/admin/login', headers: form, body: 'username=a&password=b' },
    'unknown page': { path: '/arcgis/admin/nope' },
    'ArcGIS without a token': { path: '/arcgis/admin/jobs' },
    'wrong method': { method: 'DELETE', path: '/arcgis/admin/jobs' },
    'ArcGIS portal': { path: '/arcgis/sharing/rest/nope?f=html' },
    'web sign-in': { path: `${WEB}/sign-in` },
    'web wrong password': { method: 'POST', path: `${WEB}/sign-in`, headers: form, body: 'username=a&password=b' },
    'web without a session': { path: LIST },
    'web unknown page': { path: `${WEB}/nope` },
    'web wrong method': { method: 'DELETE', path: LIST },
    'web unreadable body': {
      method: 'POST',
      path: `${WEB}/sign-in`,
      headers: { 'content-type': 'text/plain' },
      body: 'x',
    },
  }
  for (const [name, what] of Object.entries(pages)) {
    const answer = await call(server, { ...what, contract: false })
    t.ok(isHtml(answer), `${name} is a page`)
    checkPolicy(t, answer, name)
  }
})
