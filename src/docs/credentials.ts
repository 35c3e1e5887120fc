// Fills in the credentials of the demo data, so that requests can be sent at once.
import type { DescribedApi, TokenRequest } from './settings.ts'
import type { ReceivedResponse, SentRequest, SwaggerUI } from './swagger-ui.ts'

export class Credentials {
  readonly #values: readonly (readonly [scheme: string, value: string])[]
  readonly #tokenRequest: TokenRequest | undefined
  #token: Promise<string> | undefined

  constructor({ credentials }: DescribedApi) {
    const entries = Object.entries(credentials)
    this.#values = entries.flatMap(([scheme, value]) => (typeof value === 'string' ? [[scheme, value] as const] : []))
    this.#tokenRequest = entries.map(([, value]) => value).find(value => typeof value !== 'string')
  }

  fillIn(ui: SwaggerUI): void {
    for (const [scheme, value] of this.#values) ui.preauthorizeApiKey(scheme, value)
  }

  /** Where the API hands out tokens, the first request that needs one signs in as the demo user. */
  async addToken(request: SentRequest): Promise<SentRequest> {
    const { pathname, searchParams } = new URL(request.url, location.href)
    const isSent =
      'Authorization' in request.headers || 'X-Esri-Authorization' in request.headers || searchParams.has('token')
    if (!this.#tokenRequest || isSent || pathname.endsWith(`/${this.#tokenRequest.path}`)) return request
    this.#token ??= tokenFor(this.#tokenRequest)
    try {
      request.headers.Authorization = `Bearer ${await this.#token}`
    } catch {
      // Signing in failed, for example because of a fault. The API answers that a token is missing; the next request tries again.
      this.#token = undefined
    }
    return request
  }

  /** A token may have expired, because time is moved. Then the next request signs in again. */
  check({ text = '' }: ReceivedResponse): void {
    if (this.#tokenRequest && text.includes(this.#tokenRequest.expired)) this.#token = undefined
  }
}

async function tokenFor({ path, form, field }: TokenRequest): Promise<string> {
  const response = await fetch(path, { method: 'POST', body: new URLSearchParams(form) })
  const answer = (await response.json()) as Record<string, unknown>
  const token = answer[field]
  if (typeof token !== 'string') throw new Error(`the demo user cannot sign in: ${JSON.stringify(answer)}`)
  return token
}
