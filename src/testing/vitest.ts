// The door for Vitest: `test('…', async t => { const { url, clock } = await firedrill(t) })`.
import type { StartOptions } from '../index.ts'
import { type Door, doorFor } from './sandbox.ts'

/** What Vitest hands to a test. */
interface VitestTest {
  readonly task: { readonly name: string }
  onTestFinished(drop: () => void): unknown
}

/** As `firedrill`, on a server with these options. */
export function withOptions(options: StartOptions): Door<VitestTest> {
  return doorFor(
    test => test.task.name,
    (test, drop) => void test.onTestFinished(drop),
    options,
  )
}

export const firedrill = withOptions({})
