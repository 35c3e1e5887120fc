// Implements the control operations on plans of faults: arms, lists and disarms them as one thing.
import planRows from '../../../fixtures/plans.json' with { type: 'json' }
import type * as wire from '../../../schemas/control.ts'
import { isoInstant } from '../../sandbox/clock/clock.ts'
import { type FaultPlan, spansOf, stageAt, stagesProblem } from '../../sandbox/faults/plans.ts'
import { ownValue } from '../../sandbox/own.ts'
import { Refusal } from '../../sandbox/refusal.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import type { ControlServer } from '../invoke.ts'
import { readSharedRule } from './rules.ts'
import { faultView } from './views.ts'

const PLANS = planRows as Record<string, Omit<wire.FaultPlan, 'name'>>

/** The ready-made plans. */
export function readyMadePlans(): wire.FaultPlan[] {
  return Object.entries(PLANS).map(([name, plan]) => ({ name, ...plan }))
}

export function listPlans(sandbox: Sandbox): wire.ArmedFaultPlan[] {
  return sandbox.faults.plans.list().map(plan => planView(sandbox, plan))
}

/** Its stages start now. Throws Refusal, and then nothing has changed. */
export function armPlan(sandbox: Sandbox, choice: wire.FaultPlanChoice, server: ControlServer): wire.ArmedFaultPlan {
  const { name, stages } = readPlan(choice, server)
  const { faults, store } = sandbox
  const now = sandbox.settle()
  return planView(
    sandbox,
    store.transaction(() => faults.armPlan(name, stages, now)),
  )
}

/** The stages of a plan with their rules. Throws Refusal. */
export function readPlan(choice: wire.FaultPlanChoice, server: ControlServer) {
  const { name, stages = readyMadeStages(name) } = typeof choice === 'string' ? { name: choice } : choice
  const problem = stagesProblem(stages)
  if (problem !== undefined) throw new Refusal('invalid', problem)
  if (stages.every(({ faults = [] }) => faults.length === 0)) {
    throw new Refusal('invalid', 'at least one stage of a plan must have a fault')
  }
  return {
    name,
    stages: stages.map(({ from, faults = [] }) => ({
      from,
      rules: faults.map(fault => readSharedRule(fault, server, 'plan')),
    })),
  }
}

/** Throws Refusal when there is none. */
export function clearPlan({ store, faults }: Sandbox, id: string): void {
  if (!faults.plans.find(id)) throw new Refusal('missing', `there is no armed plan "${id}"`)
  store.transaction(() => faults.clearPlan(id))
}

function readyMadeStages(name: string): wire.FaultStage[] {
  const plan = ownValue(PLANS, name)
  if (plan) return plan.stages
  throw new Refusal('invalid', `there is no plan "${name}"; the plans are ${Object.keys(PLANS).join(', ')}`)
}

function planView(sandbox: Sandbox, plan: FaultPlan): wire.ArmedFaultPlan {
  const rules = sandbox.faults.list().filter(rule => rule.plan === plan.id)
  return {
    id: plan.id,
    name: plan.name,
    stage: stageAt(plan, sandbox.settle()) ?? null,
    stages: spansOf(plan).map(({ from }, index) => ({
      from: isoInstant(from),
      faults: rules.filter(({ stage }) => stage === index + 1).map(faultView),
    })),
  }
}
