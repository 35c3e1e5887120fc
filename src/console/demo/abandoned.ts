// Which demos this browser has started, and which of them no tab shows any more: a closed tab cannot delete its sandbox.

const STORED = 'firedrill-demos'

const lockOf = (sandbox: string) => `firedrill-demo:${sandbox}`

/** Undefined on a page that is not secure (plain HTTP from another machine): then nothing counts as abandoned. */
const locks = (navigator as Partial<Navigator>).locks

/** Says to other tabs that this one shows the sandbox, until the tab is closed or the returned function is called. */
export function markAsShown(sandbox: string): () => void {
  const shown = Promise.withResolvers<void>()
  void locks?.request(lockOf(sandbox), { mode: 'shared' }, () => shown.promise)
  return shown.resolve
}

/** Those of the sandboxes that demos in this browser have started, and that no tab shows. */
export async function listAbandoned(sandboxes: readonly string[]): Promise<string[]> {
  if (!locks) return []
  const { held = [] } = await locks.query()
  const shown = new Set(held.map(({ name }) => name))
  const started = new Set(storedNames())
  return sandboxes.filter(sandbox => started.has(sandbox) && !shown.has(lockOf(sandbox)))
}

/** `sandboxes`: those of the server; the others need not be remembered any more. */
export function remember(sandbox: string, sandboxes: readonly string[]): void {
  const names = storedNames().filter(name => sandboxes.includes(name))
  localStorage.setItem(STORED, [...names, sandbox].join(' '))
}

function storedNames(): string[] {
  return localStorage.getItem(STORED)?.split(' ') ?? []
}
