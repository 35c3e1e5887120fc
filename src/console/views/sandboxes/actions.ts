// What a person does with sandboxes: each action says how it ended, and has the page read everything again.
import type { Sandbox, SandboxRequest } from '../../../../schemas/control.ts'
import { noteChange } from '../../state/events.ts'
import { serverResource } from '../../state/resource.ts'
import { call, inSandbox } from '../../state/server.ts'
import { withToast } from '../../state/toasts.ts'
import { goTo, hrefOfView } from '../../state/url.ts'

/** Of all sandboxes. */
export const snapshots = serverResource<{ name: string }[]>('/snapshots')
export const scenarios = serverResource<{ name: string }[]>('/scenarios')

/** Creates a sandbox and shows it. Resolves to whether it was created. */
export async function create(request: SandboxRequest): Promise<boolean> {
  const isCreated = await withToast(
    () => call<Sandbox>('/sandboxes', { method: 'POST', body: request }),
    `Sandbox ${request.name} created`,
  )
  if (isCreated) goTo(hrefOfView('sandboxes', { sandbox: request.name }))
  noteChange()
  return isCreated
}

/** Deletes a sandbox; the default one is shown instead of it from before, so that nothing is read from it any more. */
export async function drop(name: string, shown: string): Promise<void> {
  if (name === shown) goTo(hrefOfView('sandboxes', { sandbox: 'default' }))
  await call(`/sandboxes/${encodeURIComponent(name)}`, { method: 'DELETE' })
  noteChange()
}

export async function reset(name: string): Promise<void> {
  await call(inSandbox('/reset', name), { method: 'POST' })
  noteChange()
}

export async function takeSnapshot(sandbox: string, name: string): Promise<boolean> {
  const isTaken = await withToast(
    () => call(inSandbox('/snapshots', sandbox), { method: 'POST', body: { name } }),
    `Snapshot ${name} taken`,
  )
  noteChange()
  return isTaken
}

export async function restore(sandbox: string, snapshot: string): Promise<void> {
  await call(inSandbox(`/snapshots/${encodeURIComponent(snapshot)}/restore`, sandbox), { method: 'POST' })
  noteChange()
}

export async function dropSnapshot(name: string): Promise<void> {
  await call(`/snapshots/${encodeURIComponent(name)}`, { method: 'DELETE' })
  noteChange()
}
