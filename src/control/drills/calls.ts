// Matches the calls of a run with the patterns of a drill, and describes both in words.
import { isDeepStrictEqual } from 'node:util'
import type { AnswerPattern, CallPattern } from '../../../schemas/drills.ts'
import { isObject } from '../../sandbox/is-object.ts'
import { ownValue } from '../../sandbox/own.ts'
import { compilePattern, type Pattern } from '../journal/patterns.ts'

/** A request of the client to the API of the drill. */
export interface Call {
  /** Of its journal entry. */
  id: string
  operation: string
  /** As routed, without its query. */
  path: string
  /** Virtual epoch ms. */
  at: number
  /** Undefined when there was no response. */
  status: number | undefined
  /** The name of the error in the response. */
  error: string | undefined
  /** A fault removed or replaced some of the response. */
  isChangedByFault: boolean
  /** The id of the fault that fired for it. */
  fault: string | undefined
  /** Of the response; undefined when it is not JSON. */
  body: unknown
  /** Whether its request matches. */
  matches(pattern: Pattern): boolean
}

/** Stands for every operation. */
export const EVERY = '*'

export function fits({ operation, request, answer }: CallPattern, call: Call): boolean {
  return (
    (operation === EVERY || [operation].flat().includes(call.operation)) &&
    (request === undefined || call.matches(compiled(request))) &&
    (answer === undefined || isAnswer(answer, call))
  )
}

/** By the pattern in the drill, which is compared with every call. */
const patterns = new WeakMap<object, Pattern>()

function compiled(request: NonNullable<CallPattern['request']>): Pattern {
  const pattern = patterns.get(request) ?? compilePattern(request)
  patterns.set(request, pattern)
  return pattern
}

export function isAnswer(pattern: AnswerPattern, { status, error, isChangedByFault, body }: Call): boolean {
  if (pattern === 'ok') return status !== undefined && status < 400 && error === undefined && !isChangedByFault
  if (typeof pattern === 'number') return status === pattern
  if (typeof pattern === 'string') return error === pattern
  return Array.isArray(pattern) ? isDeepStrictEqual(body, pattern) : holds(body, pattern)
}

/** Whether the value is an object with these fields, and possibly others. */
export function holds(value: unknown, fields: Record<string, unknown>): boolean {
  if (!isObject(value)) return false
  return Object.entries(fields).every(([name, wanted]) =>
    isObject(wanted) ? holds(ownValue(value, name), wanted) : isDeepStrictEqual(ownValue(value, name), wanted),
  )
}

/** `getJob or getJobByPost answered 502`. */
export function callWords({ operation, request, answer }: CallPattern): string {
  const names = operation === EVERY ? 'every operation together' : [operation].flat().join(' or ')
  const details = request === undefined ? '' : ` with ${compiled(request).words}`
  return answer === undefined ? `${names}${details}` : `${names}${details} answered ${answerWords(answer)}`
}

export function answerWords(pattern: AnswerPattern): string {
  return typeof pattern === 'object' ? JSON.stringify(pattern) : String(pattern)
}

/** Describes the response to a call by what the pattern is about: status, error or fields of the body. */
export function answerOf({ status, error, isChangedByFault, body }: Call, pattern: AnswerPattern): string {
  if (status === undefined) return 'without a response'
  if (error !== undefined) return typeof pattern === 'number' ? `${status} ${error}` : error
  if (Array.isArray(pattern) && Array.isArray(body)) return `with a list of ${body.length}`
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
