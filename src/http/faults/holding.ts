// Keeps requests waiting for faults, until something ends that or the client disconnects.
import type { FastifyReply } from 'fastify'
import type { Faults } from '../../sandbox/faults/faults.ts'
import { resetConnection } from '../connections.ts'
import type { Scope } from '../scope.ts'
import type { HoldUntilReleased, Wait } from './kind.ts'

/** As FaultedRequest describes it. */
export function hold(reply: FastifyReply, faults: Faults, wait: Wait, then: () => void = () => {}): void {
  let isHeld = true
  const end = () => {
    isHeld = false
    cancel()
    release()
    reply.raw.off('close', end)
  }
  const cancel = wait.start(() => {
    // The request may have ended after the clock moved and before this call.
    if (!isHeld) return
    end()
    then()
  })
  const release = faults.hold(() => {
    end()
    reply.raw.destroy()
  }, wait)
  reply.raw.once('close', end)
}

/** Holds the request of a fault that has fired, which its journal entry shows. */
export function holderOf({ sandbox, trace, entry, route, now }: Scope, reply: FastifyReply): HoldUntilReleased {
  return (at, maxMs, then) => {
    const { fault } = trace
    if (!fault) return then(true)
    trace.fault = { ...fault, hold: { at, ended: null } }
    const disconnected = sandbox.faults.holds.add(fault.id, {
      requestId: entry?.id,
      operation: route.operationId ?? '',
      at,
      since: now,
      maxMs,
      ended(end) {
        trace.fault = { ...fault, hold: { at, ended: end } }
        reply.raw.off('close', disconnected)
        const continues = end === 'released' || end === 'disarmed'
        if (!continues && at === 'request') trace.takeOver('fault')
        if (!continues && end !== 'client disconnected') resetConnection(reply.request.raw.socket)
        then(continues)
      },
    })
    reply.raw.once('close', disconnected)
  }
}
