// Job rules: change the outcome, durations and timing of future jobs of one operation.
import type { Outcome } from '../../../schemas/outcome.ts'
import type { Ids } from '../ids.ts'
import { ownValue } from '../own.ts'
import type { Store } from '../store.ts'
import { type JobTiming, type Phase, parseProgression } from './plan.ts'
import { type JobRule, jobRuleTable } from './tables.ts'

export class JobRules {
  readonly #store: Store
  readonly #ids: Ids

  constructor(store: Store, ids: Ids) {
    this.#store = store
    this.#ids = ids
  }

  add(rule: Omit<JobRule, 'id' | 'used'>): JobRule {
    const row = { ...rule, id: this.#ids.uuid('job-rule'), used: 0 }
    jobRuleTable.insert(this.#store, row)
    return row
  }

  list(): JobRule[] {
    return this.#store.all<object>('SELECT * FROM jobRule ORDER BY rowid').map(jobRuleTable.decode)
  }

  /** False if there is no rule with that id. */
  remove(id: string): boolean {
    return this.#store.run('DELETE FROM jobRule WHERE id = ?', id) > 0
  }

  clear(): void {
    this.#store.run('DELETE FROM jobRule')
  }

  /** Removes the rules that fault profiles added. */
  clearProfiles(): void {
    this.#store.run('DELETE FROM jobRule WHERE profile IS NOT NULL')
  }

  /** The rule for a new job of the operation, the one added last first. Counts as a use if the rule is limited. */
  take(operation: string): JobRule | undefined {
    const raw = this.#store.get<object>(
      'SELECT * FROM jobRule WHERE operation = ? AND (times IS NULL OR used < times) ORDER BY rowid DESC LIMIT 1',
      operation,
    )
    if (!raw) return undefined
    const rule = jobRuleTable.decode(raw)
    if (rule.times !== null) this.#store.run('UPDATE jobRule SET used = used + 1 WHERE id = ?', rule.id)
    return rule
  }
}

/** What is wrong with a rule for jobs with these phases; undefined if it is valid. */
export function ruleProblem(
  { progression, durations, outcome }: Pick<JobRule, 'progression' | 'durations' | 'outcome'>,
  phases: readonly Phase[],
): string | undefined {
  const known = phases.map(({ name }) => name)
  const outcomePhase = outcome && 'phase' in outcome ? outcome.phase : undefined
  const named = [...Object.keys(durations ?? {}), ...(outcomePhase === undefined ? [] : [outcomePhase])]
  const unknown = named.find(phase => !known.includes(phase))
  if (unknown !== undefined) return `unknown phase "${unknown}"; phases are ${known.join(', ')}`
  if (progression !== null && !parseProgression(progression)) {
    return 'progression must be time, immediate, polls:N or manual'
  }
  return undefined
}

/** The phases, outcome and timing of a job, with those that the rule sets replaced. */
export function applyRule(rule: JobRule | undefined, phases: readonly Phase[], outcome: Outcome, timing: JobTiming) {
  if (!rule) return { phases, outcome, timing }
  const { durations, progression, speed } = rule
  return {
    phases: durations === null ? phases : phases.map(({ name, ms }) => ({ name, ms: ownValue(durations, name) ?? ms })),
    outcome: rule.outcome ?? outcome,
    timing: {
      progression: (progression === null ? undefined : parseProgression(progression)) ?? timing.progression,
      speed: speed ?? timing.speed,
    },
  }
}
