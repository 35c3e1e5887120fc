// Measures the time and memory that sandboxes cost. Run with --expose-gc in a separate process; prints one JSON line.
import { start } from '../src/index.ts'
import { median } from './figures.ts'

const COUNT = 1_000
const WARM_UP = 200

const server = await start({ clock: 'frozen' })
const headers = { authorization: 'Bearer YOUR_API_KEY' }

async function use(url: string): Promise<void> {
  const response = await fetch(`${url}/backend/api/v1/disasterRecoveryFiles/`, { headers })
  await response.arrayBuffer()
  if (response.status !== 200) throw new Error(`the list answered ${response.status}`)
}

function residentMib(): number {
  globalThis.gc?.()
  return process.memoryUsage.rss() / 2 ** 20
}

/** The median duration of `count` calls, in ms. */
async function timeEach(count: number, turn: (index: number) => unknown): Promise<number> {
  const times: number[] = []
  for (let index = 0; index < count; index++) {
    const begun = performance.now()
    await turn(index)
    times.push(performance.now() - begun)
  }
  return median(times)
}

const names = (prefix: string) => (index: number) => `${prefix}-${index}`

export interface Sandboxes {
  createMs: number
  firstAnswerMs: number
  laterAnswerMs: number
  resetMs: number
  answerAfterResetMs: number
  residentMib: number
}

async function measure(count: number, name: (index: number) => string): Promise<Sandboxes> {
  const before = residentMib()
  const createMs = await timeEach(count, index => server.sandboxes.create({ name: name(index) }))
  const firstAnswerMs = await timeEach(count, index => use(server.sandbox(name(index)).url))
  const held = residentMib() - before
  const laterAnswerMs = await timeEach(count, index => use(server.sandbox(name(index)).url))
  const resetMs = await timeEach(count, index => server.sandbox(name(index)).reset())
  const answerAfterResetMs = await timeEach(count, index => use(server.sandbox(name(index)).url))
  return { createMs, firstAnswerMs, laterAnswerMs, resetMs, answerAfterResetMs, residentMib: held }
}

await measure(WARM_UP, names('warm'))
for (let index = 0; index < WARM_UP; index++) server.sandboxes.drop(names('warm')(index))
console.log(JSON.stringify(await measure(COUNT, names('used'))))
await server.close()
