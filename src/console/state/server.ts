// The client of the control API: requests, the token, and errors in words.
import { computed, signal } from '@preact/signals'
import type { Problem } from '../../../schemas/control.ts'
import { sandboxName, serverUrl } from './url.ts'

/** The server refused, or could not be reached (status 0). The message can be shown as it is. */
export class ServerError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** Kept in memory only: neither in the URL nor in the browser's storage. */
const token = signal<string | undefined>(undefined)

/** Whether the server asked for a token and got one. */
export const hasToken = computed(() => token.value !== undefined)

interface TokenQuestion {
  /** Whether a token was given and refused. */
  wasRefused: boolean
  /** Undefined to give up. */
  answer(token: string | undefined): void
}

/** The question that the token dialog shows. */
export const tokenQuestion = signal<TokenQuestion | undefined>(undefined)
const asked = signal<Promise<boolean> | undefined>(undefined)

/** The person closed the dialog: the page does not ask again by itself. */
const isTokenDeclined = signal(false)

/** The next request that needs a token asks for it, even if the dialog was closed before. */
export function askForTokenAgain(): void {
  isTokenDeclined.value = false
}

/** Asks once for all requests that need a token now. Resolves to whether one was given. */
async function askForToken(): Promise<boolean> {
  if (isTokenDeclined.peek()) return false
  asked.value ??= new Promise<boolean>(resolve => {
    tokenQuestion.value = {
      wasRefused: token.value !== undefined,
      answer(given) {
        token.value = given
        tokenQuestion.value = undefined
        asked.value = undefined
        isTokenDeclined.value = given === undefined
        resolve(given !== undefined)
      },
    }
  })
  return asked.value
}

export interface CallOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  query?: Readonly<Record<string, string | number | boolean | undefined>>
  /** Sent as JSON. */
  body?: unknown
  signal?: AbortSignal
}

/** Sends a request to the control API; the path is the one below `/__admin`. Throws ServerError unless the status is 2xx. */
export async function send(path: string, options: CallOptions = {}): Promise<Response> {
  const { method = 'GET', query = {}, body, signal } = options
  const url = new URL(`${serverUrl}/__admin${path}`)
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value))
  const usedToken = token.value
  const init: RequestInit = {
    method,
    headers: {
      ...(usedToken === undefined ? {} : { authorization: `Bearer ${usedToken}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
    cache: 'no-store',
  }
  const response = await fetch(url, init).catch(error => {
    if (signal?.aborted) throw error
    throw new ServerError(0, 'The server cannot be reached.')
  })
  if (response.ok) return response
  if (response.status === 401) {
    // Another request may have got a token in the meantime.
    if (token.value !== usedToken || (await askForToken())) return send(path, options)
  }
  throw new ServerError(response.status, await problemOf(response))
}

async function problemOf(response: Response): Promise<string> {
  const text = await response.text().catch(() => '')
  try {
    const { detail, title } = JSON.parse(text) as Partial<Problem>
    return detail ?? title ?? text
  } catch {
    return text || `The server answered ${response.status}.`
  }
}

/** The JSON of the response; undefined if it has no body. */
export async function call<Result>(path: string, options?: CallOptions): Promise<Result> {
  const response = await send(path, options)
  const text = await response.text()
  return (text === '' ? undefined : JSON.parse(text)) as Result
}

/** The path of an operation on the shown sandbox, or on another one. */
export function inSandbox(path: string, name = sandboxName.value): string {
  return `/sandboxes/${encodeURIComponent(name)}${path}`
}

/** Saves a response as a file, by default with the name that the server gives it. A link could not send the token. */
export async function saveAs(path: string, fileName?: string): Promise<void> {
  const response = await send(path)
  const [, given] = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '') ?? []
  const blob = await response.blob()
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = fileName ?? given ?? ''
  link.click()
  // The download has started with its own reference to the data by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
