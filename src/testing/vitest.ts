// Test adapter for Vitest: `test('…', async t => { const { url, clock } = await firedrill(t) })`.
import type { StartOptions } from '../index.ts'
import { type SandboxForTest, sandboxForTest } from './sandbox.ts'

/** The part of Vitest's test context that is used here. */
interface VitestTest {
  readonly task: { readonly name: string }
  onTestFinished(drop: () => void): unknown
}

/** Like `firedrill`, on a server with these options. */
export function withOptions(options: StartOptions): SandboxForTest<VitestTest> {
  return sandboxForTest(
    test => test.task.name,
    (test, drop) => void test.onTestFinished(drop),
    options,
  )
}

export const firedrill = withOptions({})
