// What each stage of a request decided, recorded while the request is handled.
import type { HoldEnd, HoldPoint } from '../../../schemas/holds.ts'

/** In the order in which they are reported. Some APIs check credentials before, others after they have read the body. */
export const stages = ['address', 'routing', 'forced', 'fault', 'authentication', 'parameters', 'rules'] as const
export type Stage = (typeof stages)[number]

/** The position of each stage in `stages`. */
const POSITIONS = Object.fromEntries(stages.map((stage, position) => [stage, position])) as Record<Stage, number>

/** An error of an API's catalogue, as far as the trace needs it. */
interface ErrorLike {
  errorName: string
  message: string
  details: readonly string[]
}

export interface Failure {
  stage: Stage
  /** In the API's catalogue, except at the stage `forced`. */
  name: string
  message: string
  details: readonly string[]
}

/** The fault that fired for a request. */
export interface TracedFault {
  id: string
  fault: string
  /** The stage of the plan that it was armed with. */
  plan?: { name: string; stage: number }
  /** Where it holds or held the request, and what ended that; null while the request is held. */
  hold?: { at: HoldPoint; ended: HoldEnd | null }
}

export class RequestTrace {
  fault: TracedFault | undefined = undefined
  /** The name of the documented response that was sent in place of the real one. */
  forced: string | undefined = undefined
  failure: Failure | undefined = undefined
  /** The position of the stage in `stages`: a request passes many stages, and looking up each of them by name takes time. */
  #position = 0
  /** One bit for each stage that was completed. */
  #passed = 0
  #isTakenOver = false

  /**
   * The request has reached `stage`. The stage before it is passed; going back to an earlier stage, as an API does that
   * checks credentials in a handler, passes nothing.
   */
  enter(stage: Stage): void {
    if (this.#isTakenOver) return
    const position = POSITIONS[stage]
    if (position > this.#position) this.#passed |= 1 << this.#position
    this.#position = position
  }

  /** `stage` answers the request itself; stages that come later do not count. */
  takeOver(stage: Stage): void {
    this.#position = POSITIONS[stage]
    this.#isTakenOver = true
  }

  /** The request is answered with this error, found at the current stage. */
  fail({ errorName, message, details }: ErrorLike): void {
    this.failure = { stage: this.stage, name: errorName, message, details }
  }

  /** The stage that the request is at, or ended at. */
  get stage(): Stage {
    return stages[this.#position] as Stage
  }

  get isTakenOver(): boolean {
    return this.#isTakenOver
  }

  hasPassed(stage: Stage): boolean {
    return (this.#passed & (1 << POSITIONS[stage])) !== 0
  }
}
