// What the test adapters share: one server per process, and a sandbox for each test.
import { type Firedrill, type SandboxControl, type SandboxRequest, type StartOptions, start } from '../index.ts'
import { lastRequests } from './journal.ts'

export type { SandboxControl } from '../index.ts'

/** The initial state, clock and credentials of the test's sandbox. */
export type SandboxOptions = Omit<SandboxRequest, 'name'>

/** Creates a sandbox for the test, which is dropped after the test. */
export type SandboxForTest<Test> = (test: Test, sandboxOptions?: SandboxOptions) => Promise<SandboxControl>

/** What the adapters need of a test runner. */
export interface Runner<Test> {
  nameOf(test: Test): string
  /** Registers a function that the runner calls after the test, and that can tell whether it failed. */
  afterTest(test: Test, end: () => void): void
  hasFailed(test: Test): boolean
  print(test: Test, lines: readonly string[]): void
}

export function sandboxForTest<Test>(runner: Runner<Test>, options: StartOptions): SandboxForTest<Test> {
  const open = sandboxes(options)
  return async (test, sandboxOptions) => {
    const { sandbox, drop } = await open(runner.nameOf(test), sandboxOptions)
    runner.afterTest(test, () => {
      if (runner.hasFailed(test)) runner.print(test, lastRequests(sandbox))
      drop()
    })
    return sandbox
  }
}

export type OpenSandbox = (
  testName: string,
  sandboxOptions?: SandboxOptions,
) => Promise<{ sandbox: SandboxControl; drop: () => void }>

/** Creates sandboxes on one server, which starts with the first and runs until the process ends. Its clock is frozen by default. */
export function sandboxes(options: StartOptions): OpenSandbox {
  let starting: Promise<Firedrill> | undefined
  let count = 0
  return async (testName, sandboxOptions) => {
    starting ??= startUnref({ clock: 'frozen', ...options })
    const server = await starting
    count += 1
    const { name } = server.sandboxes.create({ ...sandboxOptions, name: nameFor(count, testName) })
    return { sandbox: server.sandbox(name), drop: () => server.sandboxes.drop(name) }
  }
}

/** A process with only this server left to wait for can end. */
async function startUnref(options: StartOptions): Promise<Firedrill> {
  const server = await start(options)
  server.unref()
  return server
}

/** A unique name that starts like the name of the test. */
function nameFor(count: number, testName: string): string {
  const words = testName.toLowerCase().replace(/[^a-z0-9]+/g, '-')
  return `${count}-${words}`.slice(0, 63).replace(/-+$/, '')
}
