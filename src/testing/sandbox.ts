// What the doors for test runners share: a server per process, and a sandbox per test.
import { type Firedrill, type SandboxControl, type SandboxRequest, type StartOptions, start } from '../index.ts'

export type { SandboxControl } from '../index.ts'

/** What the test's sandbox begins with. */
export type Beginning = Omit<SandboxRequest, 'name'>

/** Gives the test a sandbox of its own, dropped when the test has ended. */
export type Door<Test> = (test: Test, beginning?: Beginning) => Promise<SandboxControl>

/** `whenEnded` has the runner call back after the test. */
export function doorFor<Test>(
  nameOf: (test: Test) => string,
  whenEnded: (test: Test, drop: () => void) => void,
  options: StartOptions,
): Door<Test> {
  const open = sandboxes(options)
  return async (test, beginning) => {
    const { sandbox, drop } = await open(nameOf(test), beginning)
    whenEnded(test, drop)
    return sandbox
  }
}

export type OpenSandbox = (
  test: string,
  beginning?: Beginning,
) => Promise<{ sandbox: SandboxControl; drop: () => void }>

/** On one server, from the first sandbox to the end of the process. Its time stands still unless the options say otherwise. */
export function sandboxes(options: StartOptions): OpenSandbox {
  let starting: Promise<Firedrill> | undefined
  let count = 0
  return async (test, beginning) => {
    starting ??= startUnref({ clock: 'frozen', ...options })
    const server = await starting
    count += 1
    const { name } = server.sandboxes.create({ ...beginning, name: nameFor(count, test) })
    return { sandbox: server.sandbox(name), drop: () => server.sandboxes.drop(name) }
  }
}

/** Runners end when nothing is left to wait for; the server is not to be waited for. */
async function startUnref(options: StartOptions): Promise<Firedrill> {
  const server = await start(options)
  server.unref()
  return server
}

/** Unlike any other on the server, and still telling which test it is of. */
function nameFor(count: number, test: string): string {
  const words = test.toLowerCase().replace(/[^a-z0-9]+/g, '-')
  return `${count}-${words}`.slice(0, 63).replace(/-+$/, '')
}
