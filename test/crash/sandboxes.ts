// Writer: creates sandboxes with a clock or snapshot and a credential of their own, and drops some. They are not used before the kill.
import type { Client, Writer } from './server.ts'
import { documentOf, FIRST_STATE, markOf } from './states.ts'

const SNAPSHOT = 'initial'
const DEMO_INSTANCE = '10000000-0000-4000-8000-000000000002'

interface Created {
  name: string
  credential: string
  state: string
  /** Of a sandbox made from a snapshot: an instance that the default sandbox does not have. */
  instance: string
  /** Of a sandbox with a frozen clock: its time, which is different in each sandbox. */
  date: string | undefined
}

export class Sandboxes implements Writer {
  acknowledged = 0
  #count = 0
  readonly name: string
  /** Created since the last kill. */
  #created: Created[] = []
  readonly #kept: string[] = []
  readonly #dropped: string[] = []

  constructor(name: string) {
    this.name = name
  }

  async write(client: Client): Promise<void> {
    if (this.#count === 0) await this.#prepare(client)
    this.#count += 1
    if (this.#count % 4 === 0) await this.#dropOne(client)
    else await this.#create(client)
    this.acknowledged += 1
  }

  async check(client: Client): Promise<string[]> {
    if (this.#count === 0) return []
    const { json } = await client.ask('GET', '/__admin/sandboxes')
    const names = new Set(json.map(({ name }: { name: string }) => name))
    const missing = [...this.#kept, ...this.#created.map(({ name }) => name)].filter(name => !names.has(name))
    const back = this.#dropped.filter(name => names.has(name))
    const changed = []
    for (const created of this.#created) changed.push(...(await this.#differences(client, created)))
    this.#kept.push(...this.#created.map(({ name }) => name))
    this.#created = []
    return [
      ...missing.map(name => `there is no sandbox ${name}`),
      ...back.map(name => `sandbox ${name} was dropped and exists`),
      ...changed,
    ]
  }

  /** Takes the snapshot from which sandboxes are created. */
  async #prepare(client: Client): Promise<void> {
    const base = `/__admin/sandboxes/${this.name}`
    await client.ask('PUT', `${base}/state`, { body: documentOf(SNAPSHOT) })
    await client.ask('POST', `${base}/snapshots`, { body: { name: SNAPSHOT } })
  }

  async #create(client: Client): Promise<void> {
    const [name, credential] = [`${this.name}-${this.#count}`, `credential-${this.#count}`]
    const credentials = { [credential]: 'demo-token' }
    if (this.#count % 4 === 1) {
      const from = { snapshot: SNAPSHOT }
      await client.ask('POST', '/__admin/sandboxes', { body: { name, from, credentials } })
      this.#created.push({ name, credential, state: SNAPSHOT, instance: `${SNAPSHOT}-0`, date: undefined })
    } else {
      const at = new Date(Date.UTC(2030, 0, 1) + this.#count * 60_000)
      const clock = `frozen:${at.toISOString()}`
      await client.ask('POST', '/__admin/sandboxes', { body: { name, clock, credentials } })
      this.#created.push({ name, credential, state: FIRST_STATE, instance: DEMO_INSTANCE, date: at.toUTCString() })
    }
  }

  async #dropOne(client: Client): Promise<void> {
    const name = this.#created.pop()?.name ?? this.#kept.pop()
    if (name === undefined) return
    await client.ask('DELETE', `/__admin/sandboxes/${name}`)
    this.#dropped.push(name)
  }

  async #differences(client: Client, { name, credential, state, instance, date }: Created): Promise<string[]> {
    const differences: string[] = []
    const path = `/v1/instances/${instance}/restores`
    const { status, headers } = await client.ask('GET', path, { token: credential, statuses: [200, 401, 404] })
    if (status !== 200) differences.push(`the credential of ${name} is answered with ${status}`)
    // The Date header has the time of the sandbox.
    const isThere = date === undefined || headers.date === date
    if (!isThere)
      differences.push(`the credential of ${name} selects a sandbox whose time is ${headers.date} instead of ${date}`)
    const found = await markOf(client, name)
    if (found !== state) differences.push(`the state of ${name} is "${found}" instead of "${state}"`)
    return differences
  }
}
