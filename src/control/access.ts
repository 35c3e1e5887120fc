// How control operations reach their sandbox: what reads it needs it to exist, what changes it creates it.
import type { Registry } from '../sandbox/registry.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'

/** Both look the sandbox up anew and bring it up to date: reset and import replace the object. */
export interface SandboxAccess {
  /** Throws Refusal when there is none. */
  find(): Sandbox
  /** Creates the sandbox when there is none. When `work` throws, the sandbox that was created for it is dropped. */
  change<T>(work: (sandbox: Sandbox) => T): T
}

export function accessTo(registry: Registry, name: string): SandboxAccess {
  return {
    find() {
      const sandbox = registry.existing(name)
      sandbox.settle()
      return sandbox
    },
    change: work =>
      registry.change(name, sandbox => {
        sandbox.settle()
        return work(sandbox)
      }),
  }
}
