// The clock of a sandbox: read, set, advanced.
import * as wire from '../../../schemas/control.ts'
import { json } from '../../http/responses.ts'
import type { TypedApp } from '../../http/mount.ts'
import { inSteps } from '../clock/clock.ts'
import { type ControlContext, type Place, rehearsalOf } from '../context.ts'
import { failuresOf } from '../errors.ts'

export function clockRoutes(app: TypedApp, context: ControlContext, { base, hide }: Place): void {
  const tags = ['clock']

  app.get(
    `${base}/clock`,
    {
      schema: {
        operationId: 'getClock',
        summary: 'The virtual time',
        tags,
        hide,
        response: { 200: json('The clock', wire.Clock), ...failuresOf() },
      },
    },
    request => rehearsalOf(context, request).clock.get(),
  )

  app.put(
    `${base}/clock`,
    {
      schema: {
        operationId: 'setClock',
        summary: 'Set how time runs, and what time it is',
        description:
          'Time only moves forward. What is due up to the new time has happened when this answers, unless it is `stopped`.',
        tags,
        hide,
        body: wire.ClockChange,
        response: { 200: json('The clock', wire.ClockChanged), ...failuresOf('BadRequest', 'Conflict') },
      },
    },
    request => inSteps(rehearsalOf(context, request).clock.setting(request.body)),
  )

  app.post(
    `${base}/clock/advance`,
    {
      schema: {
        operationId: 'advanceClock',
        summary: 'Move the clock',
        description:
          'Everything due on the way has happened when this answers, each at its own due time. One call applies at most ' +
          '100000 events: where more are due it stops on the way, says so in `stopped`, and the next call goes on.',
        tags,
        hide,
        body: wire.Advance,
        response: { 200: json('What happened', wire.Advanced), ...failuresOf('BadRequest', 'Conflict') },
      },
    },
    request => inSteps(rehearsalOf(context, request).clock.advancing(request.body)),
  )

  app.post(
    `${base}/clock/run-until-idle`,
    {
      schema: {
        operationId: 'runUntilIdle',
        summary: 'Move the clock until no job has anything due any more',
        tags,
        hide,
        body: wire.RunUntilIdle,
        response: { 200: json('What happened', wire.Advanced), ...failuresOf('BadRequest') },
      },
    },
    request => inSteps(rehearsalOf(context, request).clock.runningUntilIdle(request.body)),
  )
}
