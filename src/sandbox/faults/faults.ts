// The faults of one sandbox: arms fault rules, matches requests with them, and counts what they did.

import type { HeadPattern } from '../../../schemas/patterns.ts'
import type { Ids } from '../ids.ts'
import { pathOf, type RequestHead } from '../patterns/requests.ts'
import { Refusal } from '../refusal.ts'
import type { Store } from '../store.ts'
import { ArmedFaults } from './armed.ts'
import { type FaultCheck, faultProblem } from './checks.ts'
import { type Counts, FileCounts } from './file-counts.ts'
import { Holds } from './holds.ts'
import { checkTotalCost, compileMatch, type Matcher } from './matches.ts'
import { type FaultPlan, FaultPlans, type Span, spansOf } from './plans.ts'
import { type Fault, type FaultRule, faultTable, type NewFaultRule, NO_FAULT } from './tables.ts'

export interface FaultedRequest extends RequestHead {
  api: string
  /** The vendor's name for it, for every method. */
  operation: string
  /** When it arrived, epoch ms of virtual time. */
  now: number
}

/** A fault that applies to a request. */
export interface FaultHit {
  /** Of its rule. */
  id: string
  fault: Fault
  /** The stage of a plan that the rule belongs to. */
  plan: { name: string; stage: number } | undefined
  /** In [0, 1); depends only on the seed, how many rules were armed before, how many requests matched before, and the label. */
  draw(label: string): number
}

export class Faults {
  readonly #store: Store
  readonly #ids: Ids
  readonly #maxRules: number
  /** All rules, including those that are used up. */
  #count = 0
  /** The rules that can still fire. */
  readonly #armed = new ArmedFaults()
  readonly holds = new Holds()
  readonly plans: FaultPlans
  readonly #files: FileCounts
  /** For each request that a fault keeps waiting: cuts its connection; and whether the wait ends by itself. */
  readonly #held = new Map<() => void, { isTimed: boolean }>()

  /**
   * A stored rule with a fault that `check` refuses, which another version of Firedrill may have written, is listed and never
   * fires. `maxRules` includes rules that are used up.
   */
  constructor(store: Store, ids: Ids, check: FaultCheck, maxRules: number) {
    this.#store = store
    this.#ids = ids
    this.#maxRules = maxRules
    this.plans = new FaultPlans(store)
    this.#files = new FileCounts(store)
    const spans = new Map(this.plans.list().map(plan => [plan.id, spansOf(plan)]))
    for (const rule of this.list()) {
      this.#count += 1
      if (isCompleted(rule) || faultProblem(rule, check) !== undefined) continue
      this.#armed.add(rule, spans.get(rule.plan ?? '')?.[(rule.stage ?? 0) - 1])
    }
  }

  get areArmed(): boolean {
    return this.#armed.size > 0
  }

  /** The rule must be one that ruleProblem accepts. Throws Refusal for a match that cannot be compiled, or at the limit. */
  arm(rule: NewFaultRule): FaultRule {
    this.#checkRules([rule])
    return this.#add({ ...rule, plan: null, stage: null })
  }

  /** Arms the rules of each stage; the stages start at `now` (epoch ms) and must be ones that stagesProblem accepts. Throws Refusal. */
  armPlan(name: string, stages: readonly { from: string; rules: readonly NewFaultRule[] }[], now: number): FaultPlan {
    this.#checkRules(stages.flatMap(({ rules }) => rules))
    const id = this.#ids.uuid('fault-plan')
    const plan = { id, name, armedAt: now, stages: stages.map(({ from }) => ({ from })) }
    const spans = spansOf(plan)
    this.plans.add(plan)
    for (const [index, { rules }] of stages.entries()) {
      for (const rule of rules) this.#add({ ...rule, plan: id, stage: index + 1 }, spans[index])
    }
    return plan
  }

