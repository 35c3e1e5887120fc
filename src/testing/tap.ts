// Test adapter for tap: `const { url, clock } = await firedrill(t)`.
import type { StartOptions } from '../index.ts'
import { type SandboxForTest, sandboxForTest } from './sandbox.ts'

/** The part of tap's test object that is used here. */
interface TapTest {
  readonly name: string
  teardown(drop: () => void): unknown
}

/** Like `firedrill`, on a server with these options. */
export function withOptions(options: StartOptions): SandboxForTest<TapTest> {
  return sandboxForTest(
    test => test.name,
    (test, drop) => void test.teardown(drop),
    options,
  )
}

export const firedrill = withOptions({})
