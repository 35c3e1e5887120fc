// Measures downloads, each from a separate server, so that its peak memory belongs to it alone.
import type { Figure } from './figures.ts'
import type { Generator, Measured } from './load.ts'
import type { Request } from './operations.ts'
import { download, type Program, residentMib, serve } from './processes.ts'

const MB = 1e6
const ROUNDS = 5
const ROUND_SECONDS = 0.5
export const SEVEN_ZIP: Request = {
  path: '/backend/api/v1/disasterRecoveryFiles/123',
  headers: { authorization: 'Bearer YOUR_API_KEY', accept: 'application/x-7z-compressed' },
}
export const ZIP: Request = {
  path: '/backups.dscloud.pt/23457145698959364_Backup%20at%202024-12-07%2022:07:11.zip?85592d2b15ff867407964790224dcbb3a95ce82b',
}

export async function downloadFigures(generator: Generator, program: Program): Promise<Figure[]> {
  return [...(await sevenZip(generator, program)), ...(await zip(program))]
}

async function sevenZip(generator: Generator, program: Program): Promise<Figure[]> {
  await using server = await serve(program)
  const begun = performance.now()
  await download(server.url, SEVEN_ZIP)
  const firstMs = performance.now() - begun
  const loads: Measured[] = []
  for (let round = 0; round < ROUNDS; round++) {
    loads.push(await generator.send(server, [SEVEN_ZIP], { seconds: ROUND_SECONDS }))
  }
  return [
    { what: '7z: first download', unit: 'ms', firedrill: [firstMs] },
    { what: '7z: downloads', unit: 'req/s', firedrill: loads.map(each => each.requestsPerSecond) },
    { what: '7z: throughput', unit: 'MB/s', firedrill: loads.map(each => each.bytesPerSecond / MB) },
    { what: '7z: peak RSS', unit: 'MiB', firedrill: [residentMib(server.process).peak] },
  ]
}

async function zip(program: Program): Promise<Figure[]> {
  await using server = await serve(program)
  const speeds: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const begun = performance.now()
    const length = await download(server.url, ZIP)
    speeds.push(length / MB / ((performance.now() - begun) / 1000))
  }
  return [
    { what: 'zip of 81,865,653 bytes: throughput', unit: 'MB/s', firedrill: speeds },
    { what: 'zip of 81,865,653 bytes: peak RSS', unit: 'MiB', firedrill: [residentMib(server.process).peak] },
  ]
}
