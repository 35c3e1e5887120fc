// Measures start() in a new process. The argument is the URL of the module to import; prints one JSON line.
import { median } from './figures.ts'

const STARTS = 15

export interface LibraryStart {
  firstMs: number
  laterMs: number
}

const [, , url] = process.argv
if (url === undefined) throw new Error('the argument is the URL of the module to import')
const { start }: typeof import('../src/index.ts') = await import(url)

async function timeStart(): Promise<number> {
  const begun = performance.now()
  const server = await start()
  const ms = performance.now() - begun
  await server.close()
  return ms
}

const firstMs = await timeStart()
const later: number[] = []
for (let count = 0; count < STARTS; count++) later.push(await timeStart())
const figures: LibraryStart = { firstMs, laterMs: median(later) }
console.log(JSON.stringify(figures))
