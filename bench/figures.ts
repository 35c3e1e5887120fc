// Computes medians, quartiles and ratios, and makes the table of results.

export interface Figure {
  what: string
  unit: string
  /** Firedrill's values, one for each round. */
  firedrill: readonly number[]
  /** What it is compared with, if anything: the values of the same rounds. */
  other?: { name: string; values: readonly number[] }
  goal?: Goal
}

/** For the ratio of Firedrill's value to the other, or for Firedrill's value. */
export interface Goal {
  of: 'ratio' | 'value'
  atLeast?: number
  atMost?: number
  /** What is good enough until the goal is reached. */
  accepted?: number
}

/** The value at a fraction of the sorted values, interpolated; NaN without values. */
export function quantile(values: readonly number[], fraction: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const position = (sorted.length - 1) * fraction
  const lower = sorted[Math.floor(position)] ?? Number.NaN
  const upper = sorted[Math.ceil(position)] ?? Number.NaN
  return lower + (upper - lower) * (position - Math.floor(position))
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** The ratio in each round: what slows down a round slows down both. Throws unless both have the same number of rounds. */
export function ratios({ what, firedrill, other }: Figure): number[] {
  if (!other) return []
  if (other.values.length !== firedrill.length) throw new Error(`${what}: the numbers of rounds differ`)
  return firedrill.map((value, round) => value / (other.values[round] ?? Number.NaN))
}

export type Verdict = 'ok' | 'accepted' | 'missed'

/** Undefined without a goal, and for a figure that this machine cannot measure. */
export function verdictOf(figure: Figure): Verdict | undefined {
  const { goal } = figure
  if (!goal) return undefined
  const reached = median(goal.of === 'ratio' ? ratios(figure) : figure.firedrill)
  if (Number.isNaN(reached)) return undefined
  const reaches = (limit: number) => (goal.atLeast === undefined ? reached <= limit : reached >= limit)
  if (reaches(goal.atLeast ?? goal.atMost ?? Number.NaN)) return 'ok'
  return goal.accepted !== undefined && reaches(goal.accepted) ? 'accepted' : 'missed'
}

const HEAD = ['', 'Firedrill', 'against', '', 'ratio', 'quartiles']

/** Lines of text; without goals and verdicts unless it is `judged`. */
export function table(figures: readonly Figure[], { judged }: { judged: boolean }): string[] {
  const rows = judged
    ? [[...HEAD, 'goal', ''], ...figures.map(figure => [...rowOf(figure), textOfGoal(figure), verdictOf(figure) ?? ''])]
    : [HEAD, ...figures.map(rowOf)]
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  const isText = (column: number) => column === 0 || column === 3 || column === 7
  return rows.map(row =>
    row
      .map((cell, column) => (isText(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  )
}

/** The rows that do not reach their goal, as text; those that are good enough say so. */
export function misses(figures: readonly Figure[]): string[] {
  return figures.flatMap(figure => {
    const verdict = verdictOf(figure)
    if (verdict === undefined || verdict === 'ok') return []
    const isRatio = figure.goal?.of === 'ratio'
    const value = isRatio ? times(median(ratios(figure))) : `${short(median(figure.firedrill))} ${figure.unit}`
    const against = isRatio ? ` of ${figure.other?.name}` : ''
    const enough = verdict === 'accepted' ? ', which is accepted for now' : ''
    return [`${figure.what}: ${value}${against}, goal ${textOfGoal(figure)}${enough}`]
  })
}

function rowOf(figure: Figure): string[] {
  const { what, firedrill, other, unit } = figure
  const value = (values: readonly number[]) => `${short(median(values))} ${unit}`
  const against = other ? [value(other.values), other.name] : ['', '']
  const ratio = other ? times(median(ratios(figure))) : ''
  return [what, value(firedrill), ...against, ratio, spread(other ? ratios(figure) : firedrill, other !== undefined)]
}

function spread(values: readonly number[], areRatios: boolean): string {
  if (values.length < 2) return ''
  const text = areRatios ? (value: number) => value.toFixed(2) : short
  return `${text(quantile(values, 0.25))} – ${text(quantile(values, 0.75))}`
}

function textOfGoal({ goal, unit }: Figure): string {
  if (!goal) return ''
  const mark = goal.of === 'ratio' ? '×' : ` ${unit}`
  return goal.atLeast === undefined ? `≤ ${goal.atMost}${mark}` : `≥ ${goal.atLeast}${mark}`
}

function times(ratio: number): string {
  return `${ratio.toFixed(2)}×`
}

function short(value: number): string {
  if (Number.isNaN(value)) return '?'
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(value >= 10 ? 1 : 2)
}
