// Test adapter for tap: `const { url, clock } = await firedrill(t)`.
import type { StartOptions } from '../index.ts'
import { type SandboxForTest, sandboxForTest } from './sandbox.ts'

/** The part of tap's test object that is used here. */
interface TapTest {
  readonly name: string
  teardown(end: () => void): unknown
  passing(): boolean
  comment(text: string): void
}

/** Like `firedrill`, on a server with these options. */
export function withOptions(options: StartOptions): SandboxForTest<TapTest> {
  return sandboxForTest(
    {
      nameOf: test => test.name,
      afterTest: (test, end) => void test.teardown(end),
      hasFailed: test => !test.passing(),
      print: (test, lines) => test.comment(lines.join('\n')),
    },
    options,
  )
}

export const firedrill = withOptions({})
