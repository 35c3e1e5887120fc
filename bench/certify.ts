// Measures how many drills a certification runs in a second, with a client that ends at once: what each drill costs besides its client.
import { start } from '../src/index.ts'
import type { Figure } from './figures.ts'

const ROUNDS = 3

export async function certifyFigures(): Promise<Figure[]> {
  await using server = await start()
  const perSecond: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const begun = performance.now()
    const { drills } = await server.certify({ command: ['true'] })
    perSecond.push(drills.length / ((performance.now() - begun) / 1000))
  }
  return [{ what: 'certify: drills, one at a time', unit: '/s', firedrill: perSecond }]
}
