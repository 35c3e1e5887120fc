// Drills for clients: what there is, a run of one, and whether its client did what a correct one does. Of the whole server.
import { Type } from '@sinclair/typebox'
import * as wire from '../../../schemas/drills.ts'
import { json } from '../../http/responses.ts'
import type { TypedApp } from '../../http/mount.ts'
import { destinationOf } from '../../http/scope.ts'
import { DrillsControl } from '../drills/drills.ts'
import type { ControlContext } from '../context.ts'
import { failuresOf } from '../errors.ts'

const DrillParams = Type.Object({ id: Type.String() })

export function drillRoutes(app: TypedApp, context: ControlContext): void {
  const tags = ['drills']
  const drills = new DrillsControl(context)

  app.get(
    '/drills',
    {
      schema: {
        operationId: 'listDrills',
        summary: 'The drills',
        tags,
        response: { 200: json('By id', wire.DrillList), ...failuresOf() },
      },
    },
    () => drills.list(),
  )

  app.get(
    '/drills/:id',
    {
      schema: {
        operationId: 'getDrill',
        summary: 'A drill: its story, what it arms, and what a correct client ends with',
        tags,
        params: DrillParams,
        response: { 200: json('The drill', wire.Drill), ...failuresOf() },
      },
    },
    request => drills.get(request.params.id),
  )

  app.post(
    '/drills/:id/start',
    {
      schema: {
        operationId: 'startDrill',
        summary: 'Start a run of a drill, in a sandbox of its own',
        description:
          "Waits are judged by the sandbox's time, which runs by itself: instead of sleeping, a client or its test may move it " +
          'with POST {url}/__admin/clock/advance.',
        tags,
        params: DrillParams,
        response: { 201: json('The run', wire.DrillRun), ...failuresOf('Conflict', 'LimitReached') },
      },
    },
    (request, reply) => reply.code(201).send(drills.start(request.params.id, destinationOf(request).serverUrl)),
  )

  app.get(
    '/drills/:id/verdict',
    {
      schema: {
        operationId: 'getDrillVerdict',
        summary: 'Did the client do what a correct one does?',
        tags,
        params: DrillParams,
        querystring: wire.DrillVerdictRequest,
        response: { 200: json('The verdict so far', wire.DrillVerdict), ...failuresOf('BadRequest', 'Conflict') },
      },
    },
    request => drills.verdict(request.params.id, request.query),
  )
}
