// Is the server there, what version is it, and what does its control API offer?
import { Type } from '@sinclair/typebox'
import * as wire from '../../../schemas/control.ts'
import { json } from '../../http/responses.ts'
import type { TypedApp } from '../../http/mount.ts'
import type { ControlContext } from '../context.ts'
import { failuresOf } from '../errors.ts'

export function healthRoutes(app: TypedApp, { version, uptimeMs, describe }: ControlContext): void {
  const tags = ['health']
  const health = (): wire.Health => ({ status: 'healthy', version, uptimeMs: uptimeMs() })

  for (const [path, operationId, summary] of [
    ['/health', 'health', 'Is the server healthy?'],
    ['/livez', 'livez', 'Is the process alive?'],
    ['/readyz', 'readyz', 'Does the server take requests?'],
  ] as const) {
    const { 401: _, ...failures } = failuresOf()
    const response = { 200: json('It is', wire.Health), ...failures }
    const description = 'Needs no token, so that probes of containers and load balancers can ask.'
    app.get(path, { schema: { operationId, summary, description, tags, security: [], response } }, health)
  }

  app.get(
    '/version',
    {
      schema: {
        operationId: 'version',
        summary: 'The version',
        tags,
        response: { 200: json('The version', Type.Object({ version: Type.String() })), ...failuresOf() },
      },
    },
    () => ({ version }),
  )

  app.get(
    '/openapi.json',
    {
      schema: {
        operationId: 'describeControl',
        summary: 'The control API as an OpenAPI document',
        tags,
        response: { 200: json('The document', Type.Object({}, { additionalProperties: true })), ...failuresOf() },
      },
    },
    () => describe(),
  )
}
