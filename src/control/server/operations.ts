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
  guarded: false,
})

export const livez = operation({
  id: 'livez',
  capability: 'server',
  method: 'GET',
  path: '/livez',
  scope: 'server',
  embedded: 'livez',
  summary: 'Check that the server is running, also while it stops',
  outcome: 'The server is running',
  out: Type.Object({ status: Type.Literal('live') }),
  guarded: false,
})

export const readyz = operation({
  id: 'readyz',
  capability: 'server',
  method: 'GET',
  path: '/readyz',
  scope: 'server',
  embedded: 'readyz',
  summary: 'Check that the server takes requests',
  description:
    'It does from the moment at which it listens until it is to stop; then the status is 503, also while the server still answers for `--drain-delay`.',
  outcome: 'The server takes requests',
  out: Type.Object({ status: Type.Literal('ready') }),
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
