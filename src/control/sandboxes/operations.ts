// Defines the control operations that list, create and drop sandboxes, and list the scenarios to create them from.
import { Type } from '@sinclair/typebox'
import * as wire from '../../../schemas/control.ts'
import { operation } from '../operation.ts'

const SandboxPath = Type.Object({ sandbox: Type.String() })

export const listSandboxes = operation({
  id: 'listSandboxes',
  capability: 'sandboxes',
  method: 'GET',
  path: '/sandboxes',
  scope: 'server',
  embedded: 'sandboxes.list',
  summary: 'List the sandboxes',
  outcome: 'By name',
  out: wire.SandboxList,
})

export const createSandbox = operation({
  id: 'createSandbox',
  capability: 'sandboxes',
  method: 'POST',
  path: '/sandboxes',
  scope: 'server',
  embedded: 'sandboxes.create',
  summary: 'Create a sandbox',
  in: { body: wire.SandboxRequest },
  outcome: 'The sandbox',
  out: wire.Sandbox,
  status: 201,
  errors: ['conflict', 'limit'],
})

export const dropSandbox = operation({
  id: 'dropSandbox',
  capability: 'sandboxes',
  method: 'DELETE',
  path: '/sandboxes/:sandbox',
  scope: 'server',
  embedded: 'sandboxes.drop',
  summary: 'Delete a sandbox and everything in it',
  in: { path: SandboxPath },
  outcome: 'Deleted',
  errors: ['conflict'],
})

export const listScenarios = operation({
  id: 'listScenarios',
  capability: 'sandboxes',
  method: 'GET',
  path: '/scenarios',
  scope: 'server',
  embedded: 'scenarios.list',
  summary: 'List the scenarios, with whose state a sandbox can be created',
  outcome: 'By name',
  out: wire.ScenarioList,
})
