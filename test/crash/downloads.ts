// Downloads a file repeatedly as additional load; writes nothing.
import type { Client, Writer } from './server.ts'

export class Downloads implements Writer {
  readonly name = 'downloads'
  acknowledged = 0

  async write(client: Client): Promise<void> {
    await client.ask('GET', '/backend/api/v1/disasterRecoveryFiles/123', { token: 'YOUR_API_KEY' })
  }

  async check(): Promise<string[]> {
    return []
  }
}
