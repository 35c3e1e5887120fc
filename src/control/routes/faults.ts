// The faults of a sandbox: armed, listed, disarmed, and what they can be made of.
import { Type } from '@sinclair/typebox'
import * as wire from '../../../schemas/control.ts'
import { empty, json } from '../../http/responses.ts'
import type { TypedApp } from '../../http/mount.ts'
import { type ControlContext, type Place, rehearsalOf, requireSandbox } from '../context.ts'
import { failuresOf } from '../errors.ts'

const FaultParams = Type.Object({ id: Type.String() })
const ProfileParams = Type.Object({ name: Type.String() })

export function faultRoutes(app: TypedApp, context: ControlContext, { base, hide }: Place): void {
  const tags = ['faults']
  const faults = (request: Parameters<typeof rehearsalOf>[1]) => rehearsalOf(context, request).faults

  app.get(
    `${base}/faults`,
    {
      schema: {
        operationId: 'listFaults',
        summary: 'The fault rules, used up ones included',
        tags,
        hide,
        response: { 200: json('In the order in which they were armed', wire.FaultList), ...failuresOf() },
      },
    },
    request => faults(request).list(),
  )

  app.post(
    `${base}/faults`,
    {
      schema: {
        operationId: 'armFault',
        summary: 'Have requests run into a fault',
        description:
          'Before anything else of a request is checked, the caller included. A request runs into one fault: that of the first ' +
          'rule that fires. `matched`, `hits` and `completed` prove what came of a rule.',
        tags,
        hide,
        body: wire.FaultRequest,
        response: { 201: json('The rule', wire.Fault), ...failuresOf('BadRequest') },
      },
      // Checked below, for every door in the same words.
      validatorCompiler: () => () => true,
    },
    (request, reply) => reply.code(201).send(faults(request).arm(request.body ?? {})),
  )

  app.delete(
    `${base}/faults`,
    {
      schema: {
        operationId: 'clearFaults',
        summary: 'Disarm all faults',
        description: 'The job rules that fault profiles added are removed, too; other job rules stay.',
        tags,
        hide,
        response: { 204: empty('Disarmed'), ...failuresOf() },
      },
    },
    (request, reply) => {
      faults(request).clear()
      return reply.code(204).send()
    },
  )

  app.get(
    `${base}/faults/:id`,
    {
      schema: {
        operationId: 'readFault',
        summary: 'One fault rule',
        tags,
        hide,
        params: FaultParams,
        response: { 200: json('The rule', wire.Fault), ...failuresOf() },
      },
    },
    request => faults(request).get(request.params.id),
  )

  app.delete(
    `${base}/faults/:id`,
    {
      schema: {
        operationId: 'disarmFault',
        summary: 'Disarm a fault',
        tags,
        hide,
        params: FaultParams,
        response: { 204: empty('Disarmed'), ...failuresOf() },
      },
    },
    (request, reply) => {
      faults(request).disarm(request.params.id)
      return reply.code(204).send()
    },
  )

  app.get(
    `${base}/faults/catalogue`,
    {
      schema: {
        operationId: 'faultCatalogue',
        summary: 'All that fault rules can be made of',
        tags,
        hide,
        response: { 200: json('The catalogue', wire.FaultCatalogue), ...failuresOf() },
      },
    },
    request => {
      requireSandbox(context, request)
      return faults(request).catalogue()
    },
  )

  app.get(
    `${base}/faults/profiles`,
    {
      schema: {
        operationId: 'listFaultProfiles',
        summary: 'The ready-made profiles',
        tags,
        hide,
        response: { 200: json('The profiles', wire.FaultProfileList), ...failuresOf() },
      },
    },
    request => {
      requireSandbox(context, request)
      return faults(request).profiles()
    },
  )

  app.post(
    `${base}/faults/profiles/:name`,
    {
      schema: {
        operationId: 'armFaultProfile',
        summary: 'Arm all that a profile is made of',
        description: 'DELETE /__admin/faults ends all of it: its faults and its job rules.',
        tags,
        hide,
        params: ProfileParams,
        response: { 201: json('What is armed', wire.ArmedProfile), ...failuresOf() },
      },
    },
    (request, reply) => reply.code(201).send(faults(request).armProfile(request.params.name)),
  )
}
