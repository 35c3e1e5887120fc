// Places the stages of armed plans of faults as bands.
import type { Timeline } from '../../../../../schemas/control.ts'
import { type Scale, xOf } from './scale.ts'

type Plan = Timeline['plans'][number]

export interface StageBand {
  key: string
  plan: Plan
  /** Starting at 1. */
  stage: number
  faults: string[]
  x: number
  width: number
}

/** The bands of a plan, as far as they are in the window. */
export function stageBands(plan: Plan, scale: Scale): StageBand[] {
  return plan.stages.flatMap(({ from, until, faults }, index) => {
    const start = Math.max(xOf(scale, Date.parse(from)), 0)
    const end = until === null ? scale.width : Math.min(xOf(scale, Date.parse(until)), scale.width)
    if (end <= start) return []
    const stage = index + 1
    return [{ key: `plan:${plan.id}:${stage}`, plan, stage, faults, x: start, width: end - start }]
  })
}
