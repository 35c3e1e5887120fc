// Measures sandboxes: many of them, and large ones. Both run from the sources, in processes of their own.
import type { Costs, DataSizes } from './data-sizes.ts'
import type { Figure } from './figures.ts'
import { output } from './processes.ts'
import type { Sandboxes } from './sandboxes.ts'

export async function sandboxFigures(): Promise<Figure[]> {
  const measured = await output<Sandboxes>('sandboxes.ts', { node: ['--expose-gc'] })
  const { createMs, firstAnswerMs, laterAnswerMs, resetMs, answerAfterResetMs, residentMib } = measured
  const goal = { of: 'value', atMost: 1 } as const
  const unit = 'ms'
  return [
    // A sandbox is opened by its first request, so the time that this adds to the request is included.
    { what: 'sandbox: create', unit, firedrill: [createMs + firstAnswerMs - laterAnswerMs], goal },
    { what: 'sandbox: create and first answer', unit, firedrill: [createMs + firstAnswerMs] },
    { what: 'sandbox: reset', unit, firedrill: [resetMs + answerAfterResetMs - laterAnswerMs], goal },
    { what: '1,000 used sandboxes', unit: 'MiB', firedrill: [residentMib], goal: { of: 'value', atMost: 200 } },
  ]
}

/** Flat: the same with a thousand times as many jobs. Linear: ten times as much for ten times as many. */
export async function dataSizeFigures(): Promise<Figure[]> {
  const { small, medium, large } = await output<DataSizes>('data-sizes.ts', {})
  const compare = (what: string, cost: keyof Costs, name: string, other: Costs, atMost: number): Figure => ({
    what: `${what} (CPU)`,
    unit: 'ms',
    firedrill: [large[cost]],
    other: { name, values: [other[cost]] },
    goal: { of: 'ratio', atMost },
  })
  const flat = (what: string, cost: keyof Costs) => compare(what, cost, 'with 100 jobs', small, 1.5)
  const linear = (what: string, cost: keyof Costs) => compare(what, cost, 'a tenth of them', medium, 15)
  return [
    flat('100,000 jobs: read one', 'readJob'),
    flat('100,000 jobs: run one more', 'runJob'),
    linear('100,000 jobs: list', 'listJobs'),
    linear('10,000 backups: list', 'listBackups'),
  ]
}
