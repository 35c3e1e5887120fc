// Writer: starts a9s restores, whose ids are consecutive numbers.
import type { Client, Writer } from './server.ts'

const INSTANCE = '/v1/instances/10000000-0000-4000-8000-000000000002'
const BODY = { backup_guid: '3a2e59ee-40cb-472a-91d0-502ab259918c', encryption_key: 'second-encryption-key' }
const token = 'demo-token'

export class Restores implements Writer {
  acknowledged = 0
  #lastId = 0
  readonly name: string

  constructor(name: string) {
    this.name = name
  }

  async write(client: Client): Promise<void> {
    const path = `/@${this.name}${INSTANCE}/disaster-recovery/perform`
    const { json } = await client.ask('POST', path, { body: BODY, token })
    if (json.restore_id !== this.#lastId + 1) throw new Error(`restore ${json.restore_id} follows ${this.#lastId}`)
    this.#lastId += 1
    this.acknowledged += 1
  }

  async check(client: Client): Promise<string[]> {
    const { json } = await client.ask('GET', `/@${this.name}${INSTANCE}/restores`, { token })
    const ids: number[] = json.map(({ id }: { id: number }) => id)
    const expected = Array.from({ length: this.#lastId }, (_, index) => index + 1)
    const missing = expected.filter(id => !ids.includes(id))
    // One more may have been created without an answer.
    const lastId = Math.max(0, ...ids)
    const isMore = ids.length > this.#lastId + 1 || lastId > this.#lastId + 1
    this.#lastId = lastId
    const lost = missing.map(id => `there is no restore ${id}`)
    return isMore ? [...lost, `there are ${ids.length} restores, the last is ${this.#lastId}`] : lost
  }
}
