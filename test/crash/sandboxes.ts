// Makes sandboxes that nobody uses before the kill, each with its own clock, beginning and credential, and drops some of them.
import type { Client, Writer } from './server.ts'
import { documentOf, FIRST_STATE, markOf } from './states.ts'

const SNAPSHOT = 'beginning'
const DEMO_INSTANCE = '10000000-0000-4000-8000-000000000002'

interface Made {
  name: string
  credential: string
  state: string
  /** One that the default sandbox does not have, when it begins with a snapshot. */
  instance: string
  /** An instant that no other sandbox has, when its clock stands there. */
  date: string | undefined
}

export class Sandboxes implements Writer {
  acknowledged = 0
  #count = 0
  readonly name: string
  /** Since the last kill: those before were checked after it. */
  #made: Made[] = []
  readonly #kept: string[] = []
  readonly #dropped: string[] = []

  constructor(name: string) {
    this.name = name
  }

  async write(client: Client): Promise<void> {
    if (this.#count === 0) await this.#prepare(client)
    this.#count += 1
    if (this.#count % 4 === 0) await this.#dropOne(client)
    else await this.#make(client)
    this.acknowledged += 1
  }

  async check(client: Client): Promise<string[]> {
    if (this.#count === 0) return []
    const { json } = await client.ask('GET', '/__admin/sandboxes')
    const names = new Set(json.map(({ name }: { name: string }) => name))
    const missing = [...this.#kept, ...this.#made.map(({ name }) => name)].filter(name => !names.has(name))
    const back = this.#dropped.filter(name => names.has(name))
    const changed = []
    for (const made of this.#made) changed.push(...(await this.#differences(client, made)))
    this.#kept.push(...this.#made.map(({ name }) => name))
    this.#made = []
    return [
      ...missing.map(name => `there is no sandbox ${name}`),
      ...back.map(name => `sandbox ${name} was dropped and is there`),
      ...changed,
    ]
  }

  /** What sandboxes begin from. */
  async #prepare(client: Client): Promise<void> {
    const base = `/__admin/sandboxes/${this.name}`
    await client.ask('PUT', `${base}/state`, { body: documentOf(SNAPSHOT) })
    await client.ask('POST', `${base}/snapshots`, { body: { name: SNAPSHOT } })
  }

  async #make(client: Client): Promise<void> {
    const [name, credential] = [`${this.name}-${this.#count}`, `credential-${this.#count}`]
    const credentials = { [credential]: 'demo-token' }
    if (this.#count % 4 === 1) {
      const from = { snapshot: SNAPSHOT }
      await client.ask('POST', '/__admin/sandboxes', { body: { name, from, credentials } })
      this.#made.push({ name, credential, state: SNAPSHOT, instance: `${SNAPSHOT}-0`, date: undefined })
    } else {
      const at = new Date(Date.UTC(2030, 0, 1) + this.#count * 60_000)
      const clock = `frozen:${at.toISOString()}`
      await client.ask('POST', '/__admin/sandboxes', { body: { name, clock, credentials } })
      this.#made.push({ name, credential, state: FIRST_STATE, instance: DEMO_INSTANCE, date: at.toUTCString() })
    }
  }

  async #dropOne(client: Client): Promise<void> {
    const name = this.#made.pop()?.name ?? this.#kept.pop()
    if (name === undefined) return
    await client.ask('DELETE', `/__admin/sandboxes/${name}`)
    this.#dropped.push(name)
  }

  async #differences(client: Client, { name, credential, state, instance, date }: Made): Promise<string[]> {
    const differences: string[] = []
    const path = `/v1/instances/${instance}/restores`
    const { status, headers } = await client.ask('GET', path, { token: credential, statuses: [200, 401, 404] })
    if (status !== 200) differences.push(`the credential of ${name} is answered with ${status}`)
    // Answers are dated by the clock of their sandbox.
    const isThere = date === undefined || headers.date === date
    if (!isThere) differences.push(`the credential of ${name} leads to where it is ${headers.date} instead of ${date}`)
    const found = await markOf(client, name)
    if (found !== state) differences.push(`${name} begins with "${found}" instead of "${state}"`)
    return differences
  }
}
