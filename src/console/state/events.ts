// The server-sent events of the shown sandbox, read with `fetch` because EventSource cannot send a token.
import { effect, signal } from '@preact/signals'
import type { ServeEvent } from '../../../schemas/control.ts'
import { inSandbox, ServerError, send } from './server.ts'
import { sandboxName } from './url.ts'

export type Connection =
  | { state: 'connecting' | 'live' }
  /** The connection failed; the page tries again by itself. */
  | { state: 'lost' }
  /** The server answers, but refuses: the sandbox does not exist, or too many listen. */
  | { state: 'refused'; status: number; message: string }

export const connection = signal<Connection>({ state: 'connecting' })

/** Rises whenever anything in the sandbox may have changed. */
export const changes = signal(0)

export interface Listener {
  /** The stream is open: what was known before may be out of date. */
  opened(): void
  requested(event: ServeEvent): void
}

const listeners = new Set<Listener>()

/** Returns a function that ends it. If the stream is open already, `opened` is called at once. */
export function listen(listener: Listener): () => void {
  listeners.add(listener)
  if (connection.peek().state === 'live') listener.opened()
  return () => listeners.delete(listener)
}

const CHANGE_DELAY_MS = 150
const isChangeDue = signal(false)

/** Says that something has changed, at most once in a while. */
export function noteChange(): void {
  if (isChangeDue.peek()) return
  isChangeDue.value = true
  setTimeout(() => {
    isChangeDue.value = false
    changes.value = changes.peek() + 1
  }, CHANGE_DELAY_MS)
}

const FIRST_DELAY_MS = 250
const MAX_DELAY_MS = 4000

/** Ends the wait before the next attempt. */
const retry = signal<() => void>(() => {})
export const retryNow = () => retry.peek()()
addEventListener('online', retryNow)

/** A browser opens about six connections to a server, so a hidden page closes its own after this time. */
const HIDDEN_DELAY_MS = 60_000
const isPaused = signal(false)

function followVisibility(): void {
  const hidden = { timer: 0 }
  document.addEventListener('visibilitychange', () => {
    clearTimeout(hidden.timer)
    if (document.visibilityState === 'hidden') {
      hidden.timer = setTimeout(() => {
        isPaused.value = true
      }, HIDDEN_DELAY_MS)
      return
    }
    isPaused.value = false
    retryNow()
    noteChange()
  })
}

/** Connects to the shown sandbox, and again whenever the connection ends or another sandbox is shown. */
export function startEvents(): void {
  followVisibility()
  effect(() => {
    if (isPaused.value) return
    const controller = new AbortController()
    connection.value = { state: 'connecting' }
    void keepReading(sandboxName.value, controller.signal)
    return () => controller.abort()
  })
}

async function keepReading(sandbox: string, signal: AbortSignal): Promise<void> {
  let delayMs = FIRST_DELAY_MS
  while (!signal.aborted) {
    try {
      const response = await send(inSandbox('/requests/live', sandbox), { signal })
      connection.value = { state: 'live' }
      delayMs = FIRST_DELAY_MS
      for (const listener of listeners) listener.opened()
      changes.value = changes.peek() + 1
      await readEvents(response, signal)
      if (!signal.aborted) connection.value = { state: 'lost' }
    } catch (error) {
      if (signal.aborted) return
      connection.value =
        error instanceof ServerError && error.status !== 0
          ? { state: 'refused', status: error.status, message: error.message }
          : { state: 'lost' }
    }
    const { promise, resolve } = Promise.withResolvers<void>()
    retry.value = resolve
    setTimeout(resolve, delayMs)
    await promise
    delayMs = Math.min(delayMs * 2, MAX_DELAY_MS)
  }
}

async function readEvents(response: Response, signal: AbortSignal): Promise<void> {
  const reader = (response.body as ReadableStream<Uint8Array<ArrayBuffer>>)
    .pipeThrough(new TextDecoderStream())
    .getReader()
  let unread = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done || signal.aborted) return
    const messages = (unread + value).split('\n\n')
    unread = messages.pop() ?? ''
    for (const message of messages) dispatch(message)
  }
}

function dispatch(message: string): void {
  const data = message
    .split('\n')
    .filter(line => line.startsWith('data: '))
    .map(line => line.slice('data: '.length))
    .join('\n')
  if (data === '') return
  const event = JSON.parse(data) as ServeEvent
  for (const listener of listeners) listener.requested(event)
  noteChange()
}
