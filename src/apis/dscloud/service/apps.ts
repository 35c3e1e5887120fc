// dscloud: the apps of an account. Synchronous; throws from the catalogue.
import type { Scope } from '../../../http/scope.ts'
import type { Sandbox } from '../../../sandbox/sandbox.ts'
import { FixtureError } from '../../../sandbox/tables.ts'
import { catalogue } from '../errors.ts'
import * as state from '../state.ts'

/** The account that sent the request. */
export function accountOf({ principal }: Scope): state.Account {
  return principal as state.Account
}

/** The app, which must belong to the account. Throws APP_NOT_FOUND. */
export function requireApp(scope: Scope, appId: string): state.App {
  const app = state.findApp(scope.sandbox.store, appId)
  if (app?.accountId !== accountOf(scope).accountId) throw catalogue.error('APP_NOT_FOUND')
  return app
}

export interface AccountView {
  account: state.Account
  plan: state.Plan
  apps: state.App[]
}

export function getAccount(scope: Scope): AccountView {
  const { store } = scope.sandbox
  const account = accountOf(scope)
  return { account, plan: planOf(scope.sandbox, account), apps: state.listApps(store, account.accountId) }
}

/** `checkPlans` ensures that it exists. */
export function planOf({ store }: Sandbox, account: state.Account): state.Plan {
  const plan = state.findPlan(store, account.plan)
  if (!plan) throw new RangeError(`no plan ${account.plan}`)
  return plan
}

/** Throws FixtureError. */
export function checkPlans({ store }: Sandbox): void {
  const account = state.findAccountWithoutPlan(store)
  if (!account) return
  throw new FixtureError(
    `dscloud: accounts: ${account.accountId} has the plan "${account.plan}", which plans does not list`,
  )
}
