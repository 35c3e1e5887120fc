// Computes medians and prints the table of results.
export interface Figure {
  what: string
  firedrill: number
  /** The baseline, if there is one. */
  other?: { name: string; value: number }
  unit: string
  /** `ratio` is Firedrill's value divided by the baseline's, `value` is Firedrill's value. */
  goal?: { of: 'ratio' | 'value'; min?: number; max?: number }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle) - 1] ?? Number.NaN)) / 2
}

export function printFigures(figures: readonly Figure[]): void {
  const head = ['', 'firedrill', 'against', '', 'ratio', 'goal', '']
  const rows = figures.map(figure => {
    const { what, firedrill, other, unit } = figure
    const ratio = other === undefined ? '' : `${(firedrill / other.value).toFixed(2)}×`
    const against = other === undefined ? ['', ''] : [`${short(other.value)} ${unit}`, other.name]
    return [what, `${short(firedrill)} ${unit}`, ...against, ratio, ...verdict(figure)]
  })
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map(row => (row[column] ?? '').length)))
  for (const row of [head, ...rows]) {
    const cells = row.map((cell, column) =>
      column === 0 || column === 3 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    )
    console.log(cells.join('  ').trimEnd())
  }
}

function verdict({ firedrill, other, unit, goal }: Figure): string[] {
  if (!goal) return ['', '']
  const reached = goal.of === 'ratio' ? firedrill / (other?.value ?? Number.NaN) : firedrill
  const mark = goal.of === 'ratio' ? '×' : ` ${unit}`
  if (goal.min !== undefined) return [`≥ ${goal.min}${mark}`, reached >= goal.min ? 'ok' : 'missed']
  return [`≤ ${goal.max}${mark}`, reached <= (goal.max ?? Number.NaN) ? 'ok' : 'missed']
}

function short(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(value >= 10 ? 1 : 2)
}
