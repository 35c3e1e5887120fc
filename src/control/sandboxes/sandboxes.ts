// Implements the control operations that list, create and drop sandboxes.
import type * as wire from '../../../schemas/control.ts'
import { parseClock } from '../../option.ts'
import { Refusal } from '../../sandbox/refusal.ts'
import { armPlan } from '../faults/plans.ts'
import { type Context, type ControlServer, type Implementation, implement } from '../invoke.ts'
import * as rows from './operations.ts'

export const sandboxImplementations: readonly Implementation[] = [
  implement(rows.listSandboxes, context => context.registry.names().map(name => sandboxView(context, name))),
  implement(rows.createSandbox, (context, { body }) => {
    createSandbox(context, body)
    return sandboxView(context, body.name)
  }),
  implement(rows.dropSandbox, ({ registry }, { path }) => registry.drop(path.sandbox)),
]

function sandboxView({ serverUrl }: Context, name: string): wire.Sandbox {
  return { name, url: `${serverUrl}/@${name}` }
}

/** Its plan of faults is not part of the initial state, like all faults: a reset removes it. Throws Refusal. */
export function createSandbox(server: ControlServer, request: wire.SandboxRequest, seed?: string): void {
  const { registry } = server
  const { name, from = 'fixture', clock, faultPlan, credentials } = request
  const initialState =
    typeof from === 'string'
      ? { from }
      : 'scenario' in from
        ? { from: 'scenario' as const, name: from.scenario }
        : { from: 'snapshot' as const, name: from.snapshot }
  registry.create(name, {
    initialState,
    clock: clock === undefined ? undefined : clockOption(clock),
    seed,
    ...(credentials && { credentials }),
  })
  if (faultPlan === undefined) return
  try {
    armPlan(registry.get(name), faultPlan, server)
  } catch (error) {
    registry.drop(name)
    throw error
  }
}

function clockOption(text: string) {
  try {
    return parseClock(text)
  } catch (cause) {
    throw new Refusal('invalid', `clock must be ${(cause as Error).message}, not "${text}"`, { cause })
  }
}
