// The faults of one sandbox: rules that are armed, counted and used up, each proving that it fired.

import type { Ids } from '../ids.ts'
import type { RequestHead } from '../patterns/requests.ts'
import { Refusal } from '../refusal.ts'
import type { Store } from '../store.ts'
import { ArmedFaults } from './armed.ts'
import { type Fault, NO_FAULT } from './kinds.ts'
import { checkTotalCost, compileMatch, type FaultMatch, type Matcher } from './matches.ts'
import { type FaultRule, faultTable, type NewFaultRule } from './tables.ts'

export interface FaultedRequest extends RequestHead {
  api: string
  /** The vendor's name of it, whatever the method. */
  operation: string
}

/** A fault that has fired. */
export interface FaultHit {
  id: string
  fault: Fault
  /** In [0, 1): the same for the same seed, place of the rule among those armed, request of the rule and label. */
  draw(label: string): number
}

export class Faults {
  readonly #store: Store
  readonly #ids: Ids
  /** The most rules that there may be, used up ones included. */
  readonly #limit: number
  /** All rules, used up ones included. */
  #count = 0
  /** Those that can still fire: a request costs nothing when there are none. */
  readonly #armed = new ArmedFaults()
  /** What lets go of the requests that are kept waiting. */
  readonly #held = new Set<() => void>()

  constructor(store: Store, ids: Ids, limit: number) {
    this.#store = store
    this.#ids = ids
    this.#limit = limit
    for (const rule of this.list()) {
      this.#count += 1
      if (!isCompleted(rule)) this.#armed.add(rule)
    }
  }

  get areArmed(): boolean {
    return this.#armed.size > 0
  }

  /** Throws Refusal for what requests cannot be matched with, and when there are as many rules as there may be. */
  arm(rule: NewFaultRule): FaultRule {
    this.checkRoom(1)
    const matcher = compileMatch(rule.match)
    if (matcher.cost > 0) checkTotalCost([matcher, ...this.#armed.all().map(({ match }) => matcherOf(match))])
    const drawKey = `${this.#ids.next('fault')}`
    const armed = { ...rule, id: this.#ids.uuidOf(`fault/${drawKey}`), drawKey, matched: 0, hits: 0 }
    faultTable.insert(this.#store, armed)
    this.#armed.add(armed)
    this.#count += 1
    return armed
  }

  /** Throws Refusal when so many more rules would be too many. */
  checkRoom(more: number): void {
    if (this.#count + more <= this.#limit) return
    throw new Refusal(
      'limit',
      `a sandbox holds up to ${this.#limit} fault rules, used up ones included; clear some, or raise --max-faults`,
    )
  }

  /** In the order in which they were armed, used up ones included. */
  list(): FaultRule[] {
    return this.#store.all<object>('SELECT * FROM fault ORDER BY rowid').map(faultTable.decode)
  }

  find(id: string): FaultRule | undefined {
    const raw = this.#store.get<object>('SELECT * FROM fault WHERE id = ?', id)
    return raw && faultTable.decode(raw)
  }

  /** False when there is none of that id. */
  disarm(id: string): boolean {
    this.#armed.remove(id)
    const removed = this.#store.run('DELETE FROM fault WHERE id = ?', id)
    this.#count -= removed
    return removed > 0
  }

  clear(): void {
    this.#armed.clear()
    this.#count = 0
    this.#store.run('DELETE FROM fault')
  }

  /** What the request runs into: the first rule that fires takes it; every rule that it matches counts it. */
  fire(request: FaultedRequest): FaultHit | undefined {
    let strike: FaultHit | undefined
    const matching = this.#armed.of(request.api, request.operation).filter(rule => matches(rule, request))
    for (const rule of matching) {
      rule.matched += 1
      const fault = strike ? undefined : this.#faultFor(rule)
      if (fault) {
        rule.hits += 1
        strike = { id: rule.id, fault, draw: drawOf(this.#ids, rule) }
      }
      this.#store.run('UPDATE fault SET matched = ?, hits = ? WHERE id = ?', rule.matched, rule.hits, rule.id)
    }
    for (const rule of matching) if (isCompleted(rule)) this.#armed.remove(rule.id)
    return strike
  }

  /** What the rule has for the request that it has just counted. */
  #faultFor(rule: FaultRule): Fault | undefined {
    const { sequence, nth, matched, probability } = rule
    if (nth !== null && matched !== nth) return undefined
    if (probability !== null && drawOf(this.#ids, rule)('fires') >= probability) return undefined
    const fault = sequence === null ? rule.fault : sequence[matched - 1]
    return fault && fault.fault !== NO_FAULT ? fault : undefined
  }

  /** `release` is called when the sandbox closes, unless it was let go of before. */
  hold(release: () => void): void {
    this.#held.add(release)
  }

  letGo(release: () => void): void {
    this.#held.delete(release)
  }

  /** Nothing that is kept waiting here will ever come about. */
  close(): void {
    for (const release of [...this.#held]) release()
  }
}

/** How often a rule can fire; Infinity when it is not limited. */
export function limitOf({ sequence, nth, times }: FaultRule): number {
  if (sequence !== null) return sequence.filter(({ fault }) => fault !== NO_FAULT).length
  return nth === null ? (times ?? Number.POSITIVE_INFINITY) : 1
}

/** All its times are used up; never the case for a rule without a limit. */
export function isCompleted(rule: FaultRule): boolean {
  return rule.hits >= limitOf(rule)
}

/** Consumes no sequence: what is drawn changes nothing that comes after it. */
function drawOf(ids: Ids, { id, drawKey, matched }: FaultRule): FaultHit['draw'] {
  return label => ids.fraction(`fault/${drawKey ?? id}/${matched}/${label}`)
}

function matches(rule: FaultRule, request: FaultedRequest): boolean {
  return rule.match === null || matcherOf(rule.match).matches(request)
}

const matchers = new WeakMap<FaultMatch, Matcher>()

function matcherOf(match: FaultMatch | null): Matcher {
  const known = match && matchers.get(match)
  if (known) return known
  const matcher = compileStored(match)
  if (match) matchers.set(match, matcher)
  return matcher
}

/** Older versions stored regular expressions that are not taken any more: those rules stay listed, and match nothing. */
function compileStored(match: FaultMatch | null): Matcher {
  try {
    return compileMatch(match)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { cost: 0, matches: () => false }
  }
}
