// All that a sandbox holds: reset, kept under a name, put back, exported and imported.
import { Type } from '@sinclair/typebox'
import * as wire from '../../../schemas/control.ts'
import { empty, json } from '../../http/responses.ts'
import type { TypedApp } from '../../http/mount.ts'
import { documentSchema } from '../../sandbox/documents.ts'
import { type ControlContext, type Place, rehearsalOf, requireSandbox } from '../context.ts'
import { failuresOf } from '../errors.ts'

const SnapshotParams = Type.Object({ name: Type.String() })

export function stateRoutes(app: TypedApp, context: ControlContext, { base, hide }: Place): void {
  const tags = ['state']
  const { registry, apis } = context

  app.post(
    `${base}/reset`,
    {
      schema: {
        operationId: 'reset',
        summary: 'Back to how it was at first, journal and faults included',
        tags,
        hide,
        response: { 204: empty('Reset'), ...failuresOf() },
      },
    },
    (request, reply) => {
      rehearsalOf(context, request).reset()
      return reply.code(204).send()
    },
  )

  // Twice, so that a test's last line can be either.
  for (const [method, operationId] of [
    ['GET', 'readCleanliness'],
    ['POST', 'assertClean'],
  ] as const) {
    app.route({
      method,
      url: `${base}/assert-clean`,
      schema: {
        operationId,
        summary: 'Is it as a test should leave it?',
        description:
          'Clean when no fault and no job rule is left that still changes something, every limited fault has fired as often as ' +
          'it was to, no job is running, and no request was unmatched. The /favicon.ico that browsers ask for does not count.',
        tags,
        hide,
        response: { 200: json('Whether, and what is left over', wire.Cleanliness), ...failuresOf() },
      },
      handler: request => rehearsalOf(context, request).assertClean(),
    })
  }

  app.get(
    `${base}/state`,
    {
      schema: {
        operationId: 'exportState',
        summary: 'All that the sandbox holds, its secrets included',
        tags,
        hide,
        response: { 200: json('The document', wire.StateDocument), ...failuresOf() },
      },
    },
    request => rehearsalOf(context, request).exportState(),
  )

  app.put(
    `${base}/state`,
    {
      schema: {
        operationId: 'importState',
        summary: 'Put a document in place of all that the sandbox holds',
        tags,
        hide,
        body: wire.StateDocument,
        response: { 204: empty('Imported'), ...failuresOf('BadRequest') },
      },
      bodyLimit: 64 * 1024 * 1024,
    },
    (request, reply) => {
      rehearsalOf(context, request).importState(request.body)
      return reply.code(204).send()
    },
  )

  app.get(
    `${base}/state/schema`,
    {
      schema: {
        operationId: 'stateSchema',
        summary: 'JSON Schema of state documents and fixtures',
        tags,
        hide,
        response: { 200: json('The schema', Type.Object({}, { additionalProperties: true })), ...failuresOf() },
      },
    },
    request => {
      requireSandbox(context, request)
      return documentSchema(apis)
    },
  )

  app.get(
    `${base}/snapshots`,
    {
      schema: {
        operationId: 'listSnapshots',
        summary: 'The snapshots, of all sandboxes',
        tags,
        hide,
        response: { 200: json('By name', wire.SnapshotList), ...failuresOf() },
      },
    },
    request => {
      requireSandbox(context, request)
      return registry.snapshots().map(name => ({ name }))
    },
  )

  app.post(
    `${base}/snapshots`,
    {
      schema: {
        operationId: 'takeSnapshot',
        summary: 'Keep all that the sandbox holds under a name',
        tags,
        hide,
        body: wire.Snapshot,
        response: { 201: json('Taken', wire.Snapshot), ...failuresOf('BadRequest') },
      },
    },
    (request, reply) => {
      rehearsalOf(context, request).snapshot(request.body.name)
      return reply.code(201).send({ name: request.body.name })
    },
  )

  app.post(
    `${base}/snapshots/:name/restore`,
    {
      schema: {
        operationId: 'restoreSnapshot',
        summary: 'Put a snapshot in place of all that the sandbox holds',
        tags,
        hide,
        params: SnapshotParams,
        response: { 204: empty('Restored'), ...failuresOf() },
      },
    },
    (request, reply) => {
      rehearsalOf(context, request).restore(request.params.name)
      return reply.code(204).send()
    },
  )

  app.delete(
    `${base}/snapshots/:name`,
    {
      schema: {
        operationId: 'dropSnapshot',
        summary: 'Forget a snapshot',
        tags,
        hide,
        params: SnapshotParams,
        response: { 204: empty('Forgotten'), ...failuresOf() },
      },
    },
    (request, reply) => {
      registry.dropSnapshot(request.params.name)
      return reply.code(204).send()
    },
  )
}
