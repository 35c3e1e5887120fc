// Implements the control operations that list, create and drop sandboxes, and list the scenarios to create them from.
import type * as wire from '../../../schemas/control.ts'
import { parseClock } from '../../option.ts'
import { isoInstant, parseInstant } from '../../sandbox/clock/clock.ts'
import type { History } from '../../sandbox/history/history.ts'
import type { Moment } from '../../sandbox/history/moments.ts'
import { Refusal } from '../../sandbox/refusal.ts'
import type { NewSandbox, Registry } from '../../sandbox/registry.ts'
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
  implement(rows.listScenarios, ({ registry }) => registry.scenarios().map(name => ({ name }))),
]

function sandboxView({ serverUrl, registry }: Context, name: string): wire.Sandbox {
  return { name, url: `${serverUrl}/@${name}`, history: historyView(registry.historyOf(name)) }
}

function historyView(history: History | undefined): wire.Sandbox['history'] {
  if (history?.earliest === undefined) return null
  const { earliest, requests, bytes } = history
  return { from: isoInstant(earliest), requests, sizeBytes: bytes }
}

/** Its plan of faults is not part of the initial state, like all faults: a reset removes it. Throws Refusal. */
export function createSandbox(server: ControlServer, request: wire.SandboxRequest, seed?: string): void {
  const { registry } = server
  const { name, from = 'fixture', clock, faultPlan, credentials } = request
  registry.create(name, {
    seed,
    ...beginningOf(registry, from, name),
    clock: clock === undefined ? undefined : clockOption(clock),
    ...(credentials && { credentials }),
  })
  if (faultPlan === undefined) return
  try {
    const sandbox = registry.get(name)
    armPlan(sandbox, faultPlan, server)
    sandbox.history?.note()
  } catch (error) {
    registry.drop(name)
    throw error
  }
}

function beginningOf(registry: Registry, from: NonNullable<wire.SandboxRequest['from']>, name: string): NewSandbox {
  if (typeof from === 'string') return { initialState: { from } }
  if ('scenario' in from) return { initialState: { from: 'scenario', name: from.scenario } }
  if ('snapshot' in from) return { initialState: { from: 'snapshot', name: from.snapshot } }
  const origin = registry.existing(from.sandbox)
  return registry.past(from.sandbox, momentOf(from.at, origin.settle()), name)
}

const REQUEST_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Throws Refusal. */
function momentOf(text: string, now: number): Moment {
  if (REQUEST_ID.test(text)) return { request: text.toLowerCase() }
  const instant = parseInstant(text, now)
  if (instant !== undefined) return { instant }
  throw new Refusal(
    'invalid',
    `at: "${text}" is neither the id of a request nor an instant; use an id of the journal, ISO 8601 with an offset, or -5m`,
  )
}

function clockOption(text: string) {
  try {
    return parseClock(text)
  } catch (cause) {
    throw new Refusal('invalid', `clock must be ${(cause as Error).message}, not "${text}"`, { cause })
  }
}
