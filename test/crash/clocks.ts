// Writer: moves the clock of a sandbox by one second at a time.
import { type Client, PendingValue, type Writer } from './server.ts'

const START = '2026-06-10T12:00:00.000Z'

export class Clocks implements Writer {
  acknowledged = 0
  readonly name: string
  readonly #now = new PendingValue(START)

  constructor(name: string) {
    this.name = name
  }

  async write(client: Client): Promise<void> {
    const next = new Date(Date.parse(this.#now.value) + 1000).toISOString()
    const path = `/__admin/sandboxes/${this.name}/clock/advance`
    await this.#now.set(next, () => client.ask('POST', path, { body: { by: '1s' } }))
    this.acknowledged += 1
  }

  async check(client: Client): Promise<string[]> {
    const { status, json } = await client.ask('GET', `/__admin/sandboxes/${this.name}/clock`, { statuses: [200, 404] })
    // The sandbox is created by the first write.
    return this.#now.check(status === 404 ? START : json.now)
  }
}
