// Where the stages of a plan and the present are on a bar. Pure.
import type { ArmedFaultPlan, Fault } from '../../../../schemas/control.ts'

export interface ShownStage {
  key: string
  /** Starting at 1. */
  number: number
  from: string
  /** Since the start of the plan. */
  afterMs: number
  widthPercent: number
  faults: readonly Fault[]
  hasFaults: boolean
}

/** The last stage has no end: it takes this part of the bar. */
const LAST_SHARE = 0.2

/** Each stage has at least this part of the bar, so that it can be seen. */
const MIN_SHARE = 0.03

export function stagesOf({ stages }: ArmedFaultPlan, nowMs: number): { stages: ShownStage[]; nowPercent: number } {
  const starts = stages.map(({ from }) => Date.parse(from))
  const [first = nowMs] = starts
  const last = starts.at(-1) ?? first
  const lastMs = Math.max(1, ((last - first) * LAST_SHARE) / (1 - LAST_SHARE))
  const durations = starts.map((start, index) => (starts[index + 1] ?? last + lastMs) - start)
  const total = durations.reduce((sum, ms) => sum + ms, 0)
  const shares = durations.map(ms => Math.max(MIN_SHARE, ms / total))
  const sum = shares.reduce((all, share) => all + share, 0)
  const widths = shares.map(share => (share / sum) * 100)
  const current = starts.findLastIndex(start => start <= nowMs)
  const before = widths.slice(0, Math.max(0, current)).reduce((all, width) => all + width, 0)
  const progress = Math.min(1, (nowMs - (starts[current] ?? nowMs)) / (durations[current] ?? 1))
  return {
    nowPercent: before + progress * (widths[current] ?? 0),
    stages: stages.map(({ from, faults }, index) => ({
      key: from,
      number: index + 1,
      from,
      afterMs: (starts[index] ?? first) - first,
      widthPercent: widths[index] ?? 0,
      faults,
      hasFaults: faults.length > 0,
    })),
  }
}
