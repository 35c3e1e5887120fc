// arcgis: computes when scheduled tasks run, from a given instant.
import { Cron as Pattern } from 'croner'
import { dateAt } from '../../../sandbox/clock/clock.ts'
import type { Cron } from '../state.ts'

const SATURDAY = 7
/** Not what follows `#`, which is a week of the month, or `/`, which is a step. */
const DAY_NUMBER = /(?<![\d#/])\d+/g

/** As the vendor writes it: seconds first. */
export function cronExpression({ minute, hour, dayOfMonth, month, dayOfWeek }: Cron): string {
  return ['0', minute, hour, dayOfMonth, month, dayOfWeek].join(' ')
}

/** Why the text is not a cron expression; undefined if it is. */
export function cronProblem(expression: string): string | undefined {
  const [, dayOfWeek] = splitLast(expression)
  // Checked here, because croner takes 8 for a Sunday.
  const wrong = dayOfWeek.match(DAY_NUMBER)?.find(day => Number(day) > SATURDAY)
  if (wrong !== undefined) return `Invalid value for dayOfWeek: ${wrong}`
  try {
    patternOf(expression)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^CronPattern: |\.$/g, '') : String(error)
  }
}

/** The first time after an instant (both epoch ms), in UTC; undefined when there is none up to the year 9999. */
export type NextTime = (after: number) => number | undefined

/** The times that the expression names. Reading an expression takes ten times as long as finding its next time. */
export function timesOf(expression: string): NextTime {
  const pattern = patternOf(expression)
  return after => pattern.nextRun(dateAt(after))?.getTime()
}

export function nextTime(expression: string, after: number): number | undefined {
  return timesOf(expression)(after)
}

/**
 * Days of the week are counted from Sunday as 1, as in the vendor's sample; 0, which the ArcGIS API for Python sends for
 * Sunday, is the same day.
 */
function patternOf(expression: string): Pattern {
  const [fields, dayOfWeek] = splitLast(expression)
  const days = dayOfWeek.replaceAll(/(?<![\d#/])0(?!\d)/g, '1')
  return new Pattern(`${fields} ${days}`, { paused: true, utcOffset: 0, alternativeWeekdays: true, domAndDow: true })
}

function splitLast(expression: string): [string, string] {
  const at = expression.lastIndexOf(' ')
  return [expression.slice(0, at), expression.slice(at + 1)]
}
