// The certifications of one server, limited in number, kept in memory.
import type { ReportClient } from '../../../schemas/report.ts'
import { hostNow } from '../../sandbox/clock/clock.ts'
import { Refusal } from '../../sandbox/refusal.ts'
import type { Registry } from '../../sandbox/registry.ts'
import type { Run } from './run.ts'

export interface Certification {
  /** Also the beginning of the names of its sandboxes. */
  id: string
  client: ReportClient
  seed: string
  timeScale: number
  knownFailing: ReadonlySet<string>
  runs: readonly Run[]
  /** This machine's time, epoch ms. */
  startedAt: number
  /** When its last run ended. */
  endedAt: number | undefined
  isInterrupted: boolean
}

/** The reports and evidence of each can take several MB. */
const MAX_CERTIFICATIONS = 20

export class Certifications {
  readonly #byId = new Map<string, Certification>()
  #count = 0

  /** Throws Refusal when the limit is reached. */
  add(
    registry: Registry,
    settings: Pick<Certification, 'client' | 'seed' | 'timeScale' | 'knownFailing' | 'runs'>,
  ): Certification {
    if (this.#byId.size >= MAX_CERTIFICATIONS) {
      throw new Refusal('limit', `there are already ${MAX_CERTIFICATIONS} certifications; delete some`)
    }
    const id = this.#nextId(registry)
    const certification = { ...settings, id, startedAt: hostNow(), endedAt: undefined, isInterrupted: false }
    this.#byId.set(id, certification)
    return certification
  }

  /** A data directory may hold sandboxes of a certification of an earlier server. */
  #nextId(registry: Registry): string {
    const names = registry.names()
    for (;;) {
      this.#count += 1
      const id = `certify-${this.#count}`
      if (!names.some(name => name.startsWith(`${id}-`))) return id
    }
  }

  list(): Certification[] {
    return [...this.#byId.values()]
  }

  /** Throws Refusal. */
  find(id: string): Certification {
    const found = this.#byId.get(id)
    if (found) return found
    throw new Refusal('missing', `there is no certification "${id}"`)
  }

  remove(id: string): void {
    this.#byId.delete(id)
  }
}
