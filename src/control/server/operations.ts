// Defines the control operations on the server as a whole: health, version and its OpenAPI document.
import { Type } from '@sinclair/typebox'
import * as wire from '../../../schemas/control.ts'
import { operation } from '../operation.ts'

export const health = operation({
  id: 'health',
  capability: 'server',
  method: 'GET',
  path: '/health',
  scope: 'server',
  embedded: 'health',
  summary: 'Check that the server is running and takes requests',
  outcome: 'The server is running',
  out: wire.Health,
  aliases: [
    { id: 'livez', method: 'GET', path: '/livez' },
    { id: 'readyz', method: 'GET', path: '/readyz' },
  ],
  guarded: false,
})

export const version = operation({
  id: 'version',
  capability: 'server',
  method: 'GET',
  path: '/version',
  scope: 'server',
  embedded: 'version',
  summary: 'Read the version',
  outcome: 'The version',
  out: Type.Object({ version: Type.String() }),
})

export const describeControl = operation({
  id: 'describeControl',
  capability: 'server',
  method: 'GET',
  path: '/openapi.json',
  scope: 'server',
  embedded: 'describeControl',
  summary: 'Read the OpenAPI document of the control API',
  outcome: 'The document',
  out: Type.Object({}, { additionalProperties: true }),
  async: true,
})
