// The calls of a run, and the patterns that drills describe them by: does a call fit, and how are both put in words?
import { isDeepStrictEqual } from 'node:util'
import type { AnswerPattern, CallPattern } from '../../../schemas/drills.ts'
import { isObject } from '../../sandbox/is-object.ts'
import { ownValue } from '../../sandbox/own.ts'

/** Of the drill's API, in the order of arrival. */
export interface Call {
  operation: string
  /** As routed, without its query. */
  path: string
  /** Virtual epoch ms. */
  at: number
  /** Undefined when there was no answer. */
  status: number | undefined
  /** The name of the error that it was answered with. */
  error: string | undefined
  /** A fault kept some of the answer from the client, or gave it another. */
  isChangedByFault: boolean
  /** Undefined when it is no JSON. */
  body: unknown
}

export function fits({ operation, answer }: CallPattern, call: Call): boolean {
  return [operation].flat().includes(call.operation) && (answer === undefined || isAnswer(answer, call))
}

export function isAnswer(pattern: AnswerPattern, { status, error, isChangedByFault, body }: Call): boolean {
  if (pattern === 'ok') return status !== undefined && status < 400 && error === undefined && !isChangedByFault
  if (typeof pattern === 'number') return status === pattern
  return typeof pattern === 'string' ? error === pattern : holds(body, pattern)
}

/** Whether a value has these fields among others. */
export function holds(value: unknown, fields: Record<string, unknown>): boolean {
  if (!isObject(value)) return false
  return Object.entries(fields).every(([name, wanted]) =>
    isObject(wanted) ? holds(ownValue(value, name), wanted) : isDeepStrictEqual(ownValue(value, name), wanted),
  )
}

/** `getJob or getJobByPost answered 502`. */
export function callWords({ operation, answer }: CallPattern): string {
  const names = [operation].flat().join(' or ')
  return answer === undefined ? names : `${names} answered ${answerWords(answer)}`
}

export function answerWords(pattern: AnswerPattern): string {
  return typeof pattern === 'object' ? JSON.stringify(pattern) : String(pattern)
}

/** What a call was answered, in the terms of the pattern that it did not fit. */
export function answerOf({ status, error, isChangedByFault, body }: Call, pattern: AnswerPattern): string {
  if (status === undefined) return 'nothing'
  if (error !== undefined) return typeof pattern === 'number' ? `${status} ${error}` : error
  if (typeof pattern !== 'object' || !isObject(body))
    return isChangedByFault ? `${status}, changed by a fault` : String(status)
  return JSON.stringify(Object.fromEntries(Object.keys(pattern).map(name => [name, ownValue(body, name)])))
}

/** `250ms`, `2.5s`, `90s`, `10m`. */
export function durationWords(ms: number): string {
  if (ms < 1000) return `${ms}ms`
  const seconds = Math.round(ms / 100) / 10
  return seconds < 120 ? `${seconds}s` : `${Math.round(seconds / 6) / 10}m`
}
