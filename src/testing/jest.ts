// Test adapter for Jest: a test environment that gives each test its sandbox as the global `firedrill`.
import { TestEnvironment } from 'jest-environment-node'
import type { StartOptions } from '../index.ts'
import { lastRequests } from './journal.ts'
import { type OpenSandbox, type SandboxControl, sandboxes } from './sandbox.ts'

/** An event of the test runner. */
interface TestEvent {
  name: string
  test?: { name: string; errors?: readonly unknown[] }
}

/** By options. Each test file has its own environment; those in one process with the same options share a server. */
const servers = new Map<string, OpenSandbox>()

/**
 * The options of the server are `testEnvironmentOptions.firedrill`. The server runs here, outside the `vm` context of the tests,
 * in which native modules and ES modules do not load reliably.
 */
export default class FiredrillEnvironment extends TestEnvironment {
  readonly #open: OpenSandbox
  #sandbox: SandboxControl | undefined
  #drop = () => {}

  constructor(...given: ConstructorParameters<typeof TestEnvironment>) {
    super(...given)
    const { firedrill = {} } = given[0].projectConfig.testEnvironmentOptions
    this.#open = serverWith(firedrill as StartOptions)
    // Jest also makes a global of each option.
    this.#setGlobal(undefined)
  }

  async handleTestEvent({ name, test }: TestEvent): Promise<void> {
    if (name === 'test_start' && test) {
      const { sandbox, drop } = await this.#open(test.name)
      this.#setGlobal(sandbox)
      this.#sandbox = sandbox
      this.#drop = drop
    }
    const hasFailed = name === 'test_done' && (test?.errors ?? []).length > 0
    if (hasFailed && this.#sandbox) this.global.console.error(lastRequests(this.#sandbox).join('\n'))
    if (name === 'test_done' || name === 'test_skip' || name === 'test_todo') {
      this.#setGlobal(undefined)
      this.#sandbox = undefined
      this.#drop()
      this.#drop = () => {}
    }
  }

  #setGlobal(firedrill: SandboxControl | undefined): void {
    Object.assign(this.global, { firedrill })
  }
}

function serverWith(options: StartOptions): OpenSandbox {
  const key = JSON.stringify(options)
  const open = servers.get(key) ?? sandboxes(options)
  servers.set(key, open)
  return open
}
