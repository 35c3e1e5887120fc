// Moves the clock of the sandbox forward, lets it run, and stops it.
import { computed, signal } from '@preact/signals'
import type { Advance, Advanced } from '../../../../schemas/control.ts'
import { change } from '../../state/sandbox.ts'
import { countText, dateTimeText } from '../../state/text.ts'
import { withToast } from '../../state/toasts.ts'
import { timeline } from './data.ts'

/** What the latest move of the clock did. */
export const lastMove = signal<{ before: number; result: Advanced } | undefined>(undefined)

/** Whether the server is moving the clock, which takes a while if very much is due. */
export const isMoving = signal(false)

/** What the latest move did, in one sentence. */
export const lastMoveText = computed(() => {
  const move = lastMove.value
  if (!move) return ''
  const { now, stopped, counts } = move.result
  const count = Object.values(counts).reduce((sum, kinds) => sum + Object.values(kinds).reduce((a, b) => a + b, 0), 0)
  const early = stopped ? ' It stopped early because very much was due: advance again to continue.' : ''
  return `The clock is at ${dateTimeText(now)}: ${count === 0 ? 'nothing was due' : `${countText(count, 'event')} happened`}.${early}`
})

/** A second move has no effect while the first one takes place; its button is not disabled, so that it keeps the focus. */
async function move(path: string, body: Advance | Record<string, never>): Promise<void> {
  if (isMoving.peek()) return
  isMoving.value = true
  const before = Date.parse(timeline.peek()?.clock.now ?? '')
  await withToast(async () => {
    lastMove.value = { before, result: await change<Advanced>(path, { method: 'POST', body }) }
  })
  isMoving.value = false
}

/** `to`: an instant in ms, or as text: ISO 8601, or `+5m`. */
export const advanceTo = (to: number | string) => move('/clock/advance', { to })
export const advanceBy = (by: string) => move('/clock/advance', { by })
export const advanceToNextEvent = () => move('/clock/advance', { toNextEvent: true })
export const advanceUntilIdle = () => move('/clock/run-until-idle', {})

/** How fast virtual time runs compared with real time; 0 stops it. */
export function setSpeed(factor: number): Promise<boolean> {
  const body = factor === 0 ? { mode: 'frozen' } : factor === 1 ? { mode: 'real' } : { mode: 'scaled', factor }
  return withToast(() => change('/clock', { method: 'PUT', body }))
}
