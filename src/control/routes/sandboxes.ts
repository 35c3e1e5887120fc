// The sandboxes themselves: made, listed, dropped.
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import * as wire from '../../../schemas/control.ts'
import { empty, json } from '../../http/responses.ts'
import type { TypedApp } from '../../http/mount.ts'
import { destinationOf } from '../../http/scope.ts'
import { createSandbox } from '../../rehearsal/rehearsal.ts'
import type { ControlContext } from '../context.ts'
import { failuresOf } from '../errors.ts'

const SandboxParams = Type.Object({ sandbox: Type.String() })

export function sandboxRoutes(app: TypedApp, { registry }: ControlContext): void {
  const tags = ['sandboxes']

  app.get(
    '/sandboxes',
    {
      schema: {
        operationId: 'listSandboxes',
        summary: 'The sandboxes',
        tags,
        response: { 200: json('By name', wire.SandboxList), ...failuresOf() },
      },
    },
    request => registry.names().map(name => sandboxView(request, name)),
  )

  app.post(
    '/sandboxes',
    {
      schema: {
        operationId: 'createSandbox',
        summary: 'Make a sandbox',
        tags,
        body: wire.SandboxRequest,
        response: { 201: json('Made', wire.Sandbox), ...failuresOf('BadRequest', 'Conflict', 'LimitReached') },
      },
    },
    (request, reply) => {
      createSandbox(registry, request.body)
      return reply.code(201).send(sandboxView(request, request.body.name))
    },
  )

  app.delete(
    '/sandboxes/:sandbox',
    {
      schema: {
        operationId: 'dropSandbox',
        summary: 'Drop a sandbox and all that it holds',
        tags,
        params: SandboxParams,
        response: { 204: empty('Dropped'), ...failuresOf('Conflict') },
      },
    },
    (request, reply) => {
      registry.drop(request.params.sandbox)
      return reply.code(204).send()
    },
  )
}

function sandboxView(request: FastifyRequest, name: string): wire.Sandbox {
  return { name, url: `${destinationOf(request).serverUrl}/@${name}` }
}
