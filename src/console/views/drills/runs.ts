// The sandboxes of the runs of drills. Pure.
import type { DrillSummary } from '../../../../schemas/drills.ts'

/** The parameters of the URL that belong to one run, without values. */
export const NO_RUN = { outcome: undefined, sha256: undefined, answer: undefined }

/** The numbers of the runs of a drill whose sandboxes exist, the latest first. */
export function runsOf(drill: string, sandboxes: readonly { name: string }[]): number[] {
  const numbers = sandboxes.map(({ name }) => runNumber(drill, name)).filter(number => number !== undefined)
  return numbers.sort((a, b) => b - a)
}

/** The number of a run; undefined if the sandbox is not that of a run of the drill. */
export function runNumber(drill: string, sandbox: string): number | undefined {
  const prefix = sandboxOfRun(drill, '')
  const number = sandbox.startsWith(prefix) ? sandbox.slice(prefix.length) : ''
  return /^[1-9]\d*$/.test(number) ? Number(number) : undefined
}

export function sandboxOfRun(drill: string, number: number | string): string {
  return `drill-${drill}-${number}`
}

/** Whether the title, the id or the mistake that the drill finds contain every word. */
export function matchesFilter({ id, title, teaches }: DrillSummary, filter: string): boolean {
  const text = `${id} ${title} ${teaches}`.toLowerCase()
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every(word => text.includes(word))
}
