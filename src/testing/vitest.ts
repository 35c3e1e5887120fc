// Test adapter for Vitest: `test('…', async t => { const { url, clock } = await firedrill(t) })`.
import type { StartOptions } from '../index.ts'
import { type SandboxForTest, sandboxForTest } from './sandbox.ts'

/** The part of Vitest's test context that is used here. */
interface VitestTest {
  readonly task: { readonly name: string; readonly result?: { readonly state: string } }
  onTestFinished(end: () => void): unknown
}

/** Like `firedrill`, on a server with these options. */
export function withOptions(options: StartOptions): SandboxForTest<VitestTest> {
  return sandboxForTest(
    {
      nameOf: ({ task }) => task.name,
      afterTest: (test, end) => void test.onTestFinished(end),
      hasFailed: ({ task }) => task.result?.state === 'fail',
      // Vitest shows it with the name of the test.
      print: (_, lines) => console.error(lines.join('\n')),
    },
    options,
  )
}

export const firedrill = withOptions({})
