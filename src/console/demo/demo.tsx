// The guided demo (/?demo): real requests in a sandbox of its own, which it creates and deletes. It can be left at any time.
import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { Sandbox } from '../../../schemas/control.ts'
import { Button, IconButton } from '../components/button.tsx'
import { connection, noteChange, retryNow } from '../state/events.ts'
import { call } from '../state/server.ts'
import { useShortcuts } from '../state/shortcuts.ts'
import { withToast } from '../state/toasts.ts'
import { goTo, hasParam, param, sandboxName } from '../state/url.ts'
import { listAbandoned, markAsShown, remember } from './abandoned.ts'
import { steps } from './steps.ts'

/** No other sandbox has such a name, for the demo deletes its own. */
const PREFIX = 'guided-demo-'
const START = '2026-06-10T12:00:00Z'

const isMissing = () => connection.value.state === 'refused' && connection.value.status === 404

const address = (parameters: Readonly<Record<string, string | undefined>>) => {
  const given = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const query = new URLSearchParams(given).toString()
  return query === '' ? location.pathname : `${location.pathname}?${query}`
}

/** Deletes the sandboxes of earlier demos in this browser whose tabs were closed, and creates one. */
async function createSandbox(): Promise<string> {
  const sandboxes = (await call<Sandbox[]>('/sandboxes')).map(({ name }) => name)
  const abandoned = await listAbandoned(sandboxes)
  // Another demo may delete the same ones at the same time.
  await Promise.allSettled(abandoned.map(deleteSandbox))
  const name = newName()
  await call('/sandboxes', { method: 'POST', body: { name, from: 'fixture', clock: `frozen:${START}` } })
  remember(name, sandboxes)
  return name
}

/** Several people can see the demo at the same time, and a name is never used again, so that no demo deletes the sandbox of another. */
function newName(): string {
  const [number = 0] = crypto.getRandomValues(new Uint32Array(1))
  return PREFIX + number.toString(16).padStart(8, '0')
}

const isOfDemo = (sandbox: string) => sandbox.startsWith(PREFIX) && /^[0-9a-f]{8}$/.test(sandbox.slice(PREFIX.length))

const deleteSandbox = (name: string) => call(`/sandboxes/${encodeURIComponent(name)}`, { method: 'DELETE' })

/** Deletes the sandbox of the demo. */
async function end(shown: Readonly<Record<string, string | undefined>> = {}): Promise<void> {
  const sandbox = sandboxName.peek()
  const isPresent = isOfDemo(sandbox) && !isMissing()
  goTo(address(shown))
  if (isPresent) await deleteSandbox(sandbox)
  noteChange()
}

export function Demo() {
  const sandbox = sandboxName.value
  useEffect(() => (isOfDemo(sandbox) ? markAsShown(sandbox) : undefined), [sandbox])
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
