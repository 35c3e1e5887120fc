// Plans of faults: stages over virtual time, each with faults that apply only while it lasts. Computed from the clock.
import { type Static, Type } from '@sinclair/typebox'
import { parseDuration } from '../clock/clock.ts'
import { MAX_DURATION } from '../limits.ts'
import type { Store } from '../store.ts'
import { defineTable, Instant } from '../tables.ts'

export const MAX_STAGES = 100

export const faultPlanTable = defineTable(
  'fault_plan',
  'faultPlans',
  Type.Object({
    id: Type.String(),
    name: Type.String(),
    armedAt: Instant(),
    stages: Type.Array(Type.Object({ from: Type.String() }, { additionalProperties: false }), {
      minItems: 1,
      maxItems: MAX_STAGES,
    }),
  }),
)
export type FaultPlan = Static<typeof faultPlanTable.row>

/** The instants between which a stage lasts, epoch ms; it ends before `until`. */
export interface Span {
  from: number
  until: number
}

/** Of the last stage, `until` is Infinity. */
export function spansOf({ armedAt, stages }: Pick<FaultPlan, 'armedAt' | 'stages'>): Span[] {
  const starts = stages.map(({ from }) => armedAt + (parseDuration(from) ?? Number.POSITIVE_INFINITY))
  return starts.map((from, index) => ({ from, until: starts[index + 1] ?? Number.POSITIVE_INFINITY }))
}

/** The position of the stage, starting at 1; undefined before the first. */
export function stageAt(plan: Pick<FaultPlan, 'armedAt' | 'stages'>, now: number): number | undefined {
  const index = spansOf(plan).findIndex(({ from, until }) => from <= now && now < until)
  return index === -1 ? undefined : index + 1
}

/** What is wrong with the starts of stages; undefined when they can be armed. */
export function stagesProblem(stages: FaultPlan['stages']): string | undefined {
  const starts = stages.map(({ from }) => parseDuration(from))
  const unknown = starts.indexOf(undefined)
  if (unknown !== -1) {
    return `stage ${unknown + 1}: "${stages[unknown]?.from}" is not a duration of at most ${MAX_DURATION}; use 0s, 5m or 1h30m`
  }
  const early = starts.findIndex((start = 0, index) => index > 0 && start <= (starts[index - 1] ?? 0))
  return early === -1 ? undefined : `stage ${early + 1} must start later than stage ${early}`
}

/** The plans that are armed in one sandbox. */
export class FaultPlans {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  /** In the order in which they were armed. */
  list(): FaultPlan[] {
    return this.#store.all<object>('SELECT * FROM fault_plan ORDER BY rowid').map(faultPlanTable.decode)
  }

  find(id: string): FaultPlan | undefined {
    const raw = this.#store.get<object>('SELECT * FROM fault_plan WHERE id = ?', id)
    return raw && faultPlanTable.decode(raw)
  }

  add(plan: FaultPlan): void {
    faultPlanTable.insert(this.#store, plan)
  }

  /** Removes the plans of which every fault was disarmed. */
  removeEmpty(): void {
    this.#store.run('DELETE FROM fault_plan WHERE id NOT IN (SELECT plan FROM fault WHERE plan IS NOT NULL)')
  }
}
