// What the tests of the web interface of Disaster Recovery Files share: a browser without a screen, and its users' codes.
import type { Firedrill } from '../../../src/index.ts'
import { type Answer, call } from '../../helpers.ts'

export const WEB = '/billing-platform'
export const LIST = `${WEB}/disaster-recovery-files`
export const PASSWORD_PAGE = `${WEB}/archive-password`
export const KEY_PAGE = `${WEB}/api-key`

/** Keeps the session cookie between requests. */
export class Browser {
  readonly #server: Firedrill
  readonly #headers: Record<string, string>
  cookie = ''

  constructor(server: Firedrill, headers: Record<string, string> = {}) {
    this.#server = server
    this.#headers = headers
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.#send('GET', path, headers)
  }

  post(path: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> {
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    return this.#send('POST', path, { ...type, ...headers }, String(new URLSearchParams(fields)))
  }

  async #send(method: string, path: string, headers: Record<string, string>, body?: string): Promise<Answer> {
    const cookie: Record<string, string> = this.cookie === '' ? {} : { cookie: this.cookie }
    // Pages that only contain a form are no operations of the contract.
    const contract = method === 'POST' || path.startsWith(LIST)
    const all = { ...this.#headers, ...cookie, ...headers }
    const answer = await call(this.#server, { method, path, headers: all, body, contract })
    const [setCookie] = [answer.headers['set-cookie'] ?? []].flat()
    if (setCookie !== undefined) this.cookie = String(setCookie).split(';')[0] ?? ''
    return answer
  }
}

export async function signedIn(server: Firedrill, username = 'primary'): Promise<Browser> {
  const browser = new Browser(server)
  await browser.post(`${WEB}/sign-in`, { username, password: `${username}.pass1` })
  return browser
}

/** What the authenticator app of the user shows now. */
export function codeOf(server: Firedrill, username = 'primary'): string {
  const found = server.default.oneTimeCodes().find(code => code.username === username)
  return found?.code ?? ''
}

/** The text of the page's alert. */
export function alertOf({ text }: Answer): string | undefined {
  return /role="alert">([^<]*)</.exec(text)?.[1]
}
