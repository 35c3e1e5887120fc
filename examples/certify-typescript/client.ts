// A client that passes all drills. `npm test` runs it with firedrill certify.
import { clientsByDrill } from './clients/index.ts'
import { runClient } from './session.ts'

await runClient(drill => {
  const clients = clientsByDrill[drill]
  if (!clients) throw new Error(`This client does not know the drill ${drill}`)
  return clients.correct
})
