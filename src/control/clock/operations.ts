// Defines the control operations on a sandbox's clock.
import * as wire from '../../../schemas/control.ts'
import { operation } from '../operation.ts'

export const getClock = operation({
  id: 'getClock',
  capability: 'clock',
  method: 'GET',
  path: '/clock',
  scope: 'sandbox',
  embedded: 'clock.get',
  summary: 'Read the clock',
  outcome: 'The clock',
  out: wire.Clock,
})

export const setClock = operation({
  id: 'setClock',
  capability: 'clock',
  method: 'PUT',
  path: '/clock',
  scope: 'sandbox',
  embedded: 'clock.set',
  summary: 'Set the virtual time and how fast it runs',
  description:
    'Time only moves forward. Everything due up to the new time has happened when this returns, unless it is `stopped`.',
  in: { body: wire.ClockChange },
  outcome: 'The clock',
  out: wire.ClockChanged,
  errors: ['conflict'],
  sandboxAccess: 'create',
})

export const advanceClock = operation({
  id: 'advanceClock',
  capability: 'clock',
  method: 'POST',
  path: '/clock/advance',
  scope: 'sandbox',
  embedded: 'clock.advance',
  summary: 'Move the clock forward',
  description:
    'Everything due until then has happened when this returns, each event at its own due time. One call applies at most 100000 ' +
    'events. If more are due it stops early, with `stopped` true, and the next call continues.',
  in: { body: wire.Advance },
  outcome: 'What happened',
  out: wire.Advanced,
  errors: ['conflict'],
  sandboxAccess: 'create',
})

export const runUntilIdle = operation({
  id: 'runUntilIdle',
  capability: 'clock',
  method: 'POST',
  path: '/clock/run-until-idle',
  scope: 'sandbox',
  embedded: 'clock.runUntilIdle',
  summary: 'Move the clock forward until no job has anything due',
  in: { body: wire.RunUntilIdle },
  outcome: 'What happened',
  out: wire.Advanced,
  sandboxAccess: 'create',
})

export const readTimeline = operation({
  id: 'readTimeline',
  capability: 'clock',
  method: 'GET',
  path: '/timeline',
  scope: 'sandbox',
  embedded: 'clock.timeline',
  summary: 'Read what happened and what is planned over virtual time',
  description:
    'The jobs, events, requests and plans of faults of the sandbox in a window of virtual time, and the recurring events that are due.',
  in: { query: wire.TimelineQuery },
  outcome: 'The window',
  out: wire.Timeline,
})
