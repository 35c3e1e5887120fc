// Writer: imports states into a sandbox, and resets it.
import { type Client, PendingValue, type Writer } from './server.ts'

/** The mark of the demo data. */
export const FIRST_STATE = 'demo data'

/** A document with 200 instances, whose ids begin with the mark. */
export function documentOf(mark: string): object {
  const instances = Array.from({ length: 200 }, (_, index) => ({ id: `${mark}-${index}`, backupGuid: `guid-${index}` }))
  return { a9s: { tokens: [{ token: 'demo-token' }], instances } }
}

/** The mark of the sandbox's state. A state with only some of the instances has no mark and is described instead. */
export async function markOf(client: Client, sandbox: string): Promise<string> {
  const { status, json } = await client.ask('GET', `/__admin/sandboxes/${sandbox}/state`, { statuses: [200, 404] })
  // The sandbox is created by the first write.
  if (status === 404) return FIRST_STATE
  const ids: string[] = json.a9s.instances.map(({ id }: { id: string }) => id)
  const [, mark] = /^(.*)-0$/.exec(ids.find(id => id.endsWith('-0')) ?? '') ?? []
  if (mark === undefined) return ids.length > 0 ? FIRST_STATE : 'nothing'
  return ids.length === 200 ? mark : `${ids.length} of 200 instances of ${mark}`
}

export class States implements Writer {
  acknowledged = 0
  #written = 0
  readonly name: string
  readonly #state = new PendingValue(FIRST_STATE)

  constructor(name: string) {
    this.name = name
  }

  async write(client: Client): Promise<void> {
    this.#written += 1
    const base = `/__admin/sandboxes/${this.name}`
    if (this.#written % 5 === 0) {
      await this.#state.set(FIRST_STATE, () => client.ask('POST', `${base}/reset`))
    } else {
      const mark = `state${this.#written}`
      await this.#state.set(mark, () => client.ask('PUT', `${base}/state`, { body: documentOf(mark) }))
    }
    this.acknowledged += 1
  }

  async check(client: Client): Promise<string[]> {
    return this.#state.check(await markOf(client, this.name))
  }
}
