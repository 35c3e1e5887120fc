// What each fault does to a request that has just arrived; those that let it pass act on its answer.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { hostAlarm } from '../../sandbox/clock/clock.ts'
import type { FaultHit } from '../../sandbox/faults/faults.ts'
import { type Fault, type FaultOf, MAX_MS } from '../../sandbox/faults/kinds.ts'
import type { ApiError, Catalogue } from '../errors.ts'
import type { Scope } from '../scope.ts'
import { sendGatewayPage } from './gateway.ts'

/** The course of a request up to where its fault strikes. */
export interface Course {
  request: FastifyRequest
  reply: FastifyReply
  scope: Scope
  /** Of the API that the request is for. */
  catalogue: Catalogue
  next(error?: Error): void
  /** Has the room answer with its error. */
  fail(error: ApiError): void
  /** What cuts off the requests that are kept waiting. */
  cuts: Set<() => void>
}

type Arrivals = { [Kind in Fault['fault']]?: (fault: FaultOf<Kind>, course: Course, draw: FaultHit['draw']) => void }

const arrivals: Arrivals = {
  error: ({ name }, { catalogue, fail }) => fail(catalogue.error(name)),
  status: sendStatus,
  delay: (fault, course, draw) => delay(course, delayMs(fault, draw), fault.clock === 'virtual'),
  reset({ when }, { request, next }) {
    if (when === 'after-headers' || when === 'mid-body') next()
    else request.raw.socket.resetAndDestroy()
  },
  hang(_fault, course) {
    // Its body has to be read for its going to be noticed.
    course.request.raw.resume()
    hold(course, () => () => {})
  },
  'proxy-error': ({ status = 502 }, { reply }) => sendGatewayPage(reply, status),
  'rate-limit': limitRate,
}

export function strike({ fault, draw }: FaultHit, course: Course): void {
  const act = arrivals[fault.fault] as ((fault: Fault, course: Course, draw: FaultHit['draw']) => void) | undefined
  if (act) act(fault, course, draw)
  else course.next()
}

function sendStatus({ status, body, contentType }: FaultOf<'status'>, { reply }: Course): void {
  const isText = body === undefined || typeof body === 'string'
  reply.code(status).type(contentType ?? (isText ? 'text/plain' : 'application/json'))
  reply.send(isText ? (body ?? '') : JSON.stringify(body))
}

function limitRate({ retryAfterSeconds }: FaultOf<'rate-limit'>, { catalogue, reply, fail }: Course): void {
  const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }
  const own = Object.entries(catalogue.rows).find(([, { status }]) => status === 429)
  if (own) fail(catalogue.error(own[0], { headers }))
  else sendGatewayPage(reply.headers(headers), 429)
}

function delayMs(fault: FaultOf<'delay'>, draw: FaultHit['draw']): number {
  if ('ms' in fault) return fault.ms
  if (fault.distribution === 'uniform') return fault.minMs + draw('ms') * (fault.maxMs - fault.minMs)
  // Box and Muller: two uniform draws make one normal one.
  const normal = Math.sqrt(-2 * Math.log(1 - draw('radius'))) * Math.cos(2 * Math.PI * draw('angle'))
  return Math.min(fault.medianMs * Math.exp(fault.sigma * normal), MAX_MS)
}

function delay(course: Course, ms: number, isVirtual: boolean): void {
  const { scope, next } = course
  const { clock } = scope.sandbox
  const wait = (then: () => void) =>
    isVirtual ? clock.waitUntil(scope.now + Math.round(ms), then) : hostAlarm(ms, then)
  hold(course, wait, () => {
    try {
      scope.now = scope.sandbox.settle()
      next()
    } catch (error) {
      next(error as Error)
    }
  })
}

/**
 * Keeps the client waiting until `wait` calls back, and then goes `after` that. A client that goes away ends it; when the
 * sandbox or the server closes, the connection is cut.
 */
function hold({ reply, scope, cuts }: Course, wait: (then: () => void) => () => void, after = () => {}): void {
  const { faults } = scope.sandbox
  const end = () => {
    stop()
    reply.raw.off('close', end)
    cuts.delete(cut)
    faults.letGo(cut)
  }
  const cut = () => {
    end()
    reply.raw.destroy()
  }
  const stop = wait(() => {
    // It may have ended between the clock's move and now.
    if (!cuts.has(cut)) return
    end()
    after()
  })
  reply.raw.once('close', end)
  cuts.add(cut)
  faults.hold(cut)
}
