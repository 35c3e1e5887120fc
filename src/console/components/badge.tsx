// A small mark: the status of a response, the state of a job, a fault.
import type { ComponentChildren } from 'preact'

export type Tone = 'good' | 'info' | 'warning' | 'bad' | 'fault' | 'forced' | 'neutral'

export function Badge({ tone, children, title }: { tone: Tone; children: ComponentChildren; title?: string }) {
  return (
    <span class={`badge ${tone}`} title={title}>
      {children}
    </span>
  )
}

export function toneOfStatus(status: number | undefined): Tone {
  if (status === undefined) return 'neutral'
  if (status >= 500) return 'bad'
  if (status >= 400) return 'warning'
  return status >= 300 ? 'info' : 'good'
}

/** The status of a response; a dash if none was sent. */
export function Status({ status }: { status: number | undefined }) {
  return <Badge tone={toneOfStatus(status)}>{status ?? '–'}</Badge>
}
