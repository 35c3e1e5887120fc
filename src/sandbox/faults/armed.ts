// An index of the fault rules that can still fire, by API and operation, so that a request is matched with few of them.
import type { Span } from './plans.ts'
import type { FaultRule } from './tables.ts'

/** Stands for every operation. */
export const ANY_OPERATION = '*'

interface Armed {
  rule: FaultRule
  /** Ascending, in the order in which the rules were armed. */
  position: number
  /** When it applies; always if undefined. */
  span: Span | undefined
}

export class ArmedFaults {
  readonly #byId = new Map<string, Armed>()
  readonly #byTarget = new Map<string, Armed[]>()
  #lastPosition = 0

  get size(): number {
    return this.#byId.size
  }

  add(rule: FaultRule, span?: Span): void {
    this.#lastPosition += 1
    const armed = { rule, position: this.#lastPosition, span }
    this.#byId.set(rule.id, armed)
    const target = targetOf(rule.api, rule.operation)
    const others = this.#byTarget.get(target)
    if (others) others.push(armed)
    else this.#byTarget.set(target, [armed])
  }

  remove(id: string): void {
    const armed = this.#byId.get(id)
    if (!armed) return
    this.#byId.delete(id)
    const { api, operation } = armed.rule
    const target = targetOf(api, operation)
    const others = (this.#byTarget.get(target) ?? []).filter(each => each !== armed)
    if (others.length > 0) this.#byTarget.set(target, others)
    else this.#byTarget.delete(target)
  }

  clear(): void {
    this.#byId.clear()
    this.#byTarget.clear()
  }

  /** In the order in which they were armed. */
  all(): FaultRule[] {
    return [...this.#byId.values()].map(({ rule }) => rule)
  }

  /** The rules for an operation that apply at `now` (epoch ms), in the order in which they were armed. */
  of(api: string, operation: string, now: number): FaultRule[] {
    const targets = [
      targetOf(api, operation),
      targetOf(api, ANY_OPERATION),
      targetOf(null, operation),
      targetOf(null, ANY_OPERATION),
    ]
    const groups = targets.flatMap(target => this.#byTarget.get(target) ?? []).filter(({ span }) => isWithin(span, now))
    return groups.sort((a, b) => a.position - b.position).map(({ rule }) => rule)
  }
}

function isWithin(span: Span | undefined, now: number): boolean {
  return !span || (span.from <= now && now < span.until)
}

function targetOf(api: string | null, operation: string): string {
  return `${api ?? ANY_OPERATION}/${operation}`
}
