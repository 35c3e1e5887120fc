// Makes the methods of the embedded API from the control operations.
import type { Context, Implementation } from './invoke.ts'
import { invoke } from './invoke.ts'
import type { CallOptions, Operation } from './operation.ts'
import { runAtOnce, type Steps } from './steps.ts'

/** Objects within objects, with a value for each path such as `clock.advance`. */
export interface Tree<Value> {
  [name: string]: Value | Tree<Value>
}

/** Sets the value at a path, making the objects on the way. */
export function setAt<Value>(root: Tree<Value>, path: string, value: Value): void {
  const names = path.split('.')
  const last = names.pop() as string
  let tree = root
  for (const name of names) {
    tree[name] ??= {}
    tree = tree[name] as Tree<Value>
  }
  tree[last] = value
}

/** An object with a method for each operation of the scope: `clock.advance` is `advance` of its `clock`. */
export function embeddedMethods(
  implementations: readonly Implementation[],
  scope: Operation['scope'],
  context: Context,
): object {
  const root: Tree<unknown> = {}
  for (const implementation of implementations) {
    const { operation } = implementation
    if (operation.scope === scope) setAt(root, operation.embedded, methodOf(implementation, context))
  }
  return root
}

function methodOf(implementation: Implementation, context: Context) {
  const { in: parts = {}, kind, async: isAsync } = implementation.operation
  const pathNames = Object.keys(parts.path?.properties ?? {})
  const last = parts.body ? 'body' : 'query'
  const method = (...args: unknown[]): unknown => {
    const path = Object.fromEntries(pathNames.map((name, index) => [name, args[index]]))
    const [input, options] = args.slice(pathNames.length)
    const { signal } = (options ?? {}) as CallOptions
    const result = invoke(implementation, signal ? { ...context, signal: () => signal } : context, {
      path,
      [last]: input,
    })
    if (implementation.inSteps) return runAtOnce(result as Steps<unknown>)
    return kind === 'events' ? (result as (listener: unknown) => () => void)(input) : result
  }
  // A promise rejects where other methods throw.
  return isAsync ? async (...args: unknown[]) => method(...args) : method
}
