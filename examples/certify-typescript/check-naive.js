// Certifies the naive client with the embedded API: it has to fail every drill.
import { start } from 'firedrill'

const server = await start()
const { drills } = await server.certify({ command: [process.execPath, 'naive.ts'], jobs: 4 })
await server.close()

const unexpected = drills.filter(({ verdict }) => verdict !== 'failed')
for (const { id, verdict, result } of unexpected) console.error(`${id}: ${verdict}\n${result?.output ?? ''}`)
console.log(`The naive client failed ${drills.length - unexpected.length} of ${drills.length} drills`)
process.exitCode = unexpected.length === 0 && drills.length > 0 ? 0 : 1
