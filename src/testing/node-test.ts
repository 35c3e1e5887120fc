// Test adapter for node:test: `const { url, clock } = await firedrill(t)`.
import type { StartOptions } from '../index.ts'
import { type SandboxForTest, sandboxForTest } from './sandbox.ts'

/** The part of node:test's test context that is used here. */
interface NodeTest {
  readonly name: string
  after(end: () => void): unknown
  /** Why it failed. */
  readonly error?: unknown
  diagnostic(message: string): void
}

/** Like `firedrill`, on a server with these options. */
export function withOptions(options: StartOptions): SandboxForTest<NodeTest> {
  return sandboxForTest(
    {
      nameOf: test => test.name,
      afterTest: (test, end) => void test.after(end),
      hasFailed: ({ error }) => error !== null && error !== undefined,
      print: (test, lines) => {
        for (const line of lines) test.diagnostic(line)
      },
    },
    options,
  )
}

export const firedrill = withOptions({})