  /** Throws Refusal for a match that cannot be compiled, or at the limit. */
  #checkRules(rules: readonly NewFaultRule[]): void {
    this.checkLimit(rules.length)
    const matchers = rules.map(({ match }) => compileMatch(match))
    if (matchers.every(({ cost }) => cost === 0)) return
    checkTotalCost([...matchers, ...this.#armed.all().map(({ match }) => matcherOf(match))])
  }

  #add(rule: NewFaultRule & Pick<FaultRule, 'plan' | 'stage'>, span?: Span): FaultRule {
    const drawKey = `${this.#ids.next('fault')}`
    const armed = { ...rule, id: this.#ids.uuidOf(`fault/${drawKey}`), drawKey, matched: 0, hits: 0 }
    faultTable.insert(this.#store, armed)
    this.#armed.add(armed, span)
    this.#count += 1
    return armed
  }

  /** Throws Refusal when adding `more` rules would exceed the limit. */
  checkLimit(more: number): void {
    if (this.#count + more <= this.#maxRules) return
    throw new Refusal(
      'limit',
      `a sandbox holds up to ${this.#maxRules} fault rules, including those that are used up; clear some, or raise --max-faults`,
    )
  }

  /** In the order in which they were armed, including those that are used up. */
  list(): FaultRule[] {
    return this.#store.all<object>('SELECT * FROM fault ORDER BY rowid').map(faultTable.decode)
  }

  find(id: string): FaultRule | undefined {
    const raw = this.#store.get<object>('SELECT * FROM fault WHERE id = ?', id)
    return raw && faultTable.decode(raw)
  }

  /** False when there is no rule with that id. */
  disarm(id: string): boolean {
    this.#armed.remove(id)
    this.holds.disarm(id)
    const removed = this.#store.run('DELETE FROM fault WHERE id = ?', id)
    this.#files.remove(id)
    this.#count -= removed
    this.plans.removeEmpty()
    return removed > 0
  }

  /** Disarms the faults of a plan. */
  clearPlan(id: string): void {
    for (const rule of this.list()) if (rule.plan === id) this.disarm(rule.id)
  }

  clear(): void {
    this.#armed.clear()
    this.holds.disarmAll()
    this.#count = 0
    this.#store.run('DELETE FROM fault')
    this.#files.clear()
    this.plans.removeEmpty()
  }

  /** Every rule that matches the request counts it; the first of them that fires applies to it. */
  fire(request: FaultedRequest): FaultHit | undefined {
    let hit: FaultHit | undefined
    const matching = this.#armed.of(request.api, request.operation, request.now).filter(rule => matches(rule, request))
    for (const rule of matching) {
      const counts = rule.perFile ? this.#files.read(rule.id, pathOf(request.url)) : rule
      if (!counts) continue
      if (counts !== rule) counts.matched += 1
      rule.matched += 1
      const fault = hit ? undefined : this.#faultFor(rule, counts)
      if (fault) {
        if (counts !== rule) counts.hits += 1
        rule.hits += 1
        hit = { id: rule.id, fault, plan: this.#stageOf(rule), draw: drawOf(this.#ids, rule) }
      }
      if (counts !== rule) this.#files.write(rule.id, pathOf(request.url), counts)
      this.#store.run('UPDATE fault SET matched = ?, hits = ? WHERE id = ?', rule.matched, rule.hits, rule.id)
    }
    for (const rule of matching) if (isCompleted(rule)) this.#armed.remove(rule.id)
    return hit
  }

  #stageOf({ plan, stage }: FaultRule): FaultHit['plan'] {
    const name = plan === null ? undefined : this.plans.find(plan)?.name
    return name === undefined || stage === null ? undefined : { name, stage }
  }

  /** The fault of the rule for the request that it has just counted; the counts are those of the file or of all requests. */
  #faultFor(rule: FaultRule, { matched, hits }: Counts): Fault | undefined {
    const { sequence, nth, probability } = rule
    if (hits >= limitPerCount(rule)) return undefined
    if (nth !== null && matched !== nth) return undefined
    if (probability !== null && drawOf(this.#ids, rule)('fires') >= probability) return undefined
    const fault = sequence === null ? rule.fault : sequence[matched - 1]
    return fault && fault.fault !== NO_FAULT ? fault : undefined
  }

  /**
   * Calls `cut` when the sandbox closes, or when the server stops and the wait is not timed, unless the returned function is called
   * before that.
   */
  hold(cut: () => void, wait: { isTimed: boolean }): () => void {
    this.#held.set(cut, wait)
    return () => this.#held.delete(cut)
  }

  /** Whether requests are kept waiting, or a control operation waits for one. */
  get areHolding(): boolean {
    return this.#held.size > 0 || this.holds.areInUse
  }

  /** Call it when the sandbox closes. */
  cutHeldRequests(): void {
    for (const cut of [...this.#held.keys()]) cut()
    this.holds.close()
  }

  /** Call it when the server stops: nothing would end these waits. */
  cutUntimedRequests(): void {
    for (const [cut, { isTimed }] of [...this.#held]) if (!isTimed) cut()
    this.holds.close()
  }
}

/** How often a rule can fire; Infinity when it is not limited. */
export function limitOf(rule: FaultRule): number {
  return rule.perFile ? Number.POSITIVE_INFINITY : limitPerCount(rule)
}

/** The same, for one file if the rule counts every file by itself. */
function limitPerCount({ sequence, nth, times }: FaultRule): number {
  if (sequence !== null) return sequence.filter(({ fault }) => fault !== NO_FAULT).length
  return nth === null ? (times ?? Number.POSITIVE_INFINITY) : 1
}

/** Whether it has fired as often as it can. */
export function isCompleted(rule: FaultRule): boolean {
  return rule.hits >= limitOf(rule)
}

/** Draws do not advance any sequence of ids. */
function drawOf(ids: Ids, { id, drawKey, matched }: FaultRule): FaultHit['draw'] {
  return label => ids.fraction(`fault/${drawKey ?? id}/${matched}/${label}`)
}

function matches(rule: FaultRule, request: FaultedRequest): boolean {
  return rule.match === null || matcherOf(rule.match).matches(request)
}

const matchers = new WeakMap<HeadPattern, Matcher>()

function matcherOf(match: HeadPattern | null): Matcher {
  const known = match && matchers.get(match)
  if (known) return known
  const matcher = compileStored(match)
  if (match) matchers.set(match, matcher)
  return matcher
}

/** Older versions accepted other regular expressions: a rule with one of those is listed and matches nothing. */
function compileStored(match: HeadPattern | null): Matcher {
  try {
    return compileMatch(match)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { cost: 0, matches: () => false }
  }
}
