// The calls of a run as a sequence diagram (SVG) in virtual time, with the requests that a fault changed marked.
import { html } from 'ghtml'
import type { ReportCall, ReportDrill } from '../../../../schemas/report.ts'
import { durationWords } from '../../drills/calls.ts'
import { answerWords } from './words.ts'

/** Of a long run, only the first and the last calls are drawn. */
const MAX_FIRST = 25
const MAX_LAST = 15

const WIDTH = 880
const CLIENT_X = 110
const SERVER_X = 640
const TOP = 44
/** A call needs this much for its two arrows. */
const CALL_HEIGHT = 46
const ANSWER_AT = 22
const MIN_WAIT_HEIGHT = 8
const MAX_WAIT_HEIGHT = 90
const MAX_PATH_CHARACTERS = 58

interface Step {
  call: ReportCall
  /** Its number in the run, from 1. */
  number: number
  /** Virtual ms since the call before, or since the start. */
  waitMs: number
  /** Calls that are left out before it. */
  omitted: number
}

/** The id of a call in the page, to which the evidence of requirements links. */
export function callAnchor(drill: string, number: number): string {
  return `${drill}-call-${number}`
}

/** Whether the diagram shows the call with this number. */
export function isDrawn(number: number, calls: readonly ReportCall[]): boolean {
  return number <= MAX_FIRST || number > calls.length - MAX_LAST
}

export function diagramOf({ id, title, calls, clock }: ReportDrill): string {
  if (calls.length === 0) return html`<p>The client sent no request.</p>`
  const steps = stepsOf(calls, clock === null ? undefined : Date.parse(clock.from))
  let y = TOP
  const drawn = steps.map(step => {
    const top = y + heightOf(step)
    const svg = waitSvg(step, y, top) + callSvg(step, id, top)
    y = top + CALL_HEIGHT
    return svg
  })
  return html`<svg viewBox="0 0 ${WIDTH} ${y + 8}" role="img" aria-label="${`The calls of ${title}, in virtual time`}">
<text class="end" x="${CLIENT_X}" y="20">client</text><text class="end" x="${SERVER_X}" y="20">API</text>
<path class="lifeline" d="M${CLIENT_X} 28V${y} M${SERVER_X} 28V${y}"/>
!${drawn}
</svg>`
}

function stepsOf(calls: readonly ReportCall[], startedAt: number | undefined): Step[] {
  const all = calls.map((call, index) => {
    const before = index === 0 ? startedAt : Date.parse((calls[index - 1] as ReportCall).at)
    return {
      call,
      number: index + 1,
      waitMs: Math.max(0, Date.parse(call.at) - (before ?? Date.parse(call.at))),
      omitted: 0,
    }
  })
  const omitted = all.length - MAX_FIRST - MAX_LAST
  const drawn = all.filter(({ number }) => isDrawn(number, calls))
  return drawn.map(step => (omitted > 0 && step.number === MAX_FIRST + omitted + 1 ? { ...step, omitted } : step))
}

/** Grows with the logarithm of the wait: a millisecond and an hour are both visible. */
function heightOf({ waitMs, omitted }: Step): number {
  if (omitted > 0) return MAX_WAIT_HEIGHT / 2
  return Math.min(MAX_WAIT_HEIGHT, MIN_WAIT_HEIGHT + 9 * Math.log10(1 + waitMs / 10))
}

function waitSvg({ waitMs, omitted }: Step, from: number, to: number): string {
  const middle = (from + to) / 2 + 4
  if (omitted > 0) return html`<text class="wait" x="${CLIENT_X + 12}" y="${middle}">${omitted} calls left out</text>`
  if (waitMs < 100) return ''
  return html`<path class="bracket" d="M${CLIENT_X} ${from}V${to}"/><text class="wait" x="${CLIENT_X + 12}" y="${middle}">waits ${durationWords(waitMs)}</text>`
}

function callSvg({ call, number }: Step, drill: string, y: number): string {
  const { at, method, path, operation, status, error, fault } = call
  const kind = fault !== null ? 'fault' : status === null || status >= 400 || error !== null ? 'error' : 'ok'
  const label = `${method} ${shortened(path)}`
  const answer = answerWords({ status, error }).join(' ')
  const mark =
    fault === null
      ? ''
      : html`<g class="mark"><rect x="${SERVER_X + 12}" y="${y + 2}" width="${faultWidth(fault)}" height="20" rx="10"/><text x="${SERVER_X + 22}" y="${y + 16}">${fault}</text></g>`
  return html`<g id="${callAnchor(drill, number)}" class="call ${kind}"><title>${`${number}. ${method} ${path} (${operation ?? 'no operation'}): ${answer}${fault === null ? '' : `, fault ${fault}`}`}</title>
<rect class="row" x="0" y="${y - 6}" width="${WIDTH}" height="${CALL_HEIGHT - 2}"/>
<text class="number" x="8" y="${y + 14}">${number}</text><text class="time" x="${CLIENT_X - 10}" y="${y + 14}">${at.slice(11, 23)}</text>
<text class="label" x="${CLIENT_X + 12}" y="${y + 8}">${label}</text>
<path class="arrow" d="M${CLIENT_X} ${y + 12}H${SERVER_X - 2}m-7 -4l7 4l-7 4"/>
!${mark}
!${answerSvg(status, answer, y + ANSWER_AT)}
</g>`
}

/** A response that did not arrive ends in a cross. */
function answerSvg(status: number | null, answer: string, y: number): string {
  const middle = (CLIENT_X + SERVER_X) / 2
  const arrow =
    status === null
      ? `M${SERVER_X} ${y + 8}H${middle}m-6 -6l12 12m0 -12l-12 12`
      : `M${SERVER_X} ${y + 8}H${CLIENT_X + 2}m7 -4l-7 4l7 4`
  return html`<path class="arrow answer" d="${arrow}"/><text class="status" x="${SERVER_X - 12}" y="${y + 3}">${answer}</text>`
}

function shortened(path: string): string {
  if (path.length <= MAX_PATH_CHARACTERS) return path
  return `${path.slice(0, 24)}…${path.slice(-(MAX_PATH_CHARACTERS - 25))}`
}

function faultWidth(fault: string): number {
  return 20 + fault.length * 7.2
}
