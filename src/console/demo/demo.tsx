// The guided demo (/?demo): real requests in a sandbox of its own, which it creates and deletes. It can be left at any time.
import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { Sandbox } from '../../../schemas/control.ts'
import { Button, IconButton } from '../components/button.tsx'
import { connection, noteChange, retryNow } from '../state/events.ts'
import { call, ServerError } from '../state/server.ts'
import { useShortcuts } from '../state/shortcuts.ts'
import { withToast } from '../state/toasts.ts'
import { goTo, hasParam, param, sandboxName } from '../state/url.ts'
import { steps } from './steps.ts'

/** No other sandbox has such a name, for the demo deletes its own. */
const PREFIX = 'guided-demo-'
const START = '2026-06-10T12:00:00Z'
const CONFLICT = 409

const isMissing = () => connection.value.state === 'refused' && connection.value.status === 404

const address = (parameters: Readonly<Record<string, string | undefined>>) => {
  const given = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const query = new URLSearchParams(given).toString()
  return query === '' ? location.pathname : `${location.pathname}?${query}`
}

/** Creates a sandbox with a free name, because several people can see the demo at the same time. */
async function createSandbox(): Promise<string> {
  const taken = new Set((await call<Sandbox[]>('/sandboxes')).map(({ name }) => name))
  for (let number = 1; ; number++) {
    const name = `${PREFIX}${number}`
    if (taken.has(name)) continue
    try {
      await call('/sandboxes', { method: 'POST', body: { name, from: 'fixture', clock: `frozen:${START}` } })
      return name
    } catch (error) {
      // Another demo has started with this name in the meantime.
      if (!(error instanceof ServerError) || error.status !== CONFLICT) throw error
    }
  }
}

const isOfDemo = (sandbox: string) => sandbox.startsWith(PREFIX) && /^\d+$/.test(sandbox.slice(PREFIX.length))

/** Deletes the sandbox of the demo. */
async function end(shown: Readonly<Record<string, string | undefined>> = {}): Promise<void> {
  const sandbox = sandboxName.peek()
  const isPresent = isOfDemo(sandbox) && !isMissing()
  goTo(address(shown))
  if (isPresent) await call(`/sandboxes/${encodeURIComponent(sandbox)}`, { method: 'DELETE' })
  noteChange()
}

export function Demo() {
  return hasParam('demo') ? <Guide /> : null
}

function Guide() {
  const isBusy = useSignal(false)
  const panel = useRef<HTMLElement>(null)
  const number = Number(param('demo') ?? 0)
  // A link to a step may be opened after the sandbox was deleted.
  const step = isOfDemo(sandboxName.value) && !isMissing() ? steps[number - 1] : undefined
  const shown = step ? number : 0

  useEffect(() => panel.current?.querySelector<HTMLElement>('.primary')?.focus(), [shown])

  const perform = async (action: () => Promise<unknown>) => {
    if (isBusy.peek()) return
    isBusy.value = true
    await withToast(action)
    isBusy.value = false
  }
  const start = async () => {
    const sandbox = await createSandbox()
    goTo(address({ demo: '1', sandbox, view: 'requests' }))
    retryNow()
  }
  const next = async () => {
    if (!step) return start()
    const after = await step.run()
    if (shown === steps.length) return end(after)
    goTo(address({ demo: String(shown + 1), sandbox: sandboxName.peek(), ...after }))
  }
  useShortcuts([
    { key: 'N', title: 'Next step of the demo', run: () => void perform(next) },
    { key: 'X', title: 'Leave the demo', run: () => void perform(() => end()) },
  ])
  return (
    <aside ref={panel} class="demo" aria-label="Guided demo">
      <div role="status">
        <p class="demo-progress">{step ? `Step ${shown} of ${steps.length}` : 'Guided demo'}</p>
        <h2>{step ? step.title : 'Firedrill in three minutes'}</h2>
        <p>
          {step
            ? step.text
            : 'A backup, a jump in time, and a fault: real requests to a real API, in a sandbox that the demo creates and deletes. You can leave at any time.'}
        </p>
      </div>
      <div class="actions">
        <Button look="primary" icon="play" aria-busy={isBusy.value} onClick={() => perform(next)}>
          {step ? step.action : 'Start'}
        </Button>
        <IconButton icon="close" label="Leave the demo" onClick={() => perform(() => end())} />
      </div>
    </aside>
  )
}
