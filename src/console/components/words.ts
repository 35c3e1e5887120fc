// Names of kinds and states, in words and colours.
import type { Tone } from './badge.tsx'

/** `backup-restore` and `backupTask` as words; with the id of the event where it says more. */
export function kindText(kind: string, id?: string): string {
  const words = kind
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('-', ' ')
    .toLowerCase()
  const text = words.charAt(0).toUpperCase() + words.slice(1)
  return id === undefined || id === kind ? text : `${text} ${id}`
}

const TONES: Record<string, Tone> = {
  running: 'info',
  completed: 'good',
  failed: 'bad',
  'timed-out': 'warning',
  cancelled: 'neutral',
}

export function jobStateTone(state: string): Tone {
  return TONES[state] ?? 'neutral'
}
