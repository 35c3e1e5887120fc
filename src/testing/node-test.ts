// Test adapter for node:test: `const { url, clock } = await firedrill(t)`.
import type { StartOptions } from '../index.ts'
import { type SandboxForTest, sandboxForTest } from './sandbox.ts'

/** The part of node:test's test context that is used here. */
interface NodeTest {
  readonly name: string
  after(drop: () => void): unknown
}

/** Like `firedrill`, on a server with these options. */
export function withOptions(options: StartOptions): SandboxForTest<NodeTest> {
  return sandboxForTest(
    test => test.name,
    (test, drop) => void test.after(drop),
    options,
  )
}

export const firedrill = withOptions({})
