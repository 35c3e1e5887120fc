// Writer: imports states into a sandbox, takes snapshots under two names, and restores them.
import { randomInt } from 'node:crypto'
import { type Client, PendingValue, type Writer } from './server.ts'
import { documentOf, FIRST_STATE, markOf } from './states.ts'

const NONE = 'no snapshot'

interface Snapshot {
  name: string
  state: PendingValue
}

export class Snapshots implements Writer {
  acknowledged = 0
  #written = 0
  readonly name: string
  readonly #state = new PendingValue(FIRST_STATE)
  readonly #snapshots: Snapshot[]

  constructor(name: string) {
    this.name = name
    this.#snapshots = ['a', 'b'].map(letter => ({ name: `${name}-${letter}`, state: new PendingValue(NONE) }))
  }

  async write(client: Client): Promise<void> {
    this.#written += 1
    const base = `/__admin/sandboxes/${this.name}`
    const { name, state } = this.#snapshots[randomInt(this.#snapshots.length)] as Snapshot
    if (this.#written % 3 === 1) {
      const mark = `mark${this.#written}`
      await this.#state.set(mark, () => client.ask('PUT', `${base}/state`, { body: documentOf(mark) }))
    } else if (this.#written % 3 === 2 || state.value === NONE) {
      await state.set(this.#state.value, () => client.ask('POST', `${base}/snapshots`, { body: { name } }))
    } else {
      await this.#state.set(state.value, () => client.ask('POST', `${base}/snapshots/${name}/restore`))
    }
    this.acknowledged += 1
  }

  async check(client: Client): Promise<string[]> {
    const lost = this.#state.check(await markOf(client, this.name))
    for (const { name, state } of this.#snapshots) {
      const wrong = state.check(await this.#markOfSnapshot(client, name))
      lost.push(...wrong.map(what => `snapshot ${name}: ${what}`))
    }
    return lost
  }

  async #markOfSnapshot(client: Client, snapshot: string): Promise<string> {
    const reader = `${this.name}-reader`
    const path = `/__admin/sandboxes/${reader}/snapshots/${snapshot}/restore`
    const { status } = await client.ask('POST', path, { statuses: [204, 404] })
    return status === 404 ? NONE : markOf(client, reader)
  }
}
