// The door for Jest: a test environment, in which each test finds its sandbox as the global `firedrill`.
import { TestEnvironment } from 'jest-environment-node'
import type { StartOptions } from '../index.ts'
import { type OpenSandbox, type SandboxControl, sandboxes } from './sandbox.ts'

/** What the runner tells its environments. */
interface TestEvent {
  name: string
  test?: { name: string }
}

/** By options: each test file has an environment of its own, and all in a process share their server. */
const servers = new Map<string, OpenSandbox>()

/**
 * Tests run in a context of Node's `vm`, where neither native modules nor ES modules are at home; the server is started out
 * here. Its options are `testEnvironmentOptions.firedrill`.
 */
export default class FiredrillEnvironment extends TestEnvironment {
  readonly #open: OpenSandbox
  #drop = () => {}

  constructor(...given: ConstructorParameters<typeof TestEnvironment>) {
    super(...given)
    const { firedrill = {} } = given[0].projectConfig.testEnvironmentOptions
    this.#open = serverWith(firedrill as StartOptions)
    // Jest makes globals of all these options.
    this.#hand(undefined)
  }

  async handleTestEvent({ name, test }: TestEvent): Promise<void> {
    if (name === 'test_start' && test) {
      const { sandbox, drop } = await this.#open(test.name)
      this.#hand(sandbox)
      this.#drop = drop
    }
    if (name === 'test_done' || name === 'test_skip' || name === 'test_todo') {
      this.#hand(undefined)
      this.#drop()
      this.#drop = () => {}
    }
  }

  #hand(firedrill: SandboxControl | undefined): void {
    Object.assign(this.global, { firedrill })
  }
}

function serverWith(options: StartOptions): OpenSandbox {
  const key = JSON.stringify(options)
  const open = servers.get(key) ?? sandboxes(options)
  servers.set(key, open)
  return open
}
