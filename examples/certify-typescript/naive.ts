// A client that makes, in each drill, the mistake that the drill detects.
import { clientsByDrill } from './clients/index.ts'
import { runClient } from './session.ts'

await runClient(drill => {
  const [naive] = Object.values(clientsByDrill[drill]?.wrong ?? {})
  if (!naive) throw new Error(`There is no naive client for the drill ${drill}`)
  return naive.client
})
